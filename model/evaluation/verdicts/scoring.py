"""A model's verdicts on many tracks: on their sound where there is some, else on their picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.analysis import analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.constants import SAMPLE_RATE
from model.gtzan.clips import FULL_LENGTH_SECONDS
from model.gtzan.labelled_songs import gtzan_songs, read_sound
from model.gtzan.pictures import Pictures
from model.networks.classifier import Classifier, softmax
from model.types import Float32

# How a track was judged: by the app's own path from 30 s of sound; by its picture and, by the
# ear, from a shorter piece of its sound; by its picture alone.
WHOLE: Final = "whole"
PIECE: Final = "piece"
PICTURE: Final = "picture"


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
    kinds : tuple of str
        How each track was judged: WHOLE, PIECE or PICTURE; empty where only pictures were.
    """

    names: tuple[str, ...]
    labels: npt.NDArray[np.int64]
    classes: tuple[str, ...]
    logits: Float32
    probabilities: Float32
    kinds: tuple[str, ...] = ()

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


def sounds_of(folder: Path, names: Iterable[str]) -> dict[str, Path]:
    """Find the longest file with sound of each of GTZAN's tracks that has any, by name."""
    return {song.name: song.files[0] for song in gtzan_songs(folder, set(names))}


def score(
    classifier: Classifier, tracks: Pictures, sounds: Mapping[str, Path] | None = None
) -> Scores:
    """Score every track.

    Parameters
    ----------
    classifier : Classifier
        The model.
    tracks : Pictures
        The tracks.
    sounds : mapping of str to Path, optional
        Files with sound, by track; without them the pictures alone are looked at.

    Returns
    -------
    Scores
        In the order of the tracks. Scores of a picture alone are brought to the scale of the
        scores of sound, so that one temperature fits both.
    """
    if not sounds or classifier.ear is None:
        levels = (tracks.levels(index) for index in range(len(tracks)))
        logits, probabilities = predict_each(classifier, levels)
        return Scores(tracks.names, tracks.labels, classifier.genres, logits, probabilities)
    found = [
        _judged(classifier, tracks.levels(index), sounds.get(name))
        for index, name in enumerate(tracks.names)
    ]
    logits = np.stack([each for each, _ in found])
    return Scores(
        tracks.names,
        tracks.labels,
        classifier.genres,
        logits,
        softmax(logits, classifier.temperature),
        tuple(kind for _, kind in found),
    )


def _judged(classifier: Classifier, picture: Float32, path: Path | None) -> tuple[Float32, str]:
    """Score one track by what there is of it."""
    if path is not None:
        sound = read_sound(path)
        if len(sound) / SAMPLE_RATE >= FULL_LENGTH_SECONDS:
            clip = decode(path.read_bytes(), path.name)
            return analyse(prepare(clip), classifier).prediction.logits, WHOLE
    seen = classifier.predict(picture).logits
    if path is not None and classifier.ear is not None:
        return seen + classifier.ear.scores(sound), PIECE
    alone = (classifier.eyes or classifier).temperature
    return seen * np.float32(classifier.temperature / alone), PICTURE


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
