"""Figures per track, summarised as values with intervals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.uncertainty import bootstrap, counted, over_groups

# Identifies a series of figures: group, method, setting and measure, for example.
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
        Yes-or-no measures, and the value of a yes.
    genre_of : callable, optional
        From a track to its genre; then the mean over genres stands beside that over tracks.
    """

    columns: tuple[str, ...]
    reference: str
    shares: Mapping[str, float] = field(default_factory=dict)
    genre_of: Callable[[str], str] | None = None
    _figures: dict[Key, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, key: Key, track: str, figure: float) -> None:
        """Add a figure of one track; several of the same kind are averaged."""
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
            One a key: its parts, "value", "low", "high", "n", where genres are known
            "over_genres", and as "over_reference" the value with its interval of the
            differences from the reference method on the same tracks.
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
            if self.genre_of is not None:
                genres = [self.genre_of(track) for track in figures]
                row["over_genres"] = round(over_groups(values, genres), 5)
            others = means.get((*key[:at], self.reference, *key[at + 1 :]))
            if others is not None and key[at] != self.reference:
                shared = [track for track in figures if track in others]
                differences = np.array([figures[track] - others[track] for track in shared])
                row["over_reference"] = bootstrap(differences, seed)
            rows.append(row)
        return rows
