"""Two songs as one sound, where it is known which place belongs to whom.

One behind the other, or one below and the other above a frequency: `model.evaluation.maps.mixtures`
does the same for networks that read pictures alone, from whole tracks.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.audio.spectrogram import log_mel, mel_frequencies
from model.evaluation.maps.mixtures import CROSSOVER, at_one_level, high_part, low_part
from model.types import Float32

Bool = npt.NDArray[np.bool_]


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
