"""The one front end of training and app: waveform <-> STFT <-> log-mel spectrogram.

The network learned from pictures made with librosa at 22050 Hz, an FFT of 2048
samples, 128 mel bands and a range of 80 dB below the clip's own maximum. Training
data, evaluation, app and command line all come through this module, so they can
not drift apart.
"""

from functools import lru_cache

import librosa
import numpy as np
import numpy.typing as npt

from model.constants import (
    DYNAMIC_RANGE_DB,
    FINE_HOP,
    N_FFT,
    N_MELS,
    NETWORK_HOP,
    SAMPLE_RATE,
)
from model.types import Complex64, Float32

# Power below which a spectrum counts as empty.
_SMALLEST_POWER = 1e-16


@lru_cache(maxsize=1)
def mel_filterbank() -> Float32:
    """Build the triangular mel filters, area-normalised as librosa does (Slaney).

    Returns
    -------
    ndarray of float32, shape (N_MELS, N_FFT // 2 + 1)
        Row m weighs the power of the STFT's bins for mel band m. Read-only.
    """
    filters = librosa.filters.mel(sr=SAMPLE_RATE, n_fft=N_FFT, n_mels=N_MELS)
    filters = filters.astype(np.float32)
    filters.setflags(write=False)
    return filters


def stft(waveform: Float32, hop_length: int = FINE_HOP) -> Complex64:
    """Compute the short-time Fourier transform with a centred Hann window.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at `SAMPLE_RATE`.
    hop_length : int
        Step between frames, in samples.

    Returns
    -------
    ndarray of complex64, shape (N_FFT // 2 + 1, frames)
        With ``frames = 1 + samples // hop_length``.
    """
    spectrum: Complex64 = librosa.stft(waveform, n_fft=N_FFT, hop_length=hop_length)
    return spectrum


def istft(spectrum: Complex64, length: int, hop_length: int = FINE_HOP) -> Float32:
    """Turn a short-time Fourier transform back into sound.

    Parameters
    ----------
    spectrum : ndarray of complex64, shape (N_FFT // 2 + 1, frames)
        As `stft` gives it, with the same `hop_length`.
    length : int
        Samples to return.
    hop_length : int
        Step between frames, in samples; at most ``N_FFT // 4`` to be exact.

    Returns
    -------
    ndarray of float32, shape (length,)
        Mono audio at `SAMPLE_RATE`.
    """
    waveform: Float32 = librosa.istft(
        spectrum, n_fft=N_FFT, hop_length=hop_length, length=length, dtype=np.float32
    )
    return waveform


def log_mel_from_stft(spectrum: Complex64) -> Float32:
    """Sum an STFT's power into mel bands, in dB below the loudest cell.

    Parameters
    ----------
    spectrum : ndarray of complex64, shape (N_FFT // 2 + 1, frames)
        As `stft` gives it, at any hop length.

    Returns
    -------
    ndarray of float32, shape (N_MELS, frames)
        Level in dB in [-`DYNAMIC_RANGE_DB`, 0]; 0 is the maximum of this clip. A
        clip without any power is `-DYNAMIC_RANGE_DB` everywhere.
    """
    power = mel_filterbank() @ (spectrum.real**2 + spectrum.imag**2)
    loudest = float(power.max(initial=0.0))
    if loudest <= _SMALLEST_POWER:
        return np.full(power.shape, -DYNAMIC_RANGE_DB, np.float32)
    # librosa's power_to_db(ref=max, top_db=80), except that its absolute floor, made for
    # recordings near full scale, does not cut into quiet ones.
    share = np.maximum(power / np.float32(loudest), np.float32(10 ** (-DYNAMIC_RANGE_DB / 10)))
    level: Float32 = np.float32(10.0) * np.log10(share)
    return level


def log_mel(waveform: Float32, hop_length: int = NETWORK_HOP) -> Float32:
    """Compute the log-mel spectrogram that the network reads.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at `SAMPLE_RATE`.
    hop_length : int
        Step between frames, in samples. The network expects `NETWORK_HOP`.

    Returns
    -------
    ndarray of float32, shape (N_MELS, frames)
        Level in dB in [-`DYNAMIC_RANGE_DB`, 0] below the clip's maximum, lowest band
        first.

    Examples
    --------
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(3 * 22050) / 22050).astype(np.float32)
    >>> log_mel(tone).shape
    (128, 39)
    """
    return log_mel_from_stft(stft(waveform, hop_length))


@lru_cache(maxsize=1)
def mel_frequencies() -> npt.NDArray[np.float64]:
    """Compute the centre frequency of every mel band.

    Returns
    -------
    ndarray of float64, shape (N_MELS,)
        In Hz, rising. Read-only.
    """
    edges = librosa.mel_frequencies(n_mels=N_MELS + 2, fmin=0.0, fmax=SAMPLE_RATE / 2)
    centres = edges[1:-1]
    centres.setflags(write=False)
    return centres


def frame_times(n_frames: int, hop_length: int = FINE_HOP) -> npt.NDArray[np.float64]:
    """Compute the time at the centre of every frame of a centred STFT.

    Parameters
    ----------
    n_frames : int
        Number of frames.
    hop_length : int
        Step between frames, in samples.

    Returns
    -------
    ndarray of float64, shape (n_frames,)
        In seconds from the first sample.
    """
    return np.arange(n_frames, dtype=np.float64) * (hop_length / SAMPLE_RATE)
