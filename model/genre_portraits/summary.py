"""Averages of a genre's tracks, with intervals, compared with the other genres."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from model.genre_portraits.tracks import TrackPortrait
from model.types import Float64
from model.uncertainty import RESAMPLES, bootstrap

# Ten genres and a dozen figures make some differences by chance alone, so a difference is
# believed only with more than the usual 95 %.
CONTRAST_LEVEL: Final = 0.99
_DECIMALS: Final = 5

# Figures of a track that are one number.
SCALARS: Final[dict[str, Callable[[TrackPortrait], float]]] = {
    "gini": lambda track: track.gini,
    "percussive": lambda track: track.percussive,
    "coming_and_going": lambda track: track.coming_and_going,
    "pulse": lambda track: track.pulse,
}


# Figures of a track that are several numbers.
SHARES: Final[dict[str, Callable[[TrackPortrait], Float64]]] = {
    "ranges": lambda track: track.ranges,
    "rates": lambda track: track.rates,
}


def contrast(own: Float64, others: Float64, seed: int) -> dict[str, float]:
    """Compute the difference of two means with its bootstrap interval.

    Parameters
    ----------
    own, others : ndarray of float64, shapes (tracks,) and (other tracks,)
        One figure a track.
    seed : int
        Of the draws, of both groups.

    Returns
    -------
    dict
        "value", "low" and "high" at CONTRAST_LEVEL.

    Raises
    ------
    ValueError
        If there are no figures on either side.
    """
    if not len(own) or not len(others):
        raise ValueError("there is nothing to compare")
    rng = np.random.default_rng(seed)
    drawn = [
        values[rng.integers(len(values), size=(RESAMPLES, len(values)))].mean(axis=1)
        for values in (own, others)
    ]
    tail = (1 - CONTRAST_LEVEL) / 2
    low, high = np.quantile(drawn[0] - drawn[1], [tail, 1 - tail])
    figures = {"value": own.mean() - others.mean(), "low": low, "high": high}
    return {name: round(float(figure), _DECIMALS) for name, figure in figures.items()}


def _beside(own: Float64, others: Float64, seed: int) -> dict[str, Any]:
    """Summarise one figure of a genre: mean, mean of the other genres, and the difference."""
    return {
        **bootstrap(own, seed),
        "others": round(float(others.mean()), _DECIMALS),
        "difference": contrast(own, others, seed),
    }


def _all_beside(own: Float64, others: Float64, seed: int) -> list[dict[str, Any]]:
    pairs = zip(own.T, others.T, strict=True)
    return [_beside(*pair, seed) for pair in pairs]


def summarise(
    portraits: Mapping[str, Sequence[TrackPortrait]], seed: int
) -> dict[str, dict[str, Any]]:
    """Average the tracks of each genre.

    Parameters
    ----------
    portraits : mapping of str to sequence of TrackPortrait
        The tracks of each genre in which something speaks for it, at least one a genre.
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict
        By genre: "profile" (rows,) and "rhythm" (rows, rates), means over tracks;
        every name of SHARES, a list of figures, and of SCALARS, a figure: "value", "low",
        "high" (95 %) and "n", "others", the mean over the other genres' tracks, and
        "difference" from it with an interval at CONTRAST_LEVEL.

    Raises
    ------
    ValueError
        If there is a genre without such tracks.
    """
    for genre, tracks in portraits.items():
        if not tracks:
            raise ValueError(f"In none of the tracks of {genre} anything speaks for {genre}.")
    summaries = {}
    for genre, own in portraits.items():
        others = [
            track for other, tracks in portraits.items() if other != genre for track in tracks
        ]
        summaries[genre] = {
            "profile": _rounded(np.mean([track.profile for track in own], axis=0)),
            "rhythm": _rounded(np.mean([track.rhythm for track in own], axis=0)),
            **{
                name: _all_beside(
                    np.stack([shares(track) for track in own]),
                    np.stack([shares(track) for track in others]),
                    seed,
                )
                for name, shares in SHARES.items()
            },
            **{
                name: _beside(
                    np.array([figure(track) for track in own]),
                    np.array([figure(track) for track in others]),
                    seed,
                )
                for name, figure in SCALARS.items()
            },
        }
    return summaries


def _rounded(values: Float64) -> Any:
    return np.round(values, _DECIMALS).tolist()
