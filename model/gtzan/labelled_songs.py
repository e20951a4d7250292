"""Songs with sound and a genre: GTZAN's own, those with a list, those in one folder a genre."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
import soxr

from model.constants import GENRES, SAMPLE_RATE
from model.gtzan.artists import read_artists
from model.gtzan.pictures import genre_of
from model.gtzan.splits import UNREADABLE
from model.types import Float32

SONG_LIST: Final = "songs.tsv"
# Whole clips come before parts of them.
_GTZAN_PLACES: Final = ("clips", *GENRES, "excerpts")
_HIDDEN: Final = "."


@dataclass(frozen=True)
class LabelledSong:
    """A song of which there is sound.

    Attributes
    ----------
    name : str
        Of the song; for GTZAN the track, such as rock.00012.
    genre : str
        One of GENRES.
    group : str
        Artist or source. Songs of one group resemble each other, so they stand on one side
        of a split, and intervals are drawn over groups.
    files : tuple of Path
        One excerpt each, or the whole song.
    """

    name: str
    genre: str
    group: str
    files: tuple[Path, ...]

    @property
    def label(self) -> int:
        """Index into GENRES."""
        return GENRES.index(self.genre)


def gtzan_songs(folder: Path, names: Collection[str] | None = None) -> list[LabelledSong]:
    """Find the tracks of GTZAN that have sound.

    Parameters
    ----------
    folder : Path
        GTZAN, with files named by track in folders `clips` and `excerpts`, or in one folder a
        genre.
    names : collection of str, optional
        Only these tracks.

    Returns
    -------
    list of LabelledSong
        In the order of their names, each with its longest file; grouped by artist where the
        artist is known.
    """
    artists = read_artists(folder)
    files: dict[str, Path] = {}
    for place in _GTZAN_PLACES:
        for path in sorted((folder / place).glob("*.*.*")):
            if not path.name.startswith(_HIDDEN) and path.stem not in UNREADABLE:
                files.setdefault(path.stem, path)
    return [
        LabelledSong(name, genre_of(name), artists.get(name, name), (files[name],))
        for name in sorted(files)
        if names is None or name in names
    ]


def listed_songs(folder: Path, part: str) -> list[LabelledSong]:
    """Read the songs of one part of a list.

    Parameters
    ----------
    folder : Path
        Holds songs.tsv, with columns song, genre, part, source and sound, and audio/ with
        files SONG_START.
    part : str
        train, valid or test.

    Returns
    -------
    list of LabelledSong
        Those with sound, each with all its excerpts.

    Raises
    ------
    ValueError
        If the list has no songs of that part.
    """
    with (folder / SONG_LIST).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["part"] == part]
    excerpts: dict[str, list[Path]] = {}
    for path in sorted((folder / "audio").glob("*_*.*")):
        excerpts.setdefault(path.stem.rpartition("_")[0], []).append(path)
    songs = [
        LabelledSong(row["song"], row["genre"], row["source"], tuple(excerpts[row["song"]]))
        for row in rows
        if row["song"] in excerpts
    ]
    if not songs:
        raise ValueError(f"{folder / SONG_LIST} has no songs with sound of the part {part!r}.")
    return songs


def genre_folders(folder: Path) -> list[LabelledSong]:
    """Find songs that lie in one folder a genre, whatever they are called.

    Parameters
    ----------
    folder : Path
        With folders named as GENRES; a folder inside one of them, such as an artist's or an
        album's, makes a group.

    Returns
    -------
    list of LabelledSong
        In the order of genres and names; maybe none.
    """
    songs = []
    for genre in GENRES:
        for path in sorted((folder / genre).rglob("*")):
            inner = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(_HIDDEN) for part in inner.parts):
                group = str(inner.parent) if len(inner.parts) > 2 else str(inner)
                songs.append(LabelledSong(str(inner), genre, group, (path,)))
    return songs


def read_sound(path: Path) -> Float32:
    """Read a file of a data set as it is, however short.

    Parameters
    ----------
    path : Path
        Anything that libsndfile reads.

    Returns
    -------
    ndarray of float32, shape (samples,)
        Mono at SAMPLE_RATE.
    """
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono: Float32 = samples.mean(axis=1, dtype=np.float32)
    return mono if rate == SAMPLE_RATE else soxr.resample(mono, rate, SAMPLE_RATE)
