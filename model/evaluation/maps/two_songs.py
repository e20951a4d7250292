"""Two songs as one sound, where it is known which place belongs to whom.

One behind the other, or one below and the other above a frequency.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.spectrogram import log_mel, mel_frequencies
from model.constants import SAMPLE_RATE
from model.types import Float32

Bool = npt.NDArray[np.bool_]

# Half of the mel bands lie below.
CROSSOVER: Final = 2_000.0  # Hz


@dataclass(frozen=True, eq=False)
class TwoSongs:
    """A sound made of two.

    Attributes
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    levels : ndarray of float32, shape (N_MELS, frames)
        What the network reads of it.
    regions : tuple of two ndarrays of bool, shape (N_MELS, frames)
        Where each of the two is.
    """

    waveform: Float32
    levels: Float32
    regions: tuple[Bool, Bool]


def at_one_level(waveform: Float32) -> Float32:
    """Normalise a waveform's RMS, so that neither of two sounds drowns the other."""
    level = np.sqrt(np.mean(np.square(waveform, dtype=np.float64)))
    return (waveform * (0.1 / max(level, 1e-9))).astype(np.float32)


def low_part(waveform: Float32, crossover: float = CROSSOVER) -> Float32:
    """Keep what lies below a frequency, with a sharp edge and no change of phase.

    The low part and the high part of a waveform add up to the whole.
    """
    spectrum = np.fft.rfft(waveform)
    spectrum[np.fft.rfftfreq(len(waveform), 1 / SAMPLE_RATE) >= crossover] = 0
    return np.fft.irfft(spectrum, len(waveform)).astype(np.float32)


def high_part(waveform: Float32) -> Float32:
    """Keep what lies above CROSSOVER."""
    return waveform - low_part(waveform)


def in_a_row(first: Float32, second: Float32) -> TwoSongs:
    """Put the first halves of two waveforms one behind the other, at one loudness."""
    # Or the quieter one would hardly be there.
    halves = [at_one_level(sound[: len(sound) // 2]) for sound in (first, second)]
    waveform = np.concatenate(halves)
    levels = log_mel(waveform)
    border = levels.shape[1] * len(halves[0]) / len(waveform)
    frames = np.arange(levels.shape[1])
    before, behind = (
        np.broadcast_to(side, levels.shape) for side in (frames < border, frames > border)
    )
    return TwoSongs(waveform, levels, (before, behind))


def one_below_the_other(below: Float32, above: Float32) -> TwoSongs:
    """Put what one waveform has below CROSSOVER under what the other has above it."""
    samples = min(len(below), len(above))
    low, high = low_part(below[:samples]), high_part(above[:samples])
    waveform = at_one_level(low) + at_one_level(high)
    levels = log_mel(waveform)
    low_bands = np.broadcast_to((mel_frequencies() < CROSSOVER)[:, np.newaxis], levels.shape)
    return TwoSongs(waveform, levels, (low_bands, ~low_bands))
