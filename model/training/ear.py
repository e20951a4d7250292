"""Train the ear: on the songs of GTZAN that have sound, and on songs from outside.

::

    python -m model.training.ear --protocol random --data PATH/TO/GTZAN --songs PATH/TO/SONGS
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax

from model.constants import GENRES
from model.gtzan.labelled_songs import LabelledSong
from model.training.ear_features import HeardSongs
from model.types import Float32, Float64

_ITERATIONS: Final = 200
_LEAST_SPREAD: Final = 1e-2


@dataclass(frozen=True)
class EarRecipe:
    """How the dense layer is fitted.

    Attributes
    ----------
    penalty : float
        Of the squared weights on standardised answers.
    label_smoothing : float
        Share of the target spread over all classes.
    versions : int
        Other versions of every song.
    version_share : float
        How much of a song's weight they have together.
    """

    penalty: float = 0.1
    label_smoothing: float = 0.0
    versions: int = 1
    version_share: float = 0.3


def balanced_weights(songs: Sequence[LabelledSong], origins: Sequence[str]) -> Float64:
    """Weigh songs so that every genre counts alike, and no artist or source too much.

    Within a genre the songs of one origin count together as the square root of their number,
    within an origin those of one artist or source likewise.

    Parameters
    ----------
    songs : sequence of LabelledSong
        The training songs.
    origins : sequence of str
        The data set of each.

    Returns
    -------
    ndarray of float64, shape (songs,)
        With sum 1.
    """
    groups: dict[tuple[int, str, str], list[int]] = {}
    for index, (song, origin) in enumerate(zip(songs, origins, strict=True)):
        groups.setdefault((song.label, origin, song.group), []).append(index)
    weights = np.zeros(len(songs))
    for members in groups.values():
        weights[members] = len(members) ** -0.5
    labels, places = np.array([song.label for song in songs]), np.array(origins)
    for label in np.unique(labels):
        for place in np.unique(places):
            there = (labels == label) & (places == place)
            if there.any():
                weights[there] *= there.sum() ** 0.5 / weights[there].sum()
        weights[labels == label] /= weights[labels == label].sum()
    balanced: Float64 = weights / weights.sum()
    return balanced


def fit_dense(
    answers: Float32, labels: npt.NDArray[np.int64], weights: Float64, recipe: EarRecipe
) -> tuple[Float32, Float32]:
    """Fit the dense layer: penalised multinomial logistic regression.

    Parameters
    ----------
    answers : ndarray of float32, shape (examples, channels)
        Mean answers.
    labels : ndarray of int64, shape (examples,)
        Their genres.
    weights : ndarray of float64, shape (examples,)
        How much each counts.
    recipe : EarRecipe
        How.

    Returns
    -------
    kernel : ndarray of float32, shape (channels, classes)
        For the answers as they are: the standardisation is folded in.
    bias : ndarray of float32, shape (classes,)
        Likewise.
    """
    share = weights / weights.sum()
    mean = share @ answers
    spread = np.maximum(np.sqrt(share @ np.square(answers - mean)), _LEAST_SPREAD)
    standard = ((answers - mean) / spread).astype(np.float32)
    smooth = recipe.label_smoothing
    wanted = np.eye(len(GENRES))[labels] * (1 - smooth) + smooth / len(GENRES)
    channels, classes = answers.shape[1], len(GENRES)

    def loss(flat: Float64) -> tuple[float, Float64]:
        kernel, bias = np.split(flat, [channels * classes])
        kernel = kernel.reshape(channels, classes)
        scores = log_softmax(standard @ kernel.astype(np.float32) + bias, axis=1)
        value = -(share[:, np.newaxis] * wanted * scores).sum()
        value += 0.5 * recipe.penalty * np.square(kernel).sum()
        error = (np.exp(scores) - wanted) * share[:, np.newaxis]
        by_kernel = standard.T @ error.astype(np.float32) + recipe.penalty * kernel
        return float(value), np.concatenate([by_kernel.ravel(), error.sum(axis=0)])

    start = np.zeros(channels * classes + classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS}).x
    kernel = found[:-classes].reshape(channels, classes) / spread[:, np.newaxis]
    bias = found[-classes:] - mean @ kernel
    return kernel.astype(np.float32), bias.astype(np.float32)


def examples(
    versions: Sequence[HeardSongs],
    songs: Sequence[LabelledSong],
    weights: Float64,
    version_share: float = 0.5,
) -> tuple[Float32, npt.NDArray[np.int64], Float64]:
    """Put the songs and their versions together.

    Parameters
    ----------
    versions : sequence of HeardSongs
        The songs as they are, then in other versions.
    songs : sequence of LabelledSong
        The songs.
    weights : ndarray of float64, shape (songs,)
        How much each counts.
    version_share : float
        As in `EarRecipe`.

    Returns
    -------
    answers : ndarray of float32, shape (examples, channels)
        Of all excerpts in all versions.
    labels : ndarray of int64, shape (examples,)
        Their genres.
    weights : ndarray of float64, shape (examples,)
        A song's weight is shared by its excerpts as they are and its other versions.
    """
    labels = np.array([song.label for song in songs], np.int64)
    others = len(versions) - 1
    share = version_share if others else 0.0
    parts = [1.0 - share] + [share / max(1, others)] * others
    answers, targets, shares = [], [], []
    for heard, part in zip(versions, parts, strict=True):
        counts = np.bincount(heard.song, minlength=len(songs))
        answers.append(heard.answers)
        targets.append(labels[heard.song])
        shares.append(part * weights[heard.song] / counts[heard.song])
    return np.concatenate(answers), np.concatenate(targets), np.concatenate(shares)


def mean_scores(heard: HeardSongs, kernel: Float32, bias: Float32) -> Float32:
    """Score songs: the mean of the scores of their excerpts, (songs, classes)."""
    scores = heard.answers @ kernel + bias
    sums = np.zeros((heard.song.max() + 1, scores.shape[1]), np.float32)
    np.add.at(sums, heard.song, scores)
    counts = np.bincount(heard.song)[:, np.newaxis]
    return (sums / counts).astype(np.float32)


def recall_by_genre(scores: Float32, labels: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Compute the share of right verdicts, and its mean over the genres that are there."""
    right = scores.argmax(axis=1) == labels
    return float(right.mean()), float(
        np.mean([right[labels == label].mean() for label in np.unique(labels)])
    )
