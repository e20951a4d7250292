"""Levels: compression, saturation, side chain and loudness."""

import numpy as np
from scipy import signal

from model.sample_clips.filters import RATE, Mono, Stereo, decibels

TARGET_RMS_DB = -18.0  # dBFS, over the whole clip
PEAK_CEILING_DB = -1.5  # dBFS, of the true peak; the Ogg coder adds a little
TRUE_PEAK_OVERSAMPLING = 4  # as ITU-R BS.1770 asks for at 44.1 kHz


def level(sound: Stereo, milliseconds: float) -> Mono:
    """Return the sound's running RMS level, both channels together."""
    pole = np.exp(-1.0 / (RATE * milliseconds / 1000.0))
    power = signal.lfilter([1 - pole], [1, -pole], (sound**2).mean(axis=1))
    return np.sqrt(np.maximum(power, 1e-12))


def compress(
    sound: Stereo, threshold_db: float, ratio: float, milliseconds: float = 25.0
) -> Stereo:
    """Turn down what is louder than the threshold: a feed-forward RMS compressor."""
    over = np.maximum(0.0, 20 * np.log10(level(sound, milliseconds)) - threshold_db)
    return sound * (10.0 ** (-over * (1 - 1 / ratio) / 20.0))[:, None]


def saturate(sound: Stereo, drive_db: float) -> Stereo:
    """Round off the peaks as tape does, at unchanged gain for soft sounds."""
    drive = decibels(drive_db)
    return np.tanh(sound * drive) / drive


def duck(sound: Stereo, hits: list[float], depth: float, recovery: float) -> Stereo:
    """Pull the sound down at each hit (seconds) and let it return: a side chain.

    Parameters
    ----------
    depth : float
        Share taken away at the hit, 0 to 1.
    recovery : float
        Seconds until it is back.
    """
    gain = np.ones(len(sound))
    shape = 1.0 - depth * (1.0 - np.linspace(0, 1, int(recovery * RATE))) ** 1.5
    for hit in hits:
        first = int(hit * RATE)
        part = gain[first : first + len(shape)]
        part[:] = np.minimum(part, shape[: len(part)])
    return sound * gain[:, None]


def rms_db(sound: Stereo) -> float:
    """Return the level of the whole clip in dBFS (a full-scale square wave is 0)."""
    return float(10 * np.log10(np.mean(sound**2) + 1e-20))


def true_peak_db(sound: Stereo) -> float:
    """Return the highest point between the samples as well, in dBFS."""
    between = signal.resample_poly(sound, TRUE_PEAK_OVERSAMPLING, 1, axis=0)
    return float(20 * np.log10(np.abs(between).max() + 1e-20))


def limit(sound: Stereo, ceiling_db: float) -> Stereo:
    """Keep the peaks below a ceiling by a gain that looks 3 ms ahead."""
    ceiling = decibels(ceiling_db)
    reach = int(0.003 * RATE)
    peaks = np.abs(sound).max(axis=1)
    held = np.lib.stride_tricks.sliding_window_view(np.pad(peaks, reach), 2 * reach + 1).max(axis=1)
    wanted = np.minimum(1.0, ceiling / np.maximum(held, 1e-9))
    window = np.hanning(2 * reach + 1)
    smooth = np.convolve(np.pad(wanted, reach, mode="edge"), window / window.sum(), "valid")
    return sound * smooth[:, None]


def normalise(sound: Stereo) -> Stereo:
    """Bring a clip to the level that all samples share, its true peak below the ceiling."""
    for _ in range(4):  # the limiter takes a little level away, so both are repeated
        sound = sound * decibels(TARGET_RMS_DB - rms_db(sound))
        sound = limit(sound, PEAK_CEILING_DB)
    excess = true_peak_db(sound) - PEAK_CEILING_DB
    return sound * decibels(-max(0.0, excess))


def fade(sound: Stereo, fade_in: float, fade_out: float) -> Stereo:
    """Fade the ends over some seconds, along a quarter of a sine."""
    faded = sound.copy()
    for seconds, at_end in ((fade_in, False), (fade_out, True)):
        ramp = np.sin(np.linspace(0, np.pi / 2, max(1, int(seconds * RATE))))[:, None]
        if at_end:
            faded[-len(ramp) :] *= ramp[::-1]
        else:
            faded[: len(ramp)] *= ramp
    return faded
