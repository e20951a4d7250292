"""The one front end of training and app: waveform <-> STFT <-> log-mel spectrogram.

The network learned from pictures made with librosa at 22050 Hz, an FFT of 2048
samples, 128 mel bands and a range of 80 dB below the clip's own maximum. Training
data, evaluation, app and command line all come through this module, so they can
not drift apart. It is written out here, and held to librosa's numbers by tests: librosa takes
seconds to import, with numba and half of SciPy, while somebody waits for a first verdict.
"""

from functools import lru_cache
from typing import Final

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
from model.types import Complex64, Float32, Float64

Bools = npt.NDArray[np.bool_]

# Where Slaney's mel scale bends, and its mel to a factor of e above.
_CORNER_HZ, _CORNER_MEL = 1_000.0, 15.0
_MEL_AN_E: Final = 27.0 / np.log(6.4)
# Frames that are transformed at a time.
_FRAMES: Final = 128

# Power below which a spectrum counts as empty.
_SMALLEST_POWER = 1e-16

# What stands out above the loudest sound that lasts by more than this counts as a click. In
# all 999 pictures of GTZAN nothing does (14.1 dB at most).
CLICK_DB: Final = 15.0
# The same for samples above the largest ones that last.
LEAP_DB: Final = 20.0
# What fills less than half of this does not last.
_LASTING_SECONDS: Final = 0.7
# One click and one more for so long: drums alone stand out as much, and come more often.
_SECONDS_A_CLICK: Final = 5.0


def mel_filterbank() -> Float32:
    """Build the network's mel filters, (N_MELS, N_FFT // 2 + 1), as `slaney_filterbank` does."""
    return slaney_filterbank(N_MELS, N_FFT, SAMPLE_RATE)


@lru_cache(maxsize=2)
def slaney_filterbank(n_bands: int, n_fft: int, rate: int) -> Float32:
    """Build triangular mel filters, area-normalised as librosa does (Slaney).

    Parameters
    ----------
    n_bands, n_fft, rate : int
        Number of bands, length of the transform in samples, and samples a second.

    Returns
    -------
    ndarray of float32, shape (n_bands, n_fft // 2 + 1)
        Row m weighs the power of the STFT's bins for mel band m. Read-only.
    """
    edges = mel_points(n_bands + 2, rate / 2)[:, np.newaxis]
    bins = np.linspace(0.0, rate / 2, n_fft // 2 + 1)
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    filters = (triangles * 2.0 / (edges[2:] - edges[:-2])).astype(np.float32)
    filters.setflags(write=False)
    return filters


def mel_points(number: int, highest_hz: float) -> Float64:
    """Spread frequencies evenly over Slaney's mel scale, from 0 Hz on.

    It is linear up to 1 kHz, 3 mel to 200 Hz, and logarithmic above, 27 mel to a factor of 6.4
    (M. Slaney, "Auditory Toolbox", 1998).

    Parameters
    ----------
    number : int
        How many.
    highest_hz : float
        The last one, in Hz; at least 1000.

    Returns
    -------
    ndarray of float64, shape (number,)
        In Hz, rising.
    """
    highest = _CORNER_MEL + np.log(highest_hz / _CORNER_HZ) * _MEL_AN_E
    mel = np.linspace(0.0, highest, number)
    above = _CORNER_HZ * np.exp(np.maximum(mel - _CORNER_MEL, 0.0) / _MEL_AN_E)
    return np.where(mel < _CORNER_MEL, mel * (_CORNER_HZ / _CORNER_MEL), above)


@lru_cache(maxsize=1)
def _hann() -> Float32:
    """Build the window, periodic: its squares add up to a constant at a quarter of its length."""
    phase = 2.0 * np.pi * np.arange(N_FFT) / N_FFT
    window = (0.5 - 0.5 * np.cos(phase)).astype(np.float32)
    window.setflags(write=False)
    return window


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
    padded = np.zeros(len(waveform) + N_FFT, np.float32)
    padded[N_FFT // 2 : N_FFT // 2 + len(waveform)] = waveform
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::hop_length]
    spectrum = np.empty((len(frames), N_FFT // 2 + 1), np.complex64)
    for first in range(0, len(frames), _FRAMES):
        some = slice(first, first + _FRAMES)
        spectrum[some] = np.fft.rfft(frames[some] * _hann())
    return spectrum.T


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
    n_frames = spectrum.shape[1]
    # Every frame is a row of pieces of hop_length each, the last of which may be filled up.
    pieces = -(-N_FFT // hop_length)
    sound = np.zeros((n_frames + pieces - 1, hop_length), np.float32)
    weight = np.zeros((n_frames + pieces - 1, hop_length), np.float32)
    fill = ((0, 0), (0, pieces * hop_length - N_FFT))
    squares = np.pad(_hann()[np.newaxis] ** 2, fill).reshape(pieces, hop_length)
    for first in range(0, n_frames, _FRAMES):
        some = np.fft.irfft(spectrum[:, first : first + _FRAMES].T, N_FFT) * _hann()
        parts = np.pad(some, fill).reshape(len(some), pieces, hop_length)
        for piece in range(pieces):
            place = slice(first + piece, first + piece + len(some))
            sound[place] += parts[:, piece]
            weight[place] += squares[piece]
    # Where no frame lies, or the edge of one, there is nothing to divide.
    np.divide(sound, weight, out=sound, where=weight > np.finfo(np.float32).tiny)
    waveform = np.zeros(length, np.float32)
    found = sound.ravel()[N_FFT // 2 :][:length]
    waveform[: len(found)] = found
    return waveform


def lasting_maximum(values: npt.NDArray[np.floating], hop_length: int) -> float:
    """Find the largest value that lasts, whatever a single click does.

    It is the maximum of the running median over 0.7 s: anything shorter than half of that,
    even several times in a row with pauses in between, is passed over.

    Parameters
    ----------
    values : ndarray, shape (frames,)
        Of each frame; at least one.
    hop_length : int
        Step between frames, in samples.

    Returns
    -------
    float
        At most the maximum.
    """
    reach = max(1, round(_LASTING_SECONDS * SAMPLE_RATE / hop_length / 2))
    # Mirrored at its ends, so that a click in the first frame is not one in many.
    mirrored = np.pad(values, reach, mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(mirrored, 2 * reach + 1)
    return float(np.median(windows, axis=1).max())


def _if_rare(found: Bools, hop_length: int) -> Bools:
    """Keep what was found if it is rare; what comes again and again is a beat, not a click."""
    events = int(np.count_nonzero(np.diff(found.astype(np.int8), prepend=0) > 0))
    allowed = 1 + len(found) * hop_length / SAMPLE_RATE / _SECONDS_A_CLICK
    return found if events <= allowed else np.zeros_like(found)


def _clicks(power: Float32, hop_length: int) -> Bools:
    """Find the frames that hold a click, or see the edge of one, (frames,)."""
    peaks = power.max(axis=0)
    lasting = lasting_maximum(peaks, hop_length)
    clicks = peaks > max(lasting, _SMALLEST_POWER) * 10 ** (CLICK_DB / 10)
    clicks = _if_rare(clicks, hop_length)
    if lasting <= _SMALLEST_POWER or not clicks.any():
        return np.zeros(len(peaks), bool)
    # Frames see the same sample if their centres are less than an FFT apart.
    reach = N_FFT // hop_length
    return np.convolve(clicks, np.ones(2 * reach + 1, bool), "same")[: len(clicks)]


def _leaps(waveform: Float32, hop_length: int, n_frames: int) -> Bools:
    """Find the frames around samples that stand out of all that last, (n_frames,).

    Thirty samples are a short part of a frame, so its power may not show what its samples do.
    """
    whole = np.abs(waveform[: len(waveform) // hop_length * hop_length])
    peaks = whole.reshape(-1, hop_length).max(axis=1)
    leaps = np.zeros(n_frames, bool)
    if not len(peaks):
        return leaps
    lasting = lasting_maximum(peaks, hop_length)
    if lasting > 0.0:
        found = np.flatnonzero(_if_rare(peaks > lasting * 10 ** (LEAP_DB / 20), hop_length))
        # What lies between the centres of two frames is seen by either.
        leaps[found] = leaps[np.minimum(found + 1, n_frames - 1)] = True
    return leaps


def _below_the_maximum(power: Float32, clicks: Bools) -> Float32:
    """Turn power into dB below the loudest cell that is no click, which are cut to 0 dB."""
    loudest = float(power[:, ~clicks].max(initial=0.0)) or float(power.max(initial=0.0))
    if loudest <= _SMALLEST_POWER:
        return np.full(power.shape, -DYNAMIC_RANGE_DB, np.float32)
    # librosa's power_to_db(ref=max, top_db=80), except that its absolute floor, made for
    # recordings near full scale, does not cut into quiet ones.
    share = np.clip(
        power / np.float32(loudest), np.float32(10 ** (-DYNAMIC_RANGE_DB / 10)), np.float32(1)
    )
    level: Float32 = np.float32(10.0) * np.log10(share)
    return level


def _mel_power(spectrum: Complex64) -> Float32:
    power: Float32 = mel_filterbank() @ (spectrum.real**2 + spectrum.imag**2)
    return power


def log_mel_from_stft(spectrum: Complex64, hop_length: int = FINE_HOP) -> Float32:
    """Sum an STFT's power into mel bands, in dB below the loudest cell.

    A click sets no reference: what is louder than all that lasts by more than `CLICK_DB` is
    cut to 0 dB.

    Parameters
    ----------
    spectrum : ndarray of complex64, shape (N_FFT // 2 + 1, frames)
        As `stft` gives it.
    hop_length : int
        Step between its frames, in samples.

    Returns
    -------
    ndarray of float32, shape (N_MELS, frames)
        Level in dB in [-`DYNAMIC_RANGE_DB`, 0]; 0 is the maximum of this clip, clicks left
        out. A clip without any power is `-DYNAMIC_RANGE_DB` everywhere.
    """
    power = _mel_power(spectrum)
    return _below_the_maximum(power, _clicks(power, hop_length))


def log_mel(waveform: Float32, hop_length: int = NETWORK_HOP) -> Float32:
    """Compute the log-mel spectrogram that the network reads.

    In place of a click it reads the frame beside it: a single full frame would move the mean
    and the spread of all levels, and sound like a beat.

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
    power = _mel_power(stft(waveform, hop_length))
    clicks = _clicks(power, hop_length) | _leaps(waveform, hop_length, power.shape[1])
    if clicks.any() and not clicks.all():
        power = power[:, nearest_of(~clicks, len(clicks))]
        clicks[:] = False
    return _below_the_maximum(power, clicks)


def nearest_of(flags: Bools, end: int) -> npt.NDArray[np.intp]:
    """Find the nearest frame with a flag for every frame: itself where it has one.

    Parameters
    ----------
    flags : ndarray of bool, shape (frames,)
        At least one is set.
    end : int
        How many frames to find one for, from the first on.

    Returns
    -------
    ndarray of int, shape (end,)
        Indices of frames.
    """
    places, frames = np.flatnonzero(flags), np.arange(end)
    after = np.minimum(np.searchsorted(places, frames), len(places) - 1)
    before = np.maximum(after - 1, 0)
    is_nearer = np.abs(places[after] - frames) <= np.abs(frames - places[before])
    return np.where(is_nearer, places[after], places[before])


@lru_cache(maxsize=1)
def mel_frequencies() -> npt.NDArray[np.float64]:
    """Compute the centre frequency of every mel band.

    Returns
    -------
    ndarray of float64, shape (N_MELS,)
        In Hz, rising. Read-only.
    """
    centres = mel_points(N_MELS + 2, SAMPLE_RATE / 2)[1:-1].copy()
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
