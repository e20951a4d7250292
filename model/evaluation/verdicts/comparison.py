"""Comparison of several networks on the same tracks."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.uncertainty import interval

Bools = npt.NDArray[np.bool_]

_DRAWS: Final = 10_000


def summarise(right: Bools) -> dict[str, Any]:
    """Summarise the runs of one network.

    Parameters
    ----------
    right : ndarray of bool, shape (runs, tracks)
        Whether each run judged each track rightly.

    Returns
    -------
    dict
        Number of tracks "n", "accuracies" of the runs, their "mean", their standard
        deviation "spread" (None for a single run) and the 95 % "interval" of the mean for
        other tracks. The runs share their tracks, so they do not narrow the interval.
    """
    accuracies = right.mean(axis=1)
    n = right.shape[1]
    mean = float(accuracies.mean())
    return {
        "n": n,
        "accuracies": accuracies.tolist(),
        "mean": mean,
        "spread": float(accuracies.std(ddof=1)) if len(accuracies) > 1 else None,
        "interval": list(interval(mean * n, n)),
    }


def difference(right: Bools, reference: Bools, seed: int = 0) -> dict[str, Any]:
    """Compare a network with another one, track by track.

    Two intervals that overlap say little when the tracks are the same; this compares the
    verdicts on each track, and draws tracks anew (bootstrap, Efron 1979).

    Parameters
    ----------
    right, reference : ndarray of bool, shape (runs, tracks)
        Whether each run judged each track rightly; the runs need not be as many.
    seed : int
        Of the draws.

    Returns
    -------
    dict
        "mean" of the difference of the accuracies, and its 95 % "interval".
    """
    by_track = right.mean(axis=0) - reference.mean(axis=0)
    n = len(by_track)
    rng = np.random.default_rng(seed)
    drawn = by_track[rng.integers(0, n, (_DRAWS, n))].mean(axis=1)
    bounds = np.quantile(drawn, [0.025, 0.975])
    return {"mean": float(by_track.mean()), "interval": bounds.tolist()}
