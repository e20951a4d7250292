"""Channels that cancel each other out when they are mixed to one: as a whole, or in some bands.

A microphone or a cable the wrong way round turns one channel upside down; a widening effect does
so to some bands only. What is alike in both is then lost in their mean. For unlike channels
the mean of n holds ``1 / n^2`` of their summed energy, and for like ones n times as much, so it
is cancellation where it holds far less. Two channels are so their mid and side.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from model.audio.silence import runs_of
from model.types import Float32, Float64

# A band cancels where the mix holds less than this of what it would of unlike channels; of two
# channels the side is then 13 dB above the mid.
CANCELLATION_DB: Final = -10.0
# Bands that are weaker than the strongest by more than this are not worth a word.
_FAINT_DB: Final = -40.0

_LOWEST_HZ: Final = 20.0
_BANDS_AN_OCTAVE: Final = 2
_FRAME: Final = 4_096  # samples
# Looking at a part of the sound is enough for a mean over all of it.
_EVERY: Final = 4  # blocks


class ChannelBands:
    """Energies of the channels and of their mean in half octaves, added up block by block.

    Parameters
    ----------
    channels : int
        How many.
    sample_rate : int
        Hz.
    """

    def __init__(self, channels: int, sample_rate: int) -> None:
        self._channels, self._blocks = channels, 0
        hertz = np.arange(_FRAME // 2 + 1) * (sample_rate / _FRAME)
        band = np.floor(np.log2(np.maximum(hertz, 1) / _LOWEST_HZ) * _BANDS_AN_OCTAVE)
        # Below the lowest band there is no sound, only offset.
        self._first = int(np.searchsorted(hertz, _LOWEST_HZ))
        _, self._starts = np.unique(band[self._first :], return_index=True)
        edges = np.concatenate([hertz[self._first :][self._starts], hertz[-1:]])
        self._edges = edges
        self._window = np.hanning(_FRAME).astype(np.float32)
        self._of_mix = np.zeros(len(self._starts))
        self._of_channels = np.zeros((channels, len(self._starts)))

    def add(self, block: Float32, mix: Float32) -> None:
        """Take note of a block.

        Parameters
        ----------
        block : ndarray of float32, shape (frames, channels)
            The next samples.
        mix : ndarray of float32, shape (frames,)
            Their mean over the channels.
        """
        self._blocks += 1
        if self._channels == 1 or (self._blocks - 1) % _EVERY:
            return
        self._of_mix += self._energies(mix)
        self._of_channels += [self._energies(samples) for samples in block.T]

    def _energies(self, samples: Float32) -> Float64:
        samples = samples[:_FRAME]
        window = self._window if len(samples) == _FRAME else np.hanning(len(samples))
        spectrum = np.fft.rfft(samples * window.astype(np.float32), _FRAME)
        power = np.square(spectrum.real) + np.square(spectrum.imag)
        return np.add.reduceat(power[self._first :].astype(np.float64), self._starts)

    @property
    def loudest(self) -> int:
        """The channel with the most energy."""
        return int(self._of_channels.sum(axis=1).argmax())

    def cancelled(self) -> list[tuple[float, float]]:
        """Find where the channels cancel.

        Returns
        -------
        list of (float, float)
            Lower and upper edge of every stretch of such bands, in Hz, rising. From 0 to
            infinity where all that can be heard cancels.
        """
        total = self._of_channels.sum(axis=0)
        left = self._of_mix * self._channels**2
        heard = total > total.max(initial=0.0) * 10 ** (_FAINT_DB / 10)
        cancels = heard & (left < total * 10 ** (CANCELLATION_DB / 10))
        if cancels.any() and (cancels == heard).all():
            return [(0.0, math.inf)]
        return [
            (float(self._edges[first]), float(self._edges[end])) for first, end in runs_of(cancels)
        ]


def cancellation_note(stretches: Sequence[tuple[float, float]]) -> str:
    """Tell the user that channels cancel, and what is done about it.

    Parameters
    ----------
    stretches : sequence of (float, float)
        From `ChannelBands.cancelled`; at least one.

    Returns
    -------
    str
        One sentence.
    """
    where = " and ".join(
        f"between {_rounded(low)} and {_rounded(high)} Hz"
        for low, high in stretches
        if math.isfinite(high)
    )
    begin = f"{where[0].upper()}{where[1:]} the" if where else "The"
    return (
        f"{begin} channels of this recording cancel each other out, "
        "so only the loudest of them is used."
    )


def _rounded(hertz: float) -> str:
    digits = 1 - int(math.log10(max(hertz, 10.0)))
    return f"{round(hertz, digits):,.0f}"
