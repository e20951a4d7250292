"""The stretch of a clip that one analysis looks at, with its spectrogram."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from model.audio.clip import SILENCE_DBFS, AudioError, Clip
from model.audio.spectrogram import frame_times, log_mel_from_stft, mel_frequencies, stft
from model.constants import MIN_SECONDS, SAMPLE_RATE, WINDOW_SECONDS
from model.types import Float32


@dataclass(frozen=True, eq=False)
class Excerpt:
    """The stretch of a clip that one analysis looks at, with its spectrogram.

    Attributes
    ----------
    clip : Clip
        Where it comes from.
    start : float
        Where in the clip it begins, in seconds.
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    """

    clip: Clip
    start: float
    waveform: Float32

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


def prepare(clip: Clip, start: float = 0.0, seconds: float = WINDOW_SECONDS) -> Excerpt:
    """Cut the stretch to look at out of a clip.

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
        From `start`, or from as late as leaves MIN_SECONDS.

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
    waveform = clip.waveform[first : first + round(seconds * SAMPLE_RATE)]
    if float(np.ptp(waveform)) / 2 < 10 ** (SILENCE_DBFS / 20):
        raise AudioError(
            "silent",
            f"There is only silence from {start:.1f} s to "
            f"{start + len(waveform) / SAMPLE_RATE:.1f} s. Choose another part of the clip.",
        )
    return Excerpt(clip, start, waveform)
