"""The spectrogram that YAMNet hears: 64 bands, 100 frames a second, at one loudness.

It follows its authors' front end: 16 kHz, frames of 25 ms every 10 ms, magnitudes in triangular
bands on the HTK mel scale, ``ln(mel + 0.001)``. That is absolute, so every excerpt is brought to
one loudness first.
"""

from functools import lru_cache
from typing import Final

import numpy as np
import soxr

from model.audio.loudness import gain_to_one_loudness
from model.constants import SAMPLE_RATE
from model.types import Float32, Float64

YAMNET_RATE: Final = 16_000  # Hz
YAMNET_HOP: Final = 160  # samples, 10 ms
YAMNET_BANDS: Final = 64
YAMNET_WINDOW: Final = 400  # samples, 25 ms
_N_FFT: Final = 512  # samples
_LOWEST_HZ, _HIGHEST_HZ = 125.0, 7_500.0
YAMNET_FLOOR: Final = 1e-3


def _mel(hertz: Float64) -> Float64:
    """Turn frequencies into mel as HTK does."""
    return 1127.0 * np.log1p(hertz / 700.0)


def _edges() -> Float64:
    """Where the triangles of all bands begin, peak and end, in mel."""
    lowest, highest = _mel(np.array([_LOWEST_HZ, _HIGHEST_HZ]))
    return np.linspace(lowest, highest, YAMNET_BANDS + 2)


def yamnet_centres() -> Float64:
    """Return the frequencies at which YAMNet's bands peak, (YAMNET_BANDS,), in Hz."""
    centres: Float64 = 700.0 * np.expm1(_edges()[1:-1] / 1127.0)
    return centres


@lru_cache(maxsize=1)
def yamnet_filterbank() -> Float32:
    """Triangular filters, equally spaced and straight in mel, each with the peak 1.

    Returns
    -------
    ndarray of float32, shape (YAMNET_BANDS, bins)
        Read-only. The lowest bin, a constant, belongs to no band.
    """
    bins = _mel(np.linspace(0.0, YAMNET_RATE / 2, _N_FFT // 2 + 1))
    edges = _edges()
    width = edges[1] - edges[0]
    filters = np.maximum(0.0, 1.0 - np.abs(bins - edges[1:-1, np.newaxis]) / width)
    filters[:, 0] = 0.0
    filters = filters.astype(np.float32)
    filters.setflags(write=False)
    return filters


def yamnet_log_mel(waveform: Float32) -> Float32:
    """Compute what YAMNet hears.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE, at least 25 ms.

    Returns
    -------
    ndarray of float32, shape (YAMNET_BANDS, frames)
        ``ln(mel + 0.001)``, lowest band first; frame t is centred at
        ``(t * YAMNET_HOP + 200) / YAMNET_RATE`` seconds.
    """
    resampled = soxr.resample(waveform, SAMPLE_RATE, YAMNET_RATE)
    frames = np.lib.stride_tricks.sliding_window_view(resampled, YAMNET_WINDOW)[::YAMNET_HOP]
    cosine = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(YAMNET_WINDOW) / YAMNET_WINDOW)
    hann = cosine.astype(np.float32)
    # Frame by frame, so that a constant offset neither leaks into the lowest bands nor makes
    # silence audible.
    offset = frames @ (hann / hann.sum())
    spectrum = np.abs(np.fft.rfft((frames - offset[:, np.newaxis]) * hann, _N_FFT))
    power = np.square(spectrum[:, yamnet_filterbank().any(axis=0)]).sum(axis=1)
    mel = yamnet_filterbank() @ spectrum.T
    return np.log(
        mel * np.float32(gain_to_one_loudness(power, _N_FFT, YAMNET_WINDOW))
        + np.float32(YAMNET_FLOOR)
    )
