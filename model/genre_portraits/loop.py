"""The time frame of a made sound: a loop of two bars."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.constants import FINE_HOP, N_FFT, NETWORK_HOP, SAMPLE_RATE
from model.types import Float32

STEPS: Final = 32  # sixteenths: two bars of four beats
_STEPS_A_BEAT: Final = 4

# Network frames to one frame at FINE_HOP.
FINER: Final = NETWORK_HOP / FINE_HOP

# Points a frame at which the course of a decay is integrated.
_POINTS: Final = 64


@dataclass(frozen=True)
class Loop:
    """Two bars of sixteenths, each a whole number of frames long.

    Attributes
    ----------
    frames_per_step : int
        Frames at FINE_HOP to a sixteenth.
    """

    frames_per_step: int

    @property
    def frames(self) -> int:
        """Length in frames at FINE_HOP."""
        return STEPS * self.frames_per_step

    @property
    def samples(self) -> int:
        """Length in samples."""
        return self.frames * FINE_HOP

    @property
    def beats_per_minute(self) -> float:
        """Tempo, a beat being four sixteenths."""
        return 60 * SAMPLE_RATE / (_STEPS_A_BEAT * self.frames_per_step * FINE_HOP)

    def repeats(self, seconds: float) -> int:
        """Count how often the loop has to be played to last at least so long."""
        return int(np.ceil(seconds * SAMPLE_RATE / self.samples))

    def decays(self, decay: float, attack: float) -> Float32:
        """Compute the power that frames of an STFT see of a sound struck at each step.

        Parameters
        ----------
        decay : float
            Time constant of the amplitude's fall, in seconds.
        attack : float
            Time constant of its rise, in seconds.

        Returns
        -------
        ndarray of float32, shape (STEPS, frames)
            With power 1 at the stroke; what rings on past the end wraps to the beginning.
        """
        step = FINE_HOP / SAMPLE_RATE / _POINTS
        time = np.arange(self.frames * _POINTS) * step
        # A geometric series: the same stroke in every round before this one.
        rounds = 1 / (1 - np.exp(-2 * time.size * step / decay))
        course = np.exp(-2 * time / decay) * (rounds - np.exp(-time / attack))
        half = N_FFT / 2 / SAMPLE_RATE
        offsets = np.arange(-round(half / step), round(half / step) + 1)
        weights = np.cos(np.pi * offsets * step / (2 * half)) ** 4  # Hann's window, squared
        window = np.zeros(time.size)
        window[offsets] = weights / weights.sum()
        seen = np.fft.irfft(np.fft.rfft(course) * np.fft.rfft(window), time.size)[::_POINTS]
        strokes = [np.roll(seen, step * self.frames_per_step) for step in range(STEPS)]
        return np.maximum(strokes, 0).astype(np.float32)
