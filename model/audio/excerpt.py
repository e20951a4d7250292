"""The part of a clip that one analysis covers, with its spectrogram."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from model.audio.clip import SILENCE_DBFS, AudioError, Clip
from model.audio.silence import sound_bounds, sounding_stretches
from model.audio.spectrogram import (
    frame_times,
    log_mel,
    log_mel_from_stft,
    mel_frequencies,
    stft,
)
from model.constants import (
    COLUMN_FRAMES,
    DYNAMIC_RANGE_DB,
    MIN_SECONDS,
    N_MELS,
    NETWORK_HOP,
    SAMPLE_RATE,
    WINDOW_SECONDS,
)
from model.types import Float32


@dataclass(frozen=True, eq=False)
class Excerpt:
    """The part of a clip that one analysis covers, with its spectrogram.

    Attributes
    ----------
    clip : Clip
        Where it comes from.
    start : float
        Where in the clip it begins, in seconds.
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    sound : tuple of int, or None
        First sample of the sound in it, a multiple of the frames of a cell of the network's
        map, and the sample behind its last; None where there is no silence around it.
    """

    clip: Clip
    start: float
    waveform: Float32
    sound: tuple[int, int] | None = None

    @cached_property
    def levels(self) -> Float32:
        """Levels at NETWORK_HOP, which the network reads, (N_MELS, frames).

        Those of the sound as if it stood alone, at its place in a picture of silence.
        """
        first, end = self.sound or (0, len(self.waveform))
        sound = log_mel(self.waveform[first:end], NETWORK_HOP)
        if self.sound is None:
            return sound
        n_frames = 1 + len(self.waveform) // NETWORK_HOP
        levels = np.full((N_MELS, n_frames), -DYNAMIC_RANGE_DB, np.float32)
        place = first // NETWORK_HOP
        levels[:, place : place + sound.shape[1]] = sound
        return levels

    # Computed when first looked at: a verdict alone, as on a whole song, needs neither.
    @cached_property
    def stft(self) -> npt.NDArray[np.complex64]:
        """Short-time spectrum at FINE_HOP, (bins, frames)."""
        return stft(self.waveform)

    @cached_property
    def log_mel(self) -> Float32:
        """Levels at FINE_HOP in dB below the excerpt's maximum, (N_MELS, frames)."""
        return log_mel_from_stft(self.stft)

    @property
    def name(self) -> str:
        """Name of the clip."""
        return self.clip.name

    @property
    def seconds(self) -> float:
        """Length of the excerpt in seconds."""
        return len(self.waveform) / SAMPLE_RATE

    @property
    def times(self) -> npt.NDArray[np.float64]:
        """Time of every frame in seconds from the beginning of the clip, (frames,)."""
        return self.start + frame_times(self.log_mel.shape[1])

    @property
    def frequencies(self) -> npt.NDArray[np.float64]:
        """Centre frequency of every mel band in Hz, (N_MELS,)."""
        return mel_frequencies()


def sound_start(clip: Clip) -> float:
    """Find where to begin with a clip: with its sound, at a whole second.

    Parameters
    ----------
    clip : Clip
        A decoded clip.

    Returns
    -------
    float
        In seconds; 0 unless the clip begins with a second or more of silence. At least
        MIN_SECONDS of the clip follow.
    """
    stretches = sounding_stretches(clip.waveform)
    first = stretches[0][0] if stretches else 0.0
    return float(max(0, math.floor(min(first, clip.seconds - MIN_SECONDS))))


def prepare(clip: Clip, start: float = 0.0, seconds: float = WINDOW_SECONDS) -> Excerpt:
    """Cut the excerpt to analyse out of a clip.

    Parameters
    ----------
    clip : Clip
        A decoded clip.
    start : float
        Where to begin, in seconds.
    seconds : float
        How much to take; less if the clip ends before.

    Returns
    -------
    Excerpt
        From `start`, or from as late as leaves MIN_SECONDS. Where that is silent, it begins
        up to a third of a second later, so that the sound behind the silence begins with a
        cell of the network's map: it is then read as if it had no silence before it.

    Raises
    ------
    AudioError
        If `start` lies outside the clip or the stretch is silent.
    """
    if not 0.0 <= start < clip.seconds:
        raise AudioError(
            "start",
            f"The clip is {clip.seconds:.1f} s long, so it cannot be heard from "
            f"{start:.1f} s on. Choose a start between 0 and "
            f"{max(0.0, clip.seconds - MIN_SECONDS):.1f} s.",
        )
    start = min(start, max(0.0, clip.seconds - MIN_SECONDS))
    first = round(start * SAMPLE_RATE)
    length = round(seconds * SAMPLE_RATE)
    waveform = clip.waveform[first : first + length]
    if float(np.ptp(waveform)) / 2 < 10 ** (SILENCE_DBFS / 20):
        raise AudioError(
            "silent",
            f"There is only silence from {start:.1f} s to "
            f"{start + len(waveform) / SAMPLE_RATE:.1f} s. Choose another part of the clip.",
        )
    excerpt = Excerpt(clip, start, waveform)
    sound = sound_bounds(waveform, excerpt.levels)
    if sound == (0, len(waveform)):
        return excerpt
    later = sound[0] % (COLUMN_FRAMES * NETWORK_HOP)
    shifted = clip.waveform[first + later : first + later + length]
    end = len(shifted) if sound[1] == len(waveform) else sound[1] - later
    return Excerpt(clip, (first + later) / SAMPLE_RATE, shifted, (sound[0] - later, end))


def sound_after(clip: Clip, start: float) -> float | None:
    """Find the whole second from which on there is sound behind a silence.

    Parameters
    ----------
    clip : Clip
        A decoded clip.
    start : float
        Where it is silent, in seconds.

    Returns
    -------
    float or None
        None if it stays silent.
    """
    for first, _ in sounding_stretches(clip.waveform):
        if first > start:
            return float(max(0, math.floor(min(first, clip.seconds - MIN_SECONDS))))
    return None
