"""The 57 song statistics that public tables of GTZAN hold, computed from a waveform.

The table ``features_30_sec.csv``, which many studies of GTZAN start from, says of every clip
the mean and the variance of 28 curves along time, and the tempo. Its makers did not publish
how. That it was librosa's defaults throughout, with the population's variance, was found by
computing them from real clips: see the test beside this module.
"""

from typing import Final

import librosa
import numpy as np
import numpy.typing as npt

from model.audio.spectrogram import istft, stft
from model.constants import SAMPLE_RATE
from model.types import Complex64, Float32

N_MFCC: Final = 20
# Frames or bins; librosa's default.
_MEDIAN_OVER: Final = 31

# Curves whose mean and variance are taken, before the tempo.
_CURVES: Final = (
    "chroma_stft",
    "rms",
    "spectral_centroid",
    "spectral_bandwidth",
    "rolloff",
    "zero_crossing_rate",
    "harmony",
    "perceptr",
)
_MFCCS: Final = tuple(f"mfcc{index}" for index in range(1, N_MFCC + 1))


def _mean_and_variance(curves: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{curve}_{moment}" for curve in curves for moment in ("mean", "var"))


SONG_STATISTICS: Final = (*_mean_and_variance(_CURVES), "tempo", *_mean_and_variance(_MFCCS))
"""Names of the statistics, as the table's columns and in their order."""


def song_statistics(waveform: Float32) -> Float32:
    """Compute the song statistics of a clip.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE. The table's clips have 30 s; the variances of a shorter
        one are less certain, and its tempo much less.

    Returns
    -------
    ndarray of float32, shape (57,)
        In the order of SONG_STATISTICS. Frequencies in Hz, tempo in beats a minute; the
        loudness is that of samples in [-1, 1], so it depends on the recording's level.

    Notes
    -----
    B. McFee et al., "librosa: Audio and Music Signal Analysis in Python", SciPy 2015; the
    harmonic and percussive parts ("harmony", "perceptr") are D. Fitzgerald's, DAFx 2010.
    """
    spectrum = stft(waveform)
    magnitude = np.abs(spectrum)
    power = magnitude**2
    mel_db = librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=SAMPLE_RATE))
    harmonic, percussive = harmonic_and_percussive(spectrum, magnitude)
    curves = [
        librosa.feature.chroma_stft(S=power, sr=SAMPLE_RATE),
        librosa.feature.rms(y=waveform),
        librosa.feature.spectral_centroid(S=magnitude, sr=SAMPLE_RATE),
        librosa.feature.spectral_bandwidth(S=magnitude, sr=SAMPLE_RATE),
        librosa.feature.spectral_rolloff(S=magnitude, sr=SAMPLE_RATE),
        librosa.feature.zero_crossing_rate(waveform),
        istft(harmonic, len(waveform)),
        istft(percussive, len(waveform)),
    ]
    envelope = librosa.onset.onset_strength(y=waveform, sr=SAMPLE_RATE, aggregate=np.median)
    tempo = librosa.feature.tempo(onset_envelope=envelope, sr=SAMPLE_RATE)
    mfccs = librosa.feature.mfcc(S=mel_db, n_mfcc=N_MFCC)
    return np.array([*_moments(curves), *tempo, *_moments(list(mfccs))], np.float32)


def harmonic_and_percussive(spectrum: Complex64, magnitude: Float32) -> tuple[Complex64, Complex64]:
    """Part a spectrum into what lasts in time and what is spread over pitch.

    D. Fitzgerald, "Harmonic/Percussive Separation Using Median Filtering", DAFx 2010: medians
    along time and along frequency, H and P, and the shares of H^2 and P^2 in their sum.

    Parameters
    ----------
    spectrum : ndarray of complex64, shape (bins, frames)
        From `stft`.
    magnitude : ndarray of float32, shape (bins, frames)
        Its absolute values.

    Returns
    -------
    harmonic, percussive : ndarray of complex64, shape (bins, frames)
        The numbers of librosa's `hpss`, which takes six times as long.
    """
    along_time = _median_of_rows(magnitude)
    along_pitch = _median_of_rows(np.ascontiguousarray(magnitude.T)).T
    share = librosa.util.softmask(along_time, along_pitch, power=2.0, split_zeros=True)
    # Not as the difference of the two, which would round differently.
    other = librosa.util.softmask(along_pitch, along_time, power=2.0, split_zeros=True)
    return spectrum * share, spectrum * other


def _median_of_rows(values: Float32) -> Float32:
    """Replace every value by the median of its neighbourhood in its row, mirrored at the ends.

    One row behind the other, for over one axis SciPy moves along a sorted window, and over a
    plane it sorts every window anew: that takes ten times as long.
    """
    from scipy.ndimage import median_filter  # noqa: PLC0415  # nobody waits for it

    reach = _MEDIAN_OVER // 2
    padded = np.pad(values, ((0, 0), (reach, reach)), mode="symmetric")
    medians: Float32 = median_filter(padded.ravel(), size=_MEDIAN_OVER)
    return medians.reshape(padded.shape)[:, reach:-reach]


def _moments(curves: list[npt.NDArray[np.floating]]) -> list[float]:
    """Compute mean and variance of every curve, over all its values."""
    # In double precision: the mean of a waveform is a small difference of large sums.
    return [
        float(moment)
        for curve in curves
        for moment in (curve.mean(dtype=np.float64), curve.var(dtype=np.float64))
    ]
