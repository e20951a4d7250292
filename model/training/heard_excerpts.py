"""What the head on pictures is given: one excerpt a song, drawn anew for every version.

musicnn's layers do not learn here, so every excerpt is heard once and kept in files. A version
of a song with sound is another excerpt, altered as `model.training.sound_variation` draws it;
of a song without sound there is its picture only.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.audio.silence import repeated_sound
from model.audio.spectrogram import log_mel
from model.constants import COLUMN_FRAMES, NETWORK_HOP
from model.gtzan.labelled_songs import LabelledSong, read_sound
from model.training.ear_features import drawn
from model.training.sound_variation import SoundVariation, vary_sound
from model.types import Float32

# Columns of the map in an excerpt: 6.2 s.
EXCERPT_COLUMNS: Final = 20
_FRAMES: Final = EXCERPT_COLUMNS * COLUMN_FRAMES
_SAMPLES: Final = _FRAMES * NETWORK_HOP
# Below the starting weights of the network on pictures: levels (128, frames) to its two inputs.
Below = Callable[[Float32], list[Float32]]


@dataclass(frozen=True, eq=False)
class HeardExcerpts:
    """What is heard in one excerpt of every song.

    Attributes
    ----------
    names : tuple of str
        Of the songs.
    layers : tuple of ndarray of float16, shape (songs, rows, EXCERPT_COLUMNS, channels)
        What the head of the network on pictures is given, in files.
    """

    names: tuple[str, ...]
    layers: tuple[npt.NDArray[np.float16], ...]

    def __len__(self) -> int:
        """Return the number of songs."""
        return len(self.names)


def filled(sound: npt.NDArray[Any], size: int, axis: int = -1) -> npt.NDArray[Any]:
    """Repeat what is shorter than `size` until it is as long, along one axis."""
    times = -(-size // sound.shape[axis])
    return np.concatenate([sound] * times, axis=axis) if times > 1 else sound


def excerpt_of_sound(
    song: LabelledSong,
    version: int,
    how: SoundVariation | None = None,
    read: Callable[[Path], Float32] = read_sound,
) -> Float32:
    """Draw an excerpt of a song, and what happens to it.

    Parameters
    ----------
    song : LabelledSong
        With one file or several.
    version : int
        Its number; 0 for an excerpt as it is.
    how : SoundVariation, optional
        How likely and how strong each change is.
    read : callable
        Reads a file.

    Returns
    -------
    ndarray of float32, shape (samples,)
        Mono at SAMPLE_RATE, at least about 6 s: what is shorter is repeated.
    """
    rng = drawn(song.name, version)
    sound = filled(read(song.files[int(rng.integers(len(song.files)))]), _SAMPLES)
    start = int(rng.integers(len(sound) - _SAMPLES + 1))
    sound = sound[start : start + _SAMPLES]
    return vary_sound(sound, how or SoundVariation(), rng) if version else sound


def frames_read(levels: Float32, start: int = 0) -> Float32:
    """Cut the frames of an excerpt out of levels (bands, frames), silence filled with sound."""
    sounding = filled(repeated_sound(levels), start + _FRAMES)
    return sounding[:, start : start + _FRAMES]


def hear_sounds(
    songs: Iterable[LabelledSong],
    version: int,
    below: Below,
    folder: Path,
    read: Callable[[Path], Float32] = read_sound,
) -> HeardExcerpts:
    """Hear one version of every song.

    Parameters
    ----------
    songs : iterable of LabelledSong
        What to hear.
    version : int
        As in `excerpt_of_sound`.
    below : callable
        The network on pictures below its head.
    folder : Path
        Where the answers go; what an earlier run left there is read instead.
    read : callable
        Reads a file.

    Returns
    -------
    HeardExcerpts
        In the order of the songs.
    """
    songs = list(songs)

    def hear(index: int) -> list[Float32]:
        sound = excerpt_of_sound(songs[index], version, read=read)
        return below(frames_read(log_mel(sound, NETWORK_HOP)))

    return _kept([song.name for song in songs], hear, folder)


def see_pictures(
    names: list[str],
    levels: Callable[[int], Float32],
    version: int,
    below: Below,
    folder: Path,
) -> HeardExcerpts:
    """Look at one excerpt of every picture, as `hear_sounds` hears sounds.

    Parameters
    ----------
    names : list of str
        Of the pictures.
    levels : callable
        Gives the picture of a place in `names`, (bands, frames) in dB.
    version, below, folder
        As in `hear_sounds`; pictures are not altered, only cut elsewhere.

    Returns
    -------
    HeardExcerpts
        In the order of the names.
    """

    def see(index: int) -> list[Float32]:
        picture = levels(index)
        last = max(0, picture.shape[1] - _FRAMES)
        start = int(drawn(names[index], version).integers(last + 1))
        return below(frames_read(picture, start))

    return _kept(names, see, folder)


def _kept(names: list[str], hear: Callable[[int], list[Float32]], folder: Path) -> HeardExcerpts:
    """Hear every name once, and keep the answers in a folder, which ends up whole."""
    whole = folder / "names.npy"
    if not whole.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        layers: list[npt.NDArray[np.float16]] = []
        for index in range(len(names)):
            outputs = hear(index)
            layers = layers or [
                np.lib.format.open_memmap(
                    folder / f"layer{number}.npy", "w+", np.float16, (len(names), *output.shape)
                )
                for number, output in enumerate(outputs)
            ]
            for layer, output in zip(layers, outputs, strict=True):
                layer[index] = output
            if index % 100 == 99:
                print(f"{folder.name}: {index + 1} of {len(names)}", file=sys.stderr, flush=True)
        np.save(whole, np.array(names))
    found = tuple(map(str, np.load(whole)))
    if found != tuple(names):
        raise ValueError(f"{folder} holds other songs. Give another folder, or delete it.")
    files = sorted(folder.glob("layer*.npy"))
    return HeardExcerpts(found, tuple(np.load(file, mmap_mode="r") for file in files))
