"""The layers in front of the convolutions, as `model.networks.layers` has them for Keras."""

import math
from typing import Any, Final

import numpy as np

from model.audio.spectrogram import mel_frequencies, mel_points
from model.inference.layer import Layer
from model.types import Float32

_LN_10: Final = math.log(10.0)
# A picture flatter than this has nothing in it to stretch.
LEAST_SPREAD_DB: Final = 1.0


class StandardLevels(Layer):
    """Levels of a clip at a given mean and a given spread, both in dB."""

    def __init__(self, mean_db: float, spread_db: float) -> None:
        self._mean, self._spread = mean_db, spread_db

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Standardise: ``mean + spread * (x - m) / s``."""
        level = inputs[0]
        away = level - level.mean(dtype=np.float64).astype(np.float32)
        own = math.sqrt(float(np.square(away, dtype=np.float64).mean()))
        scale = np.float32(self._spread / max(own, LEAST_SPREAD_DB))
        return away * scale + np.float32(self._mean), (away, own, scale)

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Differentiate by every level, which moves the clip's mean and spread as well."""
        away, own, scale = kept
        found = scale * (slope - slope.mean(dtype=np.float64).astype(np.float32))
        if own > LEAST_SPREAD_DB:
            along = float((slope * away).mean(dtype=np.float64))
            found -= np.float32(float(scale) * along / own**2) * away
        return (found,)


class LevelToLogPower(Layer):
    """Compressed power ``log10(1 + 10^((dB + gain) / 10))`` of levels in dB."""

    def __init__(self, gain_db: float) -> None:
        self._gain = np.float32(gain_db)

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Compress."""
        natural = (inputs[0] + self._gain) * np.float32(_LN_10 / 10.0)
        # softplus(x) = max(x, 0) + ln(1 + e^-|x|) does not overflow.
        output = np.exp(-np.abs(natural))
        np.log1p(output, out=output)
        output += np.maximum(natural, np.float32(0))
        output /= np.float32(_LN_10)
        return output, natural

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Weigh the slope by the logistic function, over 10 dB."""
        half = np.tanh(kept * np.float32(0.5))
        return (slope * (half + np.float32(1)) * np.float32(0.05),)


def band_shares(n_bands: int, highest_hz: float, n_mels: int) -> Float32:
    """Find the share of every mel band in each band of another mel scale, linearly in between.

    Parameters
    ----------
    n_bands : int
        Bands of the other scale.
    highest_hz : float
        Upper edge of its highest band, in Hz.
    n_mels : int
        Bands of ours.

    Returns
    -------
    ndarray of float32, shape (n_bands, n_mels)
        Each row with sum 1 inside of our bands.
    """
    edges = mel_points(n_bands + 2, highest_hz)
    place = np.interp(edges[1:-1], mel_frequencies(), np.arange(n_mels))
    distance = np.abs(place[:, np.newaxis] - np.arange(n_mels))
    return np.maximum(0.0, 1.0 - distance).astype(np.float32)


class BandsUpTo(Layer):
    """Levels of one channel read at other bands: shares (n_bands, n_mels)."""

    def __init__(self, shares: Float32) -> None:
        self._shares = shares

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Mix the bands."""
        return (self._shares @ inputs[0][..., 0])[..., np.newaxis], None

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Mix the other way round."""
        return ((self._shares.T @ slope[..., 0])[..., np.newaxis],)


class FinerFrames(Layer):
    """`factor` new columns for each old one, which is in their middle; linear in between."""

    def __init__(self, factor: int) -> None:
        self._places = [(index - factor // 2) / factor for index in range(factor)]

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Put columns between columns; beyond the ends they stay the same."""
        level = inputs[0]
        before = np.concatenate([level[:, :1], level[:, :-1]], axis=1)
        after = np.concatenate([level[:, 1:], level[:, -1:]], axis=1)
        rows, columns, channels = level.shape
        finer = np.empty((rows, columns, len(self._places), channels), np.float32)
        for index, place in enumerate(self._places):
            share = np.float32(abs(place))
            finer[:, :, index] = (1 - share) * level + share * (before if place < 0 else after)
        return finer.reshape(rows, -1, channels), None

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Add up what each old column gave to."""
        rows, _, channels = slope.shape
        parts = slope.reshape(rows, -1, len(self._places), channels)
        found = np.zeros((rows, parts.shape[1], channels), np.float32)
        for index, place in enumerate(self._places):
            part, share = parts[:, :, index], np.float32(abs(place))
            found += (1 - share) * part
            if place < 0:
                found[:, :-1] += share * part[:, 1:]
                found[:, 0] += share * part[:, 0]
            elif place > 0:
                found[:, 1:] += share * part[:, :-1]
                found[:, -1] += share * part[:, -1]
        return (found,)
