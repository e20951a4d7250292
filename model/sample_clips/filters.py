"""Filters: the small tools that every effect is made of."""

import numpy as np
import numpy.typing as npt
from scipy import signal

RATE = 44_100  # Hz, of everything that is made here

Stereo = npt.NDArray[np.float64]  # (samples, 2), full scale is 1.0
Mono = npt.NDArray[np.float64]  # (samples,)


def decibels(gain_db: float) -> float:
    """Return the amplitude factor of a gain in dB."""
    return float(10.0 ** (gain_db / 20.0))


def _filter(sound: Stereo, cutoff: float | tuple[float, float], kind: str, order: int) -> Stereo:
    return signal.sosfilt(signal.butter(order, cutoff, kind, fs=RATE, output="sos"), sound, axis=0)


def highpass(sound: Stereo, hertz: float, order: int = 2) -> Stereo:
    """Remove what lies below a frequency (Butterworth)."""
    return _filter(sound, hertz, "highpass", order)


def lowpass(sound: Stereo, hertz: float, order: int = 2) -> Stereo:
    """Remove what lies above a frequency (Butterworth)."""
    return _filter(sound, hertz, "lowpass", order)


def bandpass(sound: Stereo, low: float, high: float, order: int = 1) -> Stereo:
    """Keep what lies between two frequencies (Butterworth)."""
    return _filter(sound, (low, high), "bandpass", order)


def peaking(sound: Stereo, hertz: float, gain_db: float, q: float = 1.0) -> Stereo:
    """Raise or lower a band: the peaking biquad of Bristow-Johnson's cookbook."""
    a = 10.0 ** (gain_db / 40.0)
    omega = 2 * np.pi * hertz / RATE
    alpha = np.sin(omega) / (2 * q)
    b = [1 + alpha * a, -2 * np.cos(omega), 1 - alpha * a]
    d = [1 + alpha / a, -2 * np.cos(omega), 1 - alpha / a]
    return signal.lfilter(b, d, sound, axis=0)


def high_shelf(sound: Stereo, hertz: float, gain_db: float) -> Stereo:
    """Raise or lower the treble by a first-order shelf."""
    return sound + (decibels(gain_db) - 1.0) * highpass(sound, hertz, order=1)


def low_shelf(sound: Stereo, hertz: float, gain_db: float) -> Stereo:
    """Raise or lower the bass by a first-order shelf."""
    return sound + (decibels(gain_db) - 1.0) * lowpass(sound, hertz, order=1)
