"""Measures of single filters: functions from their answers to figures.

The measures need no annotation of parts, after Q. Zhang et al., CVPR 2018, arXiv 1710.00935, and,
for the mutual information of filter and class, H. Liang et al., ECCV 2020, arXiv 2007.08194.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from model.evaluation.filters.answers import BANDS_A_ROW, COLUMNS, SECONDS_A_COLUMN, Answers
from model.types import Float32, Float64

# Share of all excerpts that count as a filter's top activations.
TOP: Final = 0.1
# A filter whose top activations are of one genre by at least this share has a clear category.
CLEAR: Final = 0.5


def live(answers: Answers) -> npt.NDArray[np.bool_]:
    """Tell which filters answer to any track at all, (filters,)."""
    alive: npt.NDArray[np.bool_] = answers.peaks.max(axis=(0, 1)) > 0
    return alive


def top_excerpts(answers: Answers) -> npt.NDArray[np.intp]:
    """Find the excerpts that each filter answers to most.

    Returns
    -------
    ndarray of int, shape (top, filters)
        Indices into tracks x excerpts, flattened; a tenth of all, at least one.
    """
    flat = answers.peaks.reshape(-1, answers.peaks.shape[-1])
    count = max(1, round(TOP * len(flat)))
    return np.argsort(-flat, axis=0, kind="stable")[:count]


def top_labels(answers: Answers) -> npt.NDArray[np.int64]:
    """Look up the genres of every filter's top excerpts, (top, filters)."""
    labels = np.repeat(answers.labels, answers.peaks.shape[1])
    return labels[top_excerpts(answers)]


def purity(answers: Answers, classes: int) -> tuple[Float64, npt.NDArray[np.intp]]:
    """Measure how many of each filter's top excerpts are of one genre.

    Parameters
    ----------
    answers : Answers
        To tracks of artists that were not learned from.
    classes : int
        Number of genres.

    Returns
    -------
    shares : ndarray of float64, shape (filters,)
        Share of the commonest genre.
    commonest : ndarray of int, shape (filters,)
        Which genre that is.
    """
    counts = np.stack([(top_labels(answers) == label).mean(axis=0) for label in range(classes)])
    return counts.max(axis=0), counts.argmax(axis=0)


def spread_of_rows(answers: Answers) -> Float64:
    """Measure how far a filter's place in frequency moves over its top excerpts.

    Returns
    -------
    ndarray of float64, shape (filters,)
        Standard deviation of the peak's place, in mel bands.
    """
    flat = answers.rows.reshape(-1, answers.rows.shape[-1])
    own = np.take_along_axis(flat, top_excerpts(answers), axis=0)
    deviation: Float64 = own.std(axis=0) * BANDS_A_ROW
    return deviation


def time_extent(answers: Answers) -> Float64:
    """Measure for how long a filter answers at least half as strongly as at its peak.

    Returns
    -------
    ndarray of float64, shape (filters,)
        Mean over its top excerpts of 5 s, in seconds.
    """
    flat = answers.extents.reshape(-1, answers.extents.shape[-1])
    own = np.take_along_axis(flat, top_excerpts(answers), axis=0)
    return own.mean(axis=0, dtype=np.float64) * COLUMNS * SECONDS_A_COLUMN


def categories(answers: Answers, classes: int) -> npt.NDArray[np.intp]:
    """Find the genre that each filter answers to most, on average over its tracks, (filters,)."""
    strongest = answers.peaks.max(axis=1)
    means = np.stack(
        [
            strongest[answers.labels == label].mean(axis=0)
            if (answers.labels == label).any()
            else np.full(strongest.shape[1], -np.inf)
            for label in range(classes)
        ]
    )
    return means.argmax(axis=0)


def mutual_information(answers: Answers, classes: int) -> Float64:
    """Compute the mutual information of genre and whether a filter answers strongly.

    Strongly means more than its median over all tracks.

    Returns
    -------
    ndarray of float64, shape (filters,)
        In bits; 0 for a filter that tells nothing.
    """
    strong = answers.means > np.median(answers.means, axis=0)
    information = np.zeros(strong.shape[1])
    p_strong = strong.mean(axis=0)
    for label in range(classes):
        own = answers.labels == label
        if not own.any():
            continue
        for side, p_side in ((strong, p_strong), (~strong, 1 - p_strong)):
            joint = (side & own[:, np.newaxis]).mean(axis=0)
            expected = p_side * own.mean()
            safe = np.where(joint > 0, joint, 1.0)
            information += joint * np.log2(safe / np.where(joint > 0, expected, 1.0))
    return information


def agreement(one: Answers, other: Answers) -> float:
    """Measure how alike the filters of two trainings are, each with its best partner.

    Parameters
    ----------
    one, other : Answers
        Of two networks to the same tracks.

    Returns
    -------
    float
        Mean correlation, over tracks, of the answers of partners; every filter has one partner
        (Kuhn and Munkres). Dead filters have none.
    """
    first, second = (_standard(each.means[:, live(each)]) for each in (one, other))
    correlation = first.T @ second / len(first)
    if not correlation.size:
        return 0.0
    rows, columns = linear_sum_assignment(-correlation)
    return float(correlation[rows, columns].mean())


def _standard(means: Float32) -> Float64:
    centred = means.astype(np.float64) - means.mean(axis=0, dtype=np.float64)
    spread = centred.std(axis=0)
    standard: Float64 = centred / np.where(spread > 0, spread, 1.0)
    return standard


def deletion(
    answers: Answers,
    kernel: Float32,
    category: npt.NDArray[np.intp],
    rng: np.random.Generator,
    draws: int = 20,
) -> tuple[Float64, Float64]:
    """Delete the filters of each track's genre, and as many at random.

    Parameters
    ----------
    answers : Answers
        To tracks of known genre.
    kernel : ndarray of float32, shape (filters, classes)
        Of the dense layer.
    category : ndarray of int, shape (filters,)
        Genre of each filter, found on other tracks.
    rng : numpy.random.Generator
        Of the random filters.
    draws : int
        How often filters are drawn for each genre.

    Returns
    -------
    own, random : ndarray of float64, shape (tracks,)
        By how much the score of the track's genre falls. In units of the standard deviation of
        all scores, so that networks can be compared.
    """
    added = answers.means * kernel.T[answers.labels]
    unit = float(answers.scores.std()) or 1.0
    own, random = np.zeros(len(added)), np.zeros(len(added))
    for label in np.unique(answers.labels):
        tracks = answers.labels == label
        chosen = category == label
        own[tracks] = added[tracks][:, chosen].sum(axis=1) / unit
        for _ in range(draws):
            drawn = rng.permutation(len(category))[: chosen.sum()]
            random[tracks] += added[tracks][:, drawn].sum(axis=1) / unit / draws
    return own, random


def new_artists(names: Sequence[str], learned: Sequence[str], artists: dict[str, str]) -> list[str]:
    """Select tracks of known artists that none of the learned tracks is by.

    Parameters
    ----------
    names : sequence of str
        Tracks to choose from.
    learned : sequence of str
        Tracks that were learned from.
    artists : dict of str to str
        From `model.gtzan.artists.read_artists`.

    Returns
    -------
    list of str
        In their order.
    """
    known = {artists[name] for name in learned if name in artists}
    return [name for name in names if name in artists and artists[name] not in known]
