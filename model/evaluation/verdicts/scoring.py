"""A model's verdicts on many tracks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from model.gtzan.pictures import Pictures
from model.networks.classifier import Classifier
from model.types import Float32


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of a model on labelled tracks.

    Attributes
    ----------
    names : tuple of str
        Of the tracks.
    labels : ndarray of int64, shape (tracks,)
        True classes, as indices into `classes`.
    classes : tuple of str
        Names of the classes.
    logits, probabilities : ndarray of float32, shape (tracks, classes)
        Before the softmax, and behind it with the model's own temperature.
    """

    names: tuple[str, ...]
    labels: npt.NDArray[np.int64]
    classes: tuple[str, ...]
    logits: Float32
    probabilities: Float32

    @property
    def verdicts(self) -> npt.NDArray[np.int64]:
        """The most probable class of every track, (tracks,)."""
        return self.logits.argmax(axis=1)

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Whether the verdict is the true class, (tracks,)."""
        return self.verdicts == self.labels

    def as_json(self) -> list[dict[str, Any]]:
        """Return every track's verdict as plain values."""
        return [
            {
                "name": name,
                "genre": self.classes[label],
                "verdict": self.classes[verdict],
                "probability": round(float(row[verdict]), 4),
                "probability_of_genre": round(float(row[label]), 4),
            }
            for name, label, verdict, row in zip(
                self.names, self.labels, self.verdicts, self.probabilities, strict=True
            )
        ]


def score(classifier: Classifier, tracks: Pictures) -> Scores:
    """Score every track.

    Parameters
    ----------
    classifier : Classifier
        The model.
    tracks : Pictures
        The tracks.

    Returns
    -------
    Scores
        In the order of the tracks.
    """
    levels = (tracks.levels(index) for index in range(len(tracks)))
    logits, probabilities = predict_each(classifier, levels)
    return Scores(tracks.names, tracks.labels, classifier.genres, logits, probabilities)


def predict_each(classifier: Classifier, levels: Iterable[Float32]) -> tuple[Float32, Float32]:
    """Run a model on one spectrogram after the other, keeping no feature maps.

    Parameters
    ----------
    classifier : Classifier
        The model.
    levels : iterable of ndarray of float32, shape (N_MELS, frames)
        In dB below each one's maximum, of any lengths from 3 s.

    Returns
    -------
    logits, probabilities : ndarray of float32, shape (spectrograms, classes)
        In the same order.
    """
    answers = [(p.logits, p.probabilities) for p in map(classifier.predict, levels)]
    logits, probabilities = zip(*answers, strict=True)
    return np.stack(logits), np.stack(probabilities)
