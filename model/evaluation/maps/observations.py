"""From figures per track to a value with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.evaluation.intervals import interval

RESAMPLES: Final = 2_000
_DECIMALS: Final = 5


def bootstrap(
    values: npt.NDArray[np.float64], seed: int, level: float = 0.95
) -> dict[str, float | int]:
    """Give a mean with its percentile bootstrap interval over tracks.

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
    return _told(values, low, high)


def counted(values: npt.NDArray[np.float64], one: float = 1.0) -> dict[str, float | int]:
    """Give a share with its exact 95 % interval.

    All or none of a few tracks leave a bootstrap nothing to vary: it would call the share
    certain.

    Parameters
    ----------
    values : ndarray of float64, shape (tracks,)
        0 for a track that does not count and `one` for a track that does; a mean of several
        looks at a track may lie between.
    one : float
        What a track that counts adds: 100 for a share in %.

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
    return _told(values, one * low, one * high)


def _told(values: npt.NDArray[np.float64], low: float, high: float) -> dict[str, float | int]:
    figures = {"value": values.mean(), "low": low, "high": high}
    return {name: round(float(figure), _DECIMALS) for name, figure in figures.items()} | {
        "n": len(values)
    }


# What a figure belongs to, such as group, method, setting and measure.
Key = tuple[str, ...]


@dataclass
class Observations:
    """Figures per track, gathered while a measurement runs.

    Attributes
    ----------
    columns : tuple of str
        Names of a key's parts.
    reference : str
        Method that every other is compared with, track by track.
    shares : mapping of str to float
        Measures that a track reaches or does not, and what they say of one that does.
    """

    columns: tuple[str, ...]
    reference: str
    shares: Mapping[str, float] = field(default_factory=dict)
    _figures: dict[Key, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, key: Key, track: str, figure: float) -> None:
        """Note a figure of one track; several of the same kind are averaged."""
        self._figures.setdefault(key, {}).setdefault(track, []).append(figure)

    def rows(self, seed: int) -> list[dict[str, Any]]:
        """Summarise.

        Parameters
        ----------
        seed : int
            Of the bootstrap.

        Returns
        -------
        list of dict
            One a key: its parts, "value", "low", "high", "n", and as "over_reference" the
            same of the differences from the reference method on the same tracks.
        """
        at = self.columns.index("method")
        rows = []
        means = {
            key: {track: float(np.mean(figures)) for track, figures in tracks.items()}
            for key, tracks in self._figures.items()
        }
        for key, figures in means.items():
            row: dict[str, Any] = dict(zip(self.columns, key, strict=True))
            values = np.array(list(figures.values()))
            one = self.shares.get(row.get("measure", ""))
            row |= bootstrap(values, seed) if one is None else counted(values, one)
            others = means.get((*key[:at], self.reference, *key[at + 1 :]))
            if others is not None and key[at] != self.reference:
                shared = [track for track in figures if track in others]
                differences = np.array([figures[track] - others[track] for track in shared])
                row["over_reference"] = bootstrap(differences, seed)
            rows.append(row)
        return rows
