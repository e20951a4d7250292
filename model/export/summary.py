"""A summary of where the evidence lies, by second and octave."""

from typing import Any, Final

import numpy as np

from model.audio.excerpt import Excerpt
from model.constants import SAMPLE_RATE
from model.types import Float32, Float64

CELL_SECONDS: Final = 1.0
OCTAVES_HZ: Final = (0.0, 125.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, SAMPLE_RATE / 2)

_DIGITS: Final = 6  # of shares
_SHORTEST: Final = 1e-6  # s; less is a rounding error of the excerpt's length


def summarise(excerpt: Excerpt, relevance: Float32, mask: Float32) -> dict[str, Any]:
    """Summarise a heatmap and its mask in cells of one second by one octave.

    Parameters
    ----------
    excerpt : Excerpt
        What was explained.
    relevance : ndarray of float32, shape (N_MELS, frames)
        On any scale; negative relevance counts as 0.
    mask : ndarray of float32, shape (N_MELS, frames)
        In [0, 1].

    Returns
    -------
    dict
        "seconds" and "hertz": edges of the cells, in seconds of the clip and in Hz; the last
        second may be shorter. "share", (octaves, seconds): of all relevance that speaks for
        the class; all 0 where none does. "mask_mean", (octaves, seconds): of the mask.
    """
    seconds = _edges(excerpt.start, excerpt.start + excerpt.seconds)
    rows = np.digitize(excerpt.frequencies, OCTAVES_HZ[1:-1])
    columns = np.digitize(excerpt.times, seconds[1:-1])

    def summed(values: Float32) -> Float64:
        sums = np.zeros((len(OCTAVES_HZ) - 1, len(seconds) - 1))
        np.add.at(sums, (rows[:, np.newaxis], columns), values)
        return sums

    speaking = np.maximum(relevance, 0)
    total = float(speaking.sum(dtype=np.float64)) or 1.0
    # The last second may be too short to hold the centre of a frame.
    counts = np.maximum(summed(np.ones_like(mask)), 1)
    return {
        "seconds": seconds.round(3).tolist(),
        "hertz": list(OCTAVES_HZ),
        "share": (summed(speaking) / total).round(_DIGITS).tolist(),
        "mask_mean": (summed(mask) / counts).round(_DIGITS).tolist(),
    }


def _edges(begin: float, end: float) -> Float64:
    return np.append(np.arange(begin, end - _SHORTEST, CELL_SECONDS), end)
