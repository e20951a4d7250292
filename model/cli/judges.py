"""``python -m model judges``: whether other networks hear in the kept sound what it is kept for."""

import argparse
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.audio.song_statistics import song_statistics
from model.audio.spectrogram import log_mel
from model.cli.arguments import SECONDS, SEED, quick_methods, tracks
from model.cli.command import Figures, Measurement
from model.cli.compare import RUNS
from model.cli.track_sounds import hear_tracks
from model.evaluation.maps.judges import Hearing, Judge, evidence_of, judges_of
from model.evaluation.verdicts.contenders import CONTENDERS
from model.evaluation.verdicts.runs import find_runs
from model.networks.classifier import Classifier, softmax
from model.second_opinion import load_statistics_classifier
from model.types import Float32

METHODS = ("listenable", "fine", "regions", "cam", "lead")
# Recipes of networks that share no layer with the app's: for the comparison, so none ships.
STRANGERS: Final = {
    "imagenet": "The network that began with photographs",
    "vanilla": "The network from random weights",
}


def _statistics(waveform: Float32) -> Float32:
    return load_statistics_classifier().judge(song_statistics(waveform)).probabilities


def _on_pictures(network: Any, temperature: float, waveform: Float32) -> Float32:
    levels = log_mel(waveform)[np.newaxis, ..., np.newaxis]
    return softmax(np.asarray(network.predict_on_batch(levels), np.float32)[0], temperature)


def trained_judges(runs: Path, protocol: str) -> list[Judge]:
    """Load the first training of every recipe that shares nothing with the app's network.

    Parameters
    ----------
    runs : Path
        Folder of trainings, as `model.training` names them.
    protocol : str
        "random" or "filtered".

    Returns
    -------
    list of Judge
        Without those recipes of which there is no finished training.
    """
    from model.networks.loading import load_network  # noqa: PLC0415  # Keras takes seconds to import

    judges = []
    for recipe, label in STRANGERS.items():
        found = find_runs(runs, recipe, protocol)
        if found:
            network = load_network(found[0].weights)
            ask = partial(_on_pictures, network, found[0].temperature)
            judges.append(Judge(recipe, label, ask, slow=True))
        else:
            contender = next(each for each in CONTENDERS if each.key == recipe)
            print(contender.missing(runs, protocol, seeds=(0,)))
    return judges


def as_text(figures: dict[str, Any]) -> str:
    """Write one line for every judge, map, shape and bed."""
    lines = []
    for row in figures["rows"]:
        line = f"{row['judge']:11}{row['evidence']:15}{row['shape']:15}{row['bed']:8}"
        line += f"{100 * row['map']['alike']['value']:6.1f} %"
        if "null" in row:
            line += f"{100 * row['null']['alike']['value']:6.1f} % by chance"
            line += f", p {row['paired']['chance']:.3f}"
            drops = (row[side]["drop"]["value"] for side in ("map", "null"))
            line += "; drop {:5.1f} and {:5.1f} %".format(*drops)
        lines.append(line)
    return "\n".join(lines)


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Let every judge hear what every map keeps, and its null."""
    trained = trained_judges(arguments.runs, arguments.split.partition("_")[0])
    hearing = Hearing(
        (*judges_of(classifier, _statistics), *trained),
        evidence_of(classifier, arguments.methods),
        arguments.seed,
    )
    hear_tracks(arguments, names, hearing.hear)
    figures = {"seconds": arguments.seconds, **hearing.results()}
    print(as_text(figures))
    return figures


COMMAND = Measurement(measure, options=(tracks(100), SECONDS, SEED, RUNS, quick_methods(METHODS)))
