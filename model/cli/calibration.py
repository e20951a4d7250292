"""``python -m model calibration``: whether the network's probabilities mean what they say."""

import argparse

from model.cli.command import Figures, Measurement
from model.evaluation.verdicts.calibration import reliability
from model.evaluation.verdicts.scoring import score
from model.gtzan.pictures import load_pictures
from model.gtzan.splits import read_split
from model.networks.classifier import Classifier
from model.training.temperature import fit_temperature

_SEED = 0


def _fitted_on(arguments: argparse.Namespace) -> str:
    return f"{arguments.split.partition('_')[0]}_valid"


def _check(arguments: argparse.Namespace) -> None:
    if arguments.split == _fitted_on(arguments):
        raise ValueError(f"The temperature is fitted on {arguments.split}. Choose another --split.")


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Measure the calibration before and after a temperature fitted on validation tracks.

    Both start from the raw scores, whatever temperature the model's card holds.
    """
    fitted_on = _fitted_on(arguments)
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
    return {
        "n": len(names),
        "fitted_on": fitted_on,
        "temperature": temperature,
        "before": before,
        "after": after,
        "seed": _SEED,
    }


COMMAND = Measurement(measure, check=_check)
