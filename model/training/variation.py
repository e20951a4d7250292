"""Variations of a whole clip's picture: another pitch, speed or colour."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.audio.spectrogram import mel_frequencies
from model.constants import DYNAMIC_RANGE_DB
from model.training.augment import smooth_curve
from model.types import Float32


@dataclass(frozen=True)
class Variation:
    """How a clip is changed.

    Attributes
    ----------
    pitch : float
        Factor of all frequencies.
    speed : float
        Factor of the tempo; above 1 the clip gets shorter.
    equaliser_db : float
        Standard deviation of a smooth random equaliser, drawn for each clip, in dB.
    """

    pitch: float = 1.0
    speed: float = 1.0
    equaliser_db: float = 2.0


def vary(level: Float32, how: Variation, rng: np.random.Generator) -> Float32:
    """Make another version of a picture.

    Pitch and speed change apart from each other, by interpolation between bands and between
    frames. What lies beyond the highest band is taken as the highest band.

    Parameters
    ----------
    level : ndarray of float32, shape (N_MELS, frames)
        Levels in dB.
    how : Variation
        What to change.
    rng : numpy.random.Generator
        Where the equaliser comes from.

    Returns
    -------
    ndarray of float32, shape (N_MELS, about frames / how.speed)
        Levels in dB below the version's own maximum, down to -DYNAMIC_RANGE_DB.
    """
    n_bands, n_frames = level.shape
    hertz = mel_frequencies()
    bands = np.interp(hertz / how.pitch, hertz, np.arange(n_bands))
    moved = _between(level, bands)
    times = np.arange(int((n_frames - 1) / how.speed) + 1) * how.speed
    moved = _between(moved.T, times).T
    moved = moved + np.float32(how.equaliser_db) * smooth_curve(n_bands, rng)[:, np.newaxis]
    return np.maximum(moved - moved.max(), np.float32(-DYNAMIC_RANGE_DB))


def _between(rows: Float32, places: npt.NDArray[np.floating]) -> Float32:
    """Read rows at places that may lie between two of them."""
    lower = np.floor(places).astype(np.intp)
    upper = np.minimum(lower + 1, len(rows) - 1)
    share = (places - lower).astype(np.float32)[:, np.newaxis]
    return rows[lower] * (1 - share) + rows[upper] * share
