"""``python -m model calibration``: whether the network's probabilities mean what they say."""

import argparse
from typing import Any

import numpy as np

from model.cli.command import Figures, Measurement
from model.cli.figures import judge_other_songs, write_figures
from model.evaluation.verdicts.calibration import reliability
from model.evaluation.verdicts.scoring import score, sounds_of
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


class Calibration(Measurement):
    """The same command for GTZAN and for songs that are not GTZAN's."""

    def run(self, arguments: argparse.Namespace) -> None:
        """Measure on a split of GTZAN, or on songs: their mean probabilities, as the app's.

        Parameters
        ----------
        arguments : argparse.Namespace
            Of the command line.

        Raises
        ------
        ValueError
            If the network learned from these tracks or songs, or none can be heard.
        OSError
            If the data are not there.
        """
        found = judge_other_songs(arguments)
        if found is None:
            super().run(arguments)
            return
        classifier, judged = found
        labels = np.array([classifier.genres.index(song.genre) for song in judged.songs], np.int64)
        print(f"{classifier.name} on {len(labels)} songs")
        shown = reliability(np.log(judged.probabilities), labels, seed=_SEED)
        figures = {"n": len(labels), "after": _printed("as the app shows", shown), "seed": _SEED}
        write_figures(arguments, "calibration", figures, classifier, "PATH/TO/SONGS")


COMMAND = Calibration(measure, check=_check)
