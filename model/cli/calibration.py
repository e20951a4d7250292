"""``python -m model calibration``: whether the network's probabilities mean what they say."""

import argparse
from typing import Any

import numpy as np

from model.cli.command import Figures, Measurement
from model.evaluation.verdicts.calibration import reliability
from model.evaluation.verdicts.scoring import score, sounds_of
from model.evaluation.verdicts.songs import judge_songs
from model.gtzan.labelled_songs import LabelledSong
from model.gtzan.pictures import load_pictures
from model.networks.classifier import Classifier

_SEED = 0


def _fitted_on(arguments: argparse.Namespace) -> str:
    return f"{arguments.split.partition('_')[0]}_valid"


def _check(arguments: argparse.Namespace) -> None:
    if arguments.split == _fitted_on(arguments):
        raise ValueError(f"The temperature is fitted on {arguments.split}. Choose another --split.")


def _printed(words: str, figures: dict[str, Any]) -> dict[str, Any]:
    print(
        f"{words:17} expected calibration error {figures['ece']:.3f} "
        f"(chance alone {figures['ece_by_chance']:.3f}), "
        f"negative log-likelihood {figures['nll']:.3f}"
    )
    return figures


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Measure the calibration of the raw scores, and with the temperature on the model's card."""
    fitted_on, temperature = _fitted_on(arguments), classifier.temperature
    scores = score(
        classifier, load_pictures(arguments.data).of(names), sounds_of(arguments.data, names)
    )
    print(f"{classifier.name} on {arguments.split}: {len(names)} tracks")
    print(f"temperature {temperature:.3f}, fitted on {fitted_on}")
    before = reliability(scores.logits, scores.labels, seed=_SEED)
    after = reliability(scores.logits, scores.labels, temperature, seed=_SEED)
    return {
        "n": len(names),
        "fitted_on": fitted_on,
        "temperature": temperature,
        "before": _printed("raw scores", before),
        "after": _printed("with temperature", after),
        "seed": _SEED,
    }


def measure_songs(classifier: Classifier, songs: list[LabelledSong]) -> Figures:
    """Measure on songs that are not GTZAN's: their mean probabilities, as the app's."""
    judged = judge_songs(songs, classifier)
    labels = np.array([classifier.genres.index(song.genre) for song in judged.songs], np.int64)
    print(f"{classifier.name} on {len(labels)} songs")
    shown = reliability(np.log(judged.probabilities), labels, seed=_SEED)
    return {"n": len(labels), "after": _printed("as the app shows", shown), "seed": _SEED}


COMMAND = Measurement(measure, check=_check, on_songs=measure_songs)
