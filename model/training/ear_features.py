"""What the ear learns from: YAMNet's and the tagger's answers to songs, in several versions.

Both stay as their authors trained them, so every song is heard once a version, and the answers
are kept in a file.
"""

import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.yamnet_spectrogram import yamnet_log_mel
from model.constants import SAMPLE_RATE
from model.gtzan.labelled_songs import LabelledSong, read_sound
from model.networks.places import TOGETHER
from model.networks.tagger import Tagger
from model.networks.trunk import Trunk, saturated
from model.training.sound_variation import SoundVariation, vary_sound
from model.types import Float32

# From a waveform to what it is learned from, (columns, rows * channels).
Hear = Callable[[Float32], Float32]
# How much of an excerpt another version is made of.
_VERSION_SECONDS: Final = 10.0
_SAVED_EVERY: Final = 100


@dataclass(frozen=True, eq=False)
class HeardSongs:
    """Answers to the excerpts of songs, where there is sound.

    Attributes
    ----------
    excerpts : tuple of tuple of ndarray of float16, shape (columns, rows * channels)
        Of every excerpt of every song. Half precision: it is for training only.
    rows : int
        Of pitch; one where a network answers for all of it together.
    """

    excerpts: tuple[tuple[npt.NDArray[np.float16], ...], ...]
    rows: int = 1

    def __len__(self) -> int:
        """Return the number of songs."""
        return len(self.excerpts)

    def cells(self, excerpt: npt.NDArray[np.float16]) -> Float32:
        """Lay out an excerpt place by place, (columns * rows, channels)."""
        return excerpt.reshape(len(excerpt) * self.rows, -1).astype(np.float32)


def by_yamnet(trunk: Trunk) -> Hear:
    """Hear by YAMNet's layer with places, from 0 to 1, where there is sound."""

    def hear(waveform: Float32) -> Float32:
        found = trunk.places(yamnet_log_mel(waveform))
        columns = np.moveaxis(saturated(found.values), 0, 1)[found.counts]
        return columns.reshape(len(columns), -1)

    return hear


def by_last_layer(trunk: Trunk) -> Hear:
    """Hear by YAMNet's last layer, from 0 to 1, where there is sound."""

    def hear(waveform: Float32) -> Float32:
        levels = yamnet_log_mel(waveform)
        answers = saturated(trunk.deeper(trunk.places(levels)))
        return answers[TOGETHER.heard(levels, len(answers))]

    return hear


def by_tagger(tagger: Tagger) -> Hear:
    """Hear by the tagger where there is sound."""

    def hear(waveform: Float32) -> Float32:
        levels = yamnet_log_mel(waveform)
        columns = TOGETHER.count(levels)
        return tagger.answers(waveform, columns)[TOGETHER.heard(levels, columns)]

    return hear


def drawn(name: str, version: int) -> np.random.Generator:
    """Make the source of all that is drawn for one version of one song."""
    return np.random.default_rng((zlib.crc32(name.encode()), version))


def another_version(song: LabelledSong, version: int, how: SoundVariation | None = None) -> Float32:
    """Draw one excerpt of a song, ten seconds of it, and what happens to them.

    Parameters
    ----------
    song : LabelledSong
        With one file or several.
    version : int
        Its number: every version of every song is a draw of its own.
    how : SoundVariation, optional
        How likely and how strong each change is.

    Returns
    -------
    ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    """
    rng = drawn(song.name, version)
    sound = read_sound(song.files[int(rng.integers(len(song.files)))])
    size = round(_VERSION_SECONDS * SAMPLE_RATE)
    if len(sound) > size:
        start = int(rng.integers(len(sound) - size + 1))
        sound = sound[start : start + size]
    return vary_sound(sound, how or SoundVariation(), rng)


def hear_songs(
    hear: Hear,
    songs: Sequence[LabelledSong],
    path: Path,
    *,
    version: int = 0,
    excerpts: int | None = None,
    rows: int = 1,
) -> HeardSongs:
    """Hear songs once, and keep the answers in a file as they come.

    Parameters
    ----------
    hear : callable
        Such as `by_yamnet` makes.
    songs : sequence of LabelledSong
        What to hear.
    path : Path
        A file of an earlier run: what it holds is not heard again, and what is new is added.
    version : int
        0 for the songs as they are, any other number for another version of each.
    excerpts : int, optional
        Of the songs as they are, no more excerpts than this; all of them if None.
    rows : int
        Of pitch, in what `hear` returns.

    Returns
    -------
    HeardSongs
        In the order of the songs.
    """
    known = _load(path)
    new = 0
    for song in songs:
        if song.name in known:
            continue
        if version:
            sounds = [another_version(song, version)]
        else:
            sounds = [read_sound(file) for file in song.files[:excerpts]]
        known[song.name] = tuple(hear(sound).astype(np.float16) for sound in sounds)
        new += 1
        if new % _SAVED_EVERY == 0:
            _save(known, path)
            print(f"{path.stem}: {len(known)} of {len(songs)} songs", file=sys.stderr, flush=True)
    if new:
        _save(known, path)
    return HeardSongs(tuple(known[song.name] for song in songs), rows)


_Excerpts = tuple[npt.NDArray[np.float16], ...]


def _save(known: dict[str, _Excerpts], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    every = [excerpt for excerpts in known.values() for excerpt in excerpts]
    # Whole or not at all, should it be interrupted.
    draft = path.with_suffix(".part.npz")
    np.savez(
        draft,
        names=np.array(list(known)),
        counts=np.array([len(excerpts) for excerpts in known.values()]),
        columns=np.array([len(excerpt) for excerpt in every]),
        answers=np.concatenate(every),
    )
    draft.replace(path)


def _load(path: Path) -> dict[str, _Excerpts]:
    if not path.is_file():
        return {}
    with np.load(path) as stored:
        every = np.split(stored["answers"], np.cumsum(stored["columns"])[:-1])
        ends = np.cumsum(stored["counts"])
        return {
            str(name): tuple(every[end - count : end])
            for name, count, end in zip(stored["names"], stored["counts"], ends, strict=True)
        }
