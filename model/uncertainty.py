"""Confidence intervals of shares and means over a few tracks."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv
from scipy.stats import binomtest

RESAMPLES: Final = 2_000
_DECIMALS: Final = 5


def interval(right: float, n: int) -> tuple[float, float]:
    """Compute the 95 % interval of a share: where it may lie for other tracks of the same kind.

    Clopper and Pearson's exact one, Biometrika 26, 1934, by the inverse of the
    incomplete beta function, which also holds between whole numbers: for a mean over runs.

    Parameters
    ----------
    right : float
        Tracks that were counted, 0 to `n`.
    n : int
        Tracks in all.

    Returns
    -------
    low, high : float
        Bounds of the share.

    Raises
    ------
    ValueError
        If there are no tracks, or more were counted than there are.
    """
    if n < 1 or not 0 <= right <= n:
        raise ValueError(f"{right} of {n} tracks have no share")
    low = float(betaincinv(right, n - right + 1, 0.025)) if right > 0 else 0.0
    high = float(betaincinv(right + 1, n - right, 0.975)) if right < n else 1.0
    return low, high


def share(right: float, n: int) -> dict[str, float | int | list[float]]:
    """Describe a share by its number of tracks and its interval, as plain numbers for JSON.

    Parameters
    ----------
    right : float
        Tracks that were counted.
    n : int
        Tracks in all.

    Returns
    -------
    dict
        ``{"n", "share", "interval"}``.
    """
    return {"n": n, "share": right / n, "interval": list(interval(right, n))}


def bootstrap(
    values: npt.NDArray[np.float64], seed: int, level: float = 0.95
) -> dict[str, float | int]:
    """Compute a mean with its percentile bootstrap interval over tracks.

    B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7, 1979.

    Parameters
    ----------
    values : ndarray of float64, shape (tracks,)
        One figure a track.
    seed : int
        Of the draws; the same seed draws the same tracks, whatever the figures are.
    level : float
        Of the interval.

    Returns
    -------
    dict
        "value", "low", "high" and "n".

    Raises
    ------
    ValueError
        If there are no figures.
    """
    if not len(values):
        raise ValueError("there is nothing to average")
    draws = np.random.default_rng(seed).integers(len(values), size=(RESAMPLES, len(values)))
    tail = (1 - level) / 2
    low, high = np.quantile(values[draws].mean(axis=1), [tail, 1 - tail])
    return _rounded(values, low, high)


def clustered(
    values: npt.NDArray[np.float64], clusters: Sequence[str], seed: int = 0, level: float = 0.95
) -> dict[str, float | int]:
    """Compute a mean with its bootstrap interval over clusters, such as the artists of tracks.

    Tracks of one artist are right or wrong together, so they say less than as many tracks of
    different artists. Whole clusters are drawn, with replacement, and the mean is that over
    all their tracks: A. C. Davison, D. V. Hinkley, "Bootstrap Methods and their Application",
    1997, section 3.8.

    Parameters
    ----------
    values : ndarray of float64, shape (tracks,)
        One figure a track.
    clusters : sequence of str, length tracks
        What each track belongs to.
    seed : int
        Of the draws.
    level : float
        Of the interval.

    Returns
    -------
    dict
        "value", "low", "high", "n" and the number of "clusters".

    Raises
    ------
    ValueError
        If there are no figures, or not one cluster for each.
    """
    if not len(values) or len(values) != len(clusters):
        raise ValueError(f"{len(values)} figures do not fit {len(clusters)} clusters")
    _, members = np.unique(np.asarray(clusters), return_inverse=True)
    sums, sizes = np.bincount(members, values), np.bincount(members)
    draws = np.random.default_rng(seed).integers(len(sums), size=(RESAMPLES, len(sums)))
    tail = (1 - level) / 2
    means = sums[draws].sum(axis=1) / sizes[draws].sum(axis=1)
    low, high = np.quantile(means, [tail, 1 - tail])
    return _rounded(values, low, high) | {"clusters": len(sums)}


def counted(values: npt.NDArray[np.float64], one: float = 1.0) -> dict[str, float | int]:
    """Compute a share with its exact 95 % interval.

    A bootstrap of a share of 0 or 1 has nothing to vary: it would give an interval of width
    zero.

    Parameters
    ----------
    values : ndarray of float64, shape (tracks,)
        0 for a track that does not count and `one` for a track that does; a mean of several
        looks at a track may lie between.
    one : float
        Value of a track that counts: 100 for a share in %.

    Returns
    -------
    dict
        "value", "low", "high" and "n".

    Raises
    ------
    ValueError
        If there are no tracks.
    """
    low, high = interval(float(values.sum()) / one, len(values))
    return _rounded(values, one * low, one * high)


def paired(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]
) -> dict[str, float | int]:
    """Compare two shares of the same tracks exactly.

    Of the tracks on which the two differ, as many should go one way as the other if nothing but
    chance were at work: the binomial form of Q. McNemar's test, Psychometrika 12, 1947.

    Parameters
    ----------
    first, second : ndarray of float64, shape (tracks,)
        1 for a track that counts, else 0.

    Returns
    -------
    dict
        "first" and "second": tracks that count there alone; "chance": the two-sided
        probability that they would differ as much or more by chance.

    Raises
    ------
    ValueError
        If the two are not of the same tracks.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} tracks are no pairs")
    only_first, only_second = int((first > second).sum()), int((second > first).sum())
    differing = only_first + only_second
    chance = binomtest(only_first, differing).pvalue if differing else 1.0
    return {"first": only_first, "second": only_second, "chance": round(float(chance), _DECIMALS)}


def _rounded(values: npt.NDArray[np.float64], low: float, high: float) -> dict[str, float | int]:
    figures = {"value": values.mean(), "low": low, "high": high}
    return {name: round(float(figure), _DECIMALS) for name, figure in figures.items()} | {
        "n": len(values)
    }


def over_groups(figures: npt.ArrayLike, groups: Sequence[str]) -> float:
    """Average within every group, and then over the groups, so that each counts alike.

    Parameters
    ----------
    figures : array_like of float, shape (tracks,)
        One a track.
    groups : sequence of str
        The group of each, such as its genre.

    Returns
    -------
    float
        The mean over the groups that are there.
    """
    values = np.asarray(figures, np.float64)
    by: npt.NDArray[np.str_] = np.array(groups)
    return float(np.mean([values[by == group].mean() for group in np.unique(by)]))
