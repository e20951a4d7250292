"""The tracks to measure on: real audio where available, stored pictures elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.clip import Clip, decode
from model.audio.excerpt import Excerpt, prepare
from model.audio.masking import Sounds, split
from model.audio.spectrogram import log_mel
from model.constants import DYNAMIC_RANGE_DB, FINE_HOP, GENRES, NETWORK_HOP, SAMPLE_RATE
from model.gtzan.clips import clip_files
from model.gtzan.pictures import genre_of, load_pictures
from model.types import Float32

AUDIO: Final = "audio"
PICTURES: Final = "pictures"
# A sixth of the time that 30 s would take, and long enough for the network, whose cells
# cover two seconds around them.
SECONDS: Final = 5.0


@dataclass(frozen=True, eq=False)
class Subject:
    """A track to be explained: its spectrogram, and its sound where there is some.

    Attributes
    ----------
    name : str
        Track.
    levels : ndarray of float32, shape (N_MELS, frames)
        The network's input: dB below the maximum, at NETWORK_HOP.
    excerpt : Excerpt or None
        The sound it comes from; None for a stored picture.
    """

    name: str
    levels: Float32
    excerpt: Excerpt | None = None

    @property
    def group(self) -> str:
        """AUDIO or PICTURES."""
        return AUDIO if self.excerpt is not None else PICTURES

    @property
    def sound(self) -> Excerpt:
        """The sound it comes from; ValueError where there is none."""
        if self.excerpt is None:
            raise ValueError(f"There is no sound of {self.name}.")
        return self.excerpt

    def split(self, mask: Float32) -> Sounds:
        """Split the sound into what a mask, (N_MELS, mask_frames), keeps and the rest."""
        return split(self.sound.waveform, self.sound.stft, mask)

    @property
    def frames(self) -> npt.NDArray[np.float64]:
        """The network's own frames, (frames,)."""
        return np.arange(self.levels.shape[1], dtype=np.float64)

    @property
    def mask_frames(self) -> npt.NDArray[np.float64]:
        """Columns at which a mask is drawn, in network frames; finer where there is sound."""
        if self.excerpt is None:
            return self.frames
        n_frames = self.excerpt.log_mel.shape[1]
        return np.arange(n_frames, dtype=np.float64) * (FINE_HOP / NETWORK_HOP)

    def parts(
        self, mask: Float32, floors: Sequence[float] = (0.0,)
    ) -> list[tuple[Float32, Float32]]:
        """Compute the levels of the kept part and of the rest, as the network reads them.

        With sound, both go through the whole front end again: the mask weighs the STFT,
        its inverse is a waveform, and that is analysed as any clip is. A picture is
        weighed itself.

        Parameters
        ----------
        mask : ndarray of float32, shape (N_MELS, mask_frames)
            In [0, 1].
        floors : sequence of float
            Amplitudes to which the rest is turned down.

        Returns
        -------
        list of (kept, rest)
            For each floor, both (N_MELS, frames), in dB below each one's own maximum.
        """
        if self.excerpt is None:
            return [
                (
                    attenuated(self.levels, floor + (1 - floor) * mask),
                    attenuated(self.levels, 1 - (1 - floor) * mask),
                )
                for floor in map(np.float32, floors)
            ]
        sounds = self.split(mask)
        # The transform is linear, so what is left can be added to the sounds themselves.
        return [
            (
                log_mel(sounds.kept + floor * sounds.rest),
                log_mel(sounds.rest + floor * sounds.kept),
            )
            for floor in map(np.float32, floors)
        ]


def attenuated(levels: Float32, mask: Float32) -> Float32:
    """Weigh a spectrogram in the mel domain as a mask on the STFT would.

    Parameters
    ----------
    levels : ndarray of float32, shape (mels, frames)
        In dB.
    mask : ndarray of float32, shape (mels, frames)
        Factor of the amplitude, in [0, 1].

    Returns
    -------
    ndarray of float32, shape (mels, frames)
        ``dB + 20 log10(mask)``, below the new maximum, down to -DYNAMIC_RANGE_DB.
    """
    with np.errstate(divide="ignore"):
        weighed = levels + 20 * np.log10(mask)
    loudest = weighed.max(initial=-np.inf)
    if not loudest > -np.inf:
        return np.full_like(levels, -DYNAMIC_RANGE_DB)
    below: Float32 = np.maximum(weighed - loudest, -DYNAMIC_RANGE_DB).astype(np.float32)
    return below


def subject_from_clip(clip: Clip, seconds: float = SECONDS) -> Subject:
    """Make a subject of the middle of a clip."""
    excerpt = prepare(clip, max(0.0, (clip.seconds - seconds) / 2), seconds)
    return Subject(clip.name, log_mel(excerpt.waveform), excerpt)


def subject_from_picture(name: str, levels: Float32, seconds: float = SECONDS) -> Subject:
    """Make a subject of the middle of a picture."""
    size = levels.shape[1]
    frames = min(size, 1 + round(seconds * SAMPLE_RATE) // NETWORK_HOP)
    first = (size - frames) // 2
    return Subject(name, levels[:, first : first + frames])


def interleave_genres(names: Sequence[str]) -> list[str]:
    """Order tracks so that the genres take turns."""
    by_genre = [[name for name in names if genre_of(name) == genre] for genre in GENRES]
    return [name for turn in zip_longest(*by_genre) for name in turn if name is not None]


def load_subjects(
    folder: Path, names: Sequence[str], tracks: int, seconds: float = SECONDS
) -> Iterator[Subject]:
    """Load tracks: first all that have audio enough, then pictures of the others.

    Parameters
    ----------
    folder : Path
        GTZAN, with audio and pictures.
    names : sequence of str
        Of a split.
    tracks : int
        Largest number of tracks.
    seconds : float
        Length of the excerpt from the middle of each.

    Yields
    ------
    Subject
        In each of the two groups the genres take turns.

    Raises
    ------
    FileNotFoundError
        If there is no audio of that length, or pictures are needed and not there.
    """
    files = clip_files(folder, names)
    loaded: set[str] = set()
    for name in interleave_genres(list(files)):
        if len(loaded) == tracks:
            return
        clip = decode(files[name].read_bytes(), name)
        if clip.seconds >= seconds:
            loaded.add(name)
            yield subject_from_clip(clip, seconds)
    if not loaded:
        raise FileNotFoundError(
            f"There is no audio of these tracks in {folder}: no file of {seconds:g} s or more "
            "in clips/ or in one folder a genre."
        )
    others = interleave_genres([name for name in names if name not in loaded])[
        : tracks - len(loaded)
    ]
    if others:
        pictures = load_pictures(folder).of(others)
        for index, name in enumerate(others):
            yield subject_from_picture(name, pictures.levels(index), seconds)
