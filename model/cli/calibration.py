"""``python -m model calibration``: whether the network's probabilities mean what they say."""

import argparse
from typing import Any

from model.cli.figures import add_data, add_split, load_for_split, write_figures
from model.evaluation.verdicts.calibration import reliability
from model.evaluation.verdicts.scoring import score
from model.gtzan.pictures import load_pictures
from model.gtzan.splits import read_split
from model.training.temperature import fit_temperature

_SEED = 0


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "calibration", help="hold the probabilities against how often they are right"
    )
    add_data(parser)
    add_split(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Measure the calibration before and after a temperature fitted on validation tracks.

    Both start from the raw scores, whatever temperature the model's card holds.

    Raises
    ------
    ValueError
        If the model learned from these tracks, or the temperature would be judged on those
        it was fitted on.
    OSError
        If the data are not there.
    """
    fitted_on = f"{arguments.split.partition('_')[0]}_valid"
    if arguments.split == fitted_on:
        raise ValueError(f"The temperature is fitted on {fitted_on}. Choose another --split.")
    classifier, names = load_for_split(arguments)
    pictures = load_pictures(arguments.data)
    valid = score(classifier, pictures.of(read_split(arguments.data, fitted_on)))
    scores = score(classifier, pictures.of(names))
    temperature = fit_temperature(valid.logits, valid.labels)
    before = reliability(scores.logits, scores.labels, seed=_SEED)
    after = reliability(scores.logits, scores.labels, temperature, seed=_SEED)
    print(f"{classifier.name} on {arguments.split}: {len(names)} tracks")
    print(f"temperature {temperature:.3f}, fitted on {fitted_on} ({len(valid.labels)} tracks)")
    for words, figures in (("raw scores", before), ("with temperature", after)):
        print(
            f"{words:17} expected calibration error {figures['ece']:.3f} "
            f"(chance alone {figures['ece_by_chance']:.3f}), "
            f"negative log-likelihood {figures['nll']:.3f}"
        )
    write_figures(
        arguments,
        f"calibration --split {arguments.split}",
        {
            "split": arguments.split,
            "n": len(names),
            "fitted_on": fitted_on,
            "temperature": temperature,
            "before": before,
            "after": after,
            "seed": _SEED,
        },
        classifier,
    )
