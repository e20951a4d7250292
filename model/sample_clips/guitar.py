"""What stands between a guitar and the desk: amplifier, cabinet and wah pedal."""

import numpy as np
from scipy import signal

from model.sample_clips.filters import (
    RATE,
    Mono,
    Stereo,
    bandpass,
    decibels,
    highpass,
    lowpass,
    peaking,
)

OVERSAMPLING = 4  # distortion makes harmonics above the band; they are filtered off there


def cabinet(sound: Stereo) -> Stereo:
    """Filter as a 12-inch guitar loudspeaker does: no deep bass, a peak, little above 5 kHz."""
    shaped = highpass(sound, 85, 2)
    shaped = peaking(shaped, 130, 2.5, 1.2)
    shaped = peaking(shaped, 420, -2.5, 0.9)
    shaped = peaking(shaped, 2400, 3.5, 1.1)
    return lowpass(shaped, 4500, 3)


def amplifier(sound: Stereo, drive_db: float) -> Stereo:
    """Play through a valve stage: bass cut, soft and slightly lopsided clipping, cabinet.

    Parameters
    ----------
    drive_db : float
        Gain before the valve for a signal brought to -20 dBFS: 6 just colours,
        20 crunches, 35 is a wall.
    """
    mono = highpass(sound, 110, 1)
    rms = np.sqrt(np.mean(mono[np.abs(mono).max(axis=1) > 1e-3] ** 2)) if mono.any() else 1.0
    pushed = signal.resample_poly(mono / rms * 0.1 * decibels(drive_db), OVERSAMPLING, 1, axis=0)
    bias = 0.18
    clipped = np.tanh(pushed + bias) - np.tanh(bias)
    clean = signal.resample_poly(clipped, 1, OVERSAMPLING, axis=0)[: len(sound)]
    return cabinet(clean) * 0.35


def wah(sound: Stereo, centre: Mono) -> Stereo:
    """Sweep a resonance over the sound.

    Parameters
    ----------
    centre : numpy.ndarray, shape (samples,)
        Where the resonance is, in Hz; it may move between 300 and 2800 Hz.

    Notes
    -----
    A bank of fixed resonances is faded from one to the next: the same as one
    moving filter where neighbours overlap, and it cannot become unstable.
    """
    tuned = np.geomspace(300.0, 2800.0, 14)
    place = np.interp(np.log(centre), np.log(tuned), np.arange(len(tuned)))
    swept = np.zeros_like(sound)
    for index, hertz in enumerate(tuned):
        weight = np.maximum(0.0, 1.0 - np.abs(place - index))
        swept += weight[:, None] * bandpass(sound, hertz / 1.22, hertz * 1.22)
    return 0.25 * sound + 1.6 * swept


def pedal(samples: int, rate: float, low: float = 420.0, high: float = 2200.0) -> Mono:
    """Return where a foot holds the wah that rocks `rate` times a second, in Hz."""
    t = np.arange(samples) / RATE
    rock = 0.5 - 0.5 * np.cos(2 * np.pi * rate * t)
    return low * (high / low) ** rock
