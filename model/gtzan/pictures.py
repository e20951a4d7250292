"""GTZAN as log-mel pictures, stored or made from audio."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

from model.audio.clip import AudioError, decode
from model.audio.spectrogram import log_mel
from model.constants import DYNAMIC_RANGE_DB, GENRES, N_MELS, NETWORK_HOP, SAMPLE_RATE

PICTURES_FILE: Final = "mel128.npz"
# The length that all clips of GTZAN reach: a little under 30 s at NETWORK_HOP.
CLIP_FRAMES: Final = 385


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
        """Return the number of clips."""
        return len(self.names)

    def levels(self, index: int | slice | npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        """Decode pictures to levels in dB, (..., N_MELS, frames), float32."""
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


def encode_levels(levels: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Turn levels in dB, from -DYNAMIC_RANGE_DB to 0, into codes; undoes `decode_levels`."""
    codes: npt.NDArray[np.uint8] = np.rint(
        (levels + DYNAMIC_RANGE_DB) * (255 / DYNAMIC_RANGE_DB)
    ).astype(np.uint8)
    return codes


def genre_of(name: str) -> str:
    """Read the genre from a track's name.

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
    """Load GTZAN as pictures.

    Parameters
    ----------
    folder : Path
        Holds mel128.npz with `mel` (clips, 128, frames) uint8 and `names`, or GTZAN in its
        common layout: GENRE/GENRE.NNNNN.wav, .au or anything else that can be decoded.

    Returns
    -------
    Pictures
        All clips that are there and can be read.

    Raises
    ------
    FileNotFoundError
        If neither is there.
    ValueError
        If mel128.npz does not hold such pictures.
    """
    path = folder / PICTURES_FILE
    if path.is_file():
        return _stored_pictures(path)
    files = audio_files(folder)
    if not files:
        raise FileNotFoundError(
            f"{folder} holds neither {PICTURES_FILE} nor clips such as rock/rock.00012.wav. "
            "Give the folder of GTZAN with --data."
        )
    print(f"Making pictures of {len(files)} clips, which takes some minutes.", file=sys.stderr)
    return pictures_of(files)


def audio_files(folder: Path) -> list[Path]:
    """Find GTZAN's clips in its common layout, GENRE/GENRE.NNNNN.wav or any other ending."""
    return sorted(path for genre in GENRES for path in folder.glob(f"{genre}/{genre}.*.*"))


def _stored_pictures(path: Path) -> Pictures:
    with np.load(path) as stored:
        codes, names = stored["mel"], tuple(map(str, stored["names"]))
    if codes.dtype != np.uint8 or codes.ndim != 3 or codes.shape[:2] != (len(names), N_MELS):
        raise ValueError(f"{path} holds no pictures of {N_MELS} mel bands as 8-bit codes.")
    return Pictures(names, codes, _labels(names))


def _labels(names: Iterable[str]) -> npt.NDArray[np.int64]:
    return np.array([GENRES.index(genre_of(name)) for name in names], np.int64)


def pictures_of(files: Iterable[Path]) -> Pictures:
    """Make pictures of whole clips with the app's own front end.

    Parameters
    ----------
    files : iterable of Path
        Audio files named by their tracks, such as rock.00012.wav.

    Returns
    -------
    Pictures
        Of CLIP_FRAMES frames; a file that is shorter or cannot be decoded is left out, and
        named on stderr.
    """
    names, codes = [], []
    for path in files:
        try:
            levels = log_mel(decode(path.read_bytes(), path.name).waveform, NETWORK_HOP)
        except AudioError as error:
            print(f"Left out {path.name}: {error}", file=sys.stderr)
            continue
        if levels.shape[1] < CLIP_FRAMES:
            print(f"Left out {path.name}: it is shorter than the clips of GTZAN.", file=sys.stderr)
            continue
        names.append(path.stem)
        codes.append(encode_levels(levels[:, :CLIP_FRAMES]))
    stacked = np.stack(codes) if codes else np.zeros((0, N_MELS, CLIP_FRAMES), np.uint8)
    return Pictures(tuple(names), stacked, _labels(names))


def real_audio(folder: Path, names: Iterable[str]) -> Pictures:
    """Make pictures of those tracks whose real audio lies beside stored pictures.

    Parameters
    ----------
    folder : Path
        May hold clips/NAME.ogg, whole clips or shorter.
    names : iterable of str
        Tracks to look for.

    Returns
    -------
    Pictures
        Of the whole clips among them, in their order; maybe none.
    """
    paths = (folder / "clips" / f"{name}.ogg" for name in names)
    return pictures_of(path for path in paths if path.is_file() and _is_whole(path))


def _is_whole(path: Path) -> bool:
    # The header tells the length without decoding.
    return soundfile.info(path).duration * SAMPLE_RATE >= CLIP_FRAMES * NETWORK_HOP
