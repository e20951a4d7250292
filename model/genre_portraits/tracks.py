"""Where a genre's evidence lies in one track: on the frequency axis, and in which rhythm."""

from dataclasses import dataclass
from typing import Final

import librosa
import numpy as np
import numpy.typing as npt

from model.audio.spectrogram import mel_frequencies
from model.constants import N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.explain.cam import cam
from model.explain.compactness import sparseness
from model.explain.grid import to_spectrogram
from model.networks.classifier import Classifier
from model.types import Float32, Float64

# The one map whose mean and bias are the score: averages over tracks mean something.
METHOD: Final = "cam"
FRAME_RATE: Final = SAMPLE_RATE / NETWORK_HOP  # pictures' frames a second, 12.9

# Octaves in the musical range; half an octave at the top.
RANGE_EDGES_HZ: Final = (0.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, SAMPLE_RATE / 2)

# Rhythm is looked for from half a beat a second to what 12.9 frames a second can tell.
SLOWEST_HZ, FASTEST_HZ, RATES = 0.4, 6.4, 30
# Ranges with a musical meaning: slow swells, beats, eighths, sixteenths.
RATE_EDGES_HZ: Final = (0.3, 1.5, 3.0, 4.5, 6.5)
# Medians of HPSS: 1.3 s along time, 17 bands along frequency.
_MEDIANS: Final = (17, 17)
_PULSE_SECONDS: Final = (0.25, 1.5)


@dataclass(frozen=True, eq=False)
class TrackPortrait:
    """Where one class's evidence lies in one track; in shares, so that loudness does not count.

    Attributes
    ----------
    right : bool
        Whether the class is the track's most probable one.
    profile : ndarray of float64, shape (rows,)
        Share of the relevance in every row of the network's map.
    ranges : ndarray of float64, shape (ranges,)
        Share of the relevance between neighbouring RANGE_EDGES_HZ.
    rhythm : ndarray of float64, shape (rows, RATES)
        Power of the changes of relevant level at rates from SLOWEST_HZ to FASTEST_HZ,
        row by row, in units of the squared mean change of all rows together.
    rates : ndarray of float64, shape (rate ranges,)
        Share of `rhythm` between neighbouring RATE_EDGES_HZ, all rows together.
    gini : float
        How unevenly the relevance is spread over the map: 0 evenly, near 1 all in one cell.
    percussive : float
        Share of the relevance on what librosa's HPSS takes for percussive, 0 to 1.
    coming_and_going : float
        Standard deviation of the relevance along time over its mean, from one column of the
        map to the next: 0 where it never changes.
    pulse : float
        How alike the relevant onsets are one beat later, whatever the beat: the highest
        autocorrelation between _PULSE_SECONDS; 1 where they repeat exactly.
    """

    right: bool
    profile: Float64
    ranges: Float64
    rhythm: Float64
    rates: Float64
    gini: float
    percussive: float
    coming_and_going: float
    pulse: float


def rates() -> Float64:
    """List the rates at which rhythm is looked for, in Hz, (RATES,)."""
    return np.linspace(SLOWEST_HZ, FASTEST_HZ, RATES)


def portray(classifier: Classifier, levels: Float32, class_index: int) -> TrackPortrait | None:
    """Measure where one class's evidence lies in one track.

    Parameters
    ----------
    classifier : Classifier
        The model.
    levels : ndarray of float32, shape (N_MELS, frames)
        The track, in dB at NETWORK_HOP.
    class_index : int
        The class.

    Returns
    -------
    TrackPortrait or None
        For the positive part of the class's CAM; None where nothing speaks for the class.
    """
    prediction = classifier.predict(levels)
    maps = cam(prediction.feature_maps, classifier.kernel)
    positive = np.maximum(maps[class_index], 0)
    if not positive.any():
        return None
    frames = np.arange(levels.shape[1], dtype=float)
    drawn = to_spectrogram(positive, classifier.grid, np.arange(N_MELS, dtype=float), frames)
    right = int(prediction.logits.argmax()) == class_index
    return measure(positive, drawn, levels, right=right)


def measure(cells: Float32, drawn: Float32, levels: Float32, *, right: bool) -> TrackPortrait:
    """Measure a map of relevance.

    Parameters
    ----------
    cells : ndarray of float32, shape (rows, columns)
        Not negative, not all 0.
    drawn : ndarray of float32, shape (N_MELS, frames)
        The same on the spectrogram.
    levels : ndarray of float32, shape (N_MELS, frames)
        The spectrogram, in dB.
    right : bool
        Whether the network's verdict is this class.

    Returns
    -------
    TrackPortrait
        Of this map.
    """
    per_band = drawn.sum(axis=1, dtype=np.float64) / drawn.sum(dtype=np.float64)
    inside = np.digitize(mel_frequencies(), RANGE_EDGES_HZ) - 1
    over_time = cells.sum(axis=0, dtype=np.float64)
    onsets = relevant_onsets(drawn, levels, len(cells))
    rhythm = rhythm_of(onsets)
    return TrackPortrait(
        right=right,
        profile=cells.sum(axis=1, dtype=np.float64) / cells.sum(dtype=np.float64),
        ranges=_gathered(per_band, inside, RANGE_EDGES_HZ),
        rhythm=rhythm,
        rates=_shares_of_rates(rhythm),
        gini=sparseness(cells),
        percussive=percussive_share(drawn, levels),
        coming_and_going=float(over_time.std() / over_time.mean()),
        pulse=pulse_of(onsets.sum(axis=0)),
    )


def relevant_onsets(drawn: Float32, levels: Float32, rows: int) -> Float64:
    """Measure how much the level rises from frame to frame where there is relevance.

    Spectral flux, weighed by relevance and gathered in rows, (rows, frames - 1).
    """
    rises = np.maximum(np.diff(levels, axis=1), 0) * drawn[:, 1:]
    bands = np.array_split(np.arange(len(rises)), rows)
    return np.stack([rises[of_row].sum(axis=0, dtype=np.float64) for of_row in bands])


def rhythm_of(onsets: Float64) -> Float64:
    """Compute the modulation spectrum of onsets, row by row.

    Parameters
    ----------
    onsets : ndarray of float64, shape (rows, frames)
        Not negative, at FRAME_RATE.

    Returns
    -------
    ndarray of float64, shape (rows, RATES)
        Power at `rates`, in units of the squared mean of all rows together; 0 without
        onsets.
    """
    mean = onsets.sum(axis=0).mean()
    if mean <= 0:
        return np.zeros((len(onsets), RATES))
    window = np.hanning(onsets.shape[1])
    centred = (onsets - onsets.mean(axis=1, keepdims=True)) / mean
    power = np.abs(np.fft.rfft(centred * window, axis=1)) ** 2 / np.square(window).sum()
    found = np.fft.rfftfreq(onsets.shape[1], 1 / FRAME_RATE)
    # Each rate gathers what lies nearest to it: 30 s tell rates apart that tempo does not.
    nearest = np.abs(found[:, np.newaxis] - rates()).argmin(axis=1)
    half_a_step = (FASTEST_HZ - SLOWEST_HZ) / (RATES - 1) / 2
    counted = (found >= SLOWEST_HZ - half_a_step) & (found <= FASTEST_HZ + half_a_step)
    gathered = (nearest[:, np.newaxis] == np.arange(RATES)) & counted[:, np.newaxis]
    return power @ (gathered / np.maximum(gathered.sum(axis=0), 1))


def _gathered(values: Float64, inside: npt.NDArray[np.intp], edges: tuple[float, ...]) -> Float64:
    """Sum values by the range that each lies in, (ranges,)."""
    return np.bincount(inside, values, minlength=len(edges) - 1).astype(np.float64)


def _shares_of_rates(rhythm: Float64) -> Float64:
    """Compute the share of the modulation power in each range of rates; equal without any."""
    inside = np.digitize(rates(), RATE_EDGES_HZ) - 1
    power = _gathered(rhythm.sum(axis=0), inside, RATE_EDGES_HZ)
    total = power.sum()
    return power / total if total > 0 else np.full(len(power), 1 / len(power))


def pulse_of(onsets: Float64) -> float:
    """Find the highest autocorrelation of onsets at beat distances, -1 to 1; 0 without any."""
    centred = onsets - onsets.mean()
    power = float(centred @ centred)
    if power <= 0:
        return 0.0
    first, last = (round(seconds * FRAME_RATE) for seconds in _PULSE_SECONDS)
    lags = range(first, min(last, len(onsets) - 1) + 1)
    return max(float(centred[lag:] @ centred[:-lag]) / power for lag in lags)


def percussive_share(drawn: Float32, levels: Float32) -> float:
    """Compute the share of relevance that lies on percussive sound.

    Librosa's harmonic-percussive separation (D. FitzGerald, "Harmonic/Percussive Separation
    Using Median Filtering", DAFx 2010) of the picture's own magnitudes; every cell counts as
    what it is more of, for soft masks of so coarse a picture are nearly the same everywhere.
    """
    magnitudes = 10 ** (levels / np.float32(20))
    _, percussive = librosa.decompose.hpss(
        magnitudes, kernel_size=_MEDIANS, power=np.inf, mask=True
    )
    return float((percussive * drawn).sum(dtype=np.float64) / drawn.sum(dtype=np.float64))
