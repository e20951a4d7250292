"""Pictures of songs from outside of which there is no sound."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.gtzan.labelled_songs import SONG_LIST, LabelledSong
from model.gtzan.pictures import PICTURES_FILE, decode_levels
from model.types import Float32


@dataclass(frozen=True, eq=False)
class ListedPicture:
    """The picture of one excerpt.

    Attributes
    ----------
    name : str
        The song's, an underscore, and where the excerpt begins in seconds.
    song : LabelledSong
        Without files.
    levels : ndarray of float32, shape (N_MELS, frames)
        In dB below the excerpt's maximum.
    """

    name: str
    song: LabelledSong
    levels: Float32


def listed_pictures(folder: Path, part: str) -> list[ListedPicture]:
    """Read the pictures of one part of a list of songs.

    Parameters
    ----------
    folder : Path
        Holds songs.tsv, and mel128.npz with the pictures' `mel`, `frames`, `song`, `start`,
        `genre` and `part`.
    part : str
        train, valid or test.

    Returns
    -------
    list of ListedPicture
        None where there is no such file.
    """
    path = folder / PICTURES_FILE
    if not path.is_file():
        return []
    with (folder / SONG_LIST).open(encoding="utf-8", newline="") as file:
        source = {row["song"]: row["source"] for row in csv.DictReader(file, delimiter="\t")}
    with np.load(path) as stored:
        columns = [stored[key] for key in ("song", "genre", "start", "frames", "part", "mel")]
    return [
        ListedPicture(
            f"{song}_{start:.0f}",
            LabelledSong(str(song), str(genre), source[str(song)], ()),
            decode_levels(codes[:, :frames]),
        )
        for song, genre, start, frames, belongs, codes in zip(*columns, strict=True)
        if belongs == part
    ]
