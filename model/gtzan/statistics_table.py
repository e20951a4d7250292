"""GTZAN as song statistics, from the widely used table."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.song_statistics import SONG_STATISTICS
from model.constants import GENRES
from model.gtzan.pictures import genre_of

TABLE_FILE: Final = "features_30_sec.csv"


@dataclass(frozen=True, eq=False)
class SongTable:
    """Song statistics of clips.

    Attributes
    ----------
    names : tuple of str
        Track names such as rock.00012.
    statistics : ndarray of float32, shape (clips, 57)
        In the order of SONG_STATISTICS.
    labels : ndarray of int64, shape (clips,)
        Index into GENRES.
    """

    names: tuple[str, ...]
    statistics: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]

    def of(self, names: list[str]) -> "SongTable":
        """Pick clips by name, in the given order.

        Raises
        ------
        KeyError
            If a name is not there.
        """
        position = {name: index for index, name in enumerate(self.names)}
        chosen = np.array([position[name] for name in names])
        return SongTable(tuple(names), self.statistics[chosen], self.labels[chosen])


def load_song_table(folder: Path) -> SongTable:
    """Load the table of song statistics.

    Parameters
    ----------
    folder : Path
        Holds features_30_sec.csv.

    Returns
    -------
    SongTable
        All clips of the file.

    Raises
    ------
    FileNotFoundError
        If the file is not there.
    ValueError
        If it lacks one of the statistics or holds anything but numbers.
    """
    path = folder / TABLE_FILE
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is not there. Give the folder that holds GTZAN's table of song "
            "statistics with --data."
        )
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = {"filename", *SONG_STATISTICS} - set(rows[0] if rows else ())
    if missing:
        raise ValueError(f"{path} has no column {', '.join(sorted(missing))}.")
    names = tuple(row["filename"].removesuffix(".wav") for row in rows)
    statistics = np.array([[row[name] for name in SONG_STATISTICS] for row in rows], np.float32)
    labels = np.array([GENRES.index(genre_of(name)) for name in names])
    return SongTable(names, statistics, labels)
