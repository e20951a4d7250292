"""The spectrogram that musicnn hears in a sound: 96 bands, 62.5 frames a second, at one loudness.

It follows its authors' front end: 16 kHz, a centred Hann window of 512 samples every 256, power in
Slaney's mel bands, ``log10(10000 S + 1)``. That is absolute, so every excerpt is brought to one
loudness first.
"""

from typing import Final

import numpy as np
import soxr

from model.audio.loudness import gain_to_one_loudness
from model.audio.spectrogram import slaney_filterbank
from model.constants import SAMPLE_RATE
from model.types import Float32

MUSICNN_RATE: Final = 16_000  # Hz
MUSICNN_HOP: Final = 256  # samples, 16 ms
MUSICNN_BANDS: Final = 96
_N_FFT: Final = 512  # samples
MUSICNN_FACTOR: Final = 10_000.0


def musicnn_log_mel(waveform: Float32) -> Float32:
    """Compute what musicnn hears.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE, at least 25 ms.

    Returns
    -------
    ndarray of float32, shape (MUSICNN_BANDS, frames)
        ``log10(10000 S + 1)``, lowest band first; frame t is centred at
        ``t * MUSICNN_HOP / MUSICNN_RATE`` seconds.
    """
    resampled = soxr.resample(waveform, SAMPLE_RATE, MUSICNN_RATE)
    padded = np.pad(resampled - resampled.mean(), _N_FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _N_FFT)[::MUSICNN_HOP]
    cosine = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(_N_FFT) / _N_FFT)
    hann = cosine.astype(np.float32)
    spectrum = np.abs(np.fft.rfft(frames * hann))
    power = np.square(spectrum, dtype=np.float32)
    gain = gain_to_one_loudness(power.sum(axis=1), _N_FFT, _N_FFT)
    mel = slaney_filterbank(MUSICNN_BANDS, _N_FFT, MUSICNN_RATE) @ power.T
    levels: Float32 = np.log10(np.float32(MUSICNN_FACTOR * gain**2) * mel + np.float32(1))
    return levels
