"""GTZAN as log-mel pictures, from the stored pictures or from a folder of audio, and its splits."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from model.constants import DYNAMIC_RANGE_DB, GENRES, N_MELS

PICTURES_FILE: Final = "mel128.npz"
# The common copies of GTZAN hold an unreadable file of this name, and so no picture.
UNREADABLE: Final = frozenset({"jazz.00054"})


@dataclass(frozen=True, eq=False)
class Pictures:
    """Log-mel pictures of clips.

    Attributes
    ----------
    names : tuple of str
        Track names such as rock.00012.
    codes : ndarray of uint8, shape (clips, N_MELS, frames)
        Level; dB = code / 255 * DYNAMIC_RANGE_DB - DYNAMIC_RANGE_DB.
    labels : ndarray of int64, shape (clips,)
        Index into GENRES.
    """

    names: tuple[str, ...]
    codes: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """Give the number of clips."""
        return len(self.names)

    def levels(self, index: int | slice | npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        """Give pictures as levels in dB, (..., N_MELS, frames), float32."""
        return decode_levels(self.codes[index])

    def of(self, names: list[str]) -> "Pictures":
        """Pick clips by name, in the given order.

        Raises
        ------
        KeyError
            If a name is not there.
        """
        position = {name: index for index, name in enumerate(self.names)}
        chosen = np.array([position[name] for name in names])
        return Pictures(tuple(names), self.codes[chosen], self.labels[chosen])


def decode_levels(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Turn stored codes into levels in dB below the clip's maximum."""
    return codes.astype(np.float32) * np.float32(DYNAMIC_RANGE_DB / 255) - np.float32(
        DYNAMIC_RANGE_DB
    )


def genre_of(name: str) -> str:
    """Give the genre in a track's name.

    Raises
    ------
    ValueError
        If the name does not begin with one of GENRES.
    """
    genre = name.split(".")[0]
    if genre not in GENRES:
        raise ValueError(f"{name!r} does not begin with one of the genres {', '.join(GENRES)}")
    return genre


def load_pictures(folder: Path) -> Pictures:
    """Load the stored pictures of GTZAN.

    Parameters
    ----------
    folder : Path
        Holds mel128.npz with `mel` (clips, 128, frames) uint8 and `names`.

    Returns
    -------
    Pictures
        All clips of the file.

    Raises
    ------
    FileNotFoundError
        If the file is not there.
    ValueError
        If it does not hold such pictures.
    """
    path = folder / PICTURES_FILE
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is not there. Give the folder that holds GTZAN's pictures with --data."
        )
    with np.load(path) as stored:
        codes, names = stored["mel"], tuple(map(str, stored["names"]))
    if codes.dtype != np.uint8 or codes.ndim != 3 or codes.shape[:2] != (len(names), N_MELS):
        raise ValueError(f"{path} holds no pictures of {N_MELS} mel bands as 8-bit codes.")
    labels = np.array([GENRES.index(genre_of(name)) for name in names])
    return Pictures(names, codes, labels)


def read_split(folder: Path, split: str) -> list[str]:
    """Read the track names of one part of a split, such as random_test, less `UNREADABLE`.

    Raises
    ------
    FileNotFoundError
        If there is no such list, with the names of those that are there.
    """
    path = folder / "splits" / f"{split}.txt"
    if not path.is_file():
        known = sorted(other.stem for other in path.parent.glob("*_*.txt"))
        raise FileNotFoundError(
            f"There is no split {split!r} in {path.parent}. Known: {', '.join(known) or 'none'}."
        )
    names = path.read_text(encoding="utf-8").split()
    return [name for name in names if name not in UNREADABLE]
