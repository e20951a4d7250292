"""Filters that answer in one row each, as `model.networks.part_filters` masks them in use."""

from typing import Any

import numpy as np

from model.inference.layer import Layer
from model.types import Float32


class RowFilters(Layer):
    """Every map weighed by a mask around the row in which it is strongest on average.

    Parameters
    ----------
    steepness : ndarray of float32, shape (filters,)
        How fast the masks fall with the distance of rows, which lie evenly from -1 to 1.
    """

    def __init__(self, steepness: Float32) -> None:
        self._steepness = steepness

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Mask."""
        positive = np.maximum(inputs[0], np.float32(0))
        seen = positive.mean(axis=1)
        n_rows = len(seen)
        rows = np.linspace(-1, 1, n_rows, dtype=np.float32) if n_rows > 1 else np.zeros(1)
        distance = np.abs(rows[:, np.newaxis] - rows[seen.argmax(axis=0)])
        mask = (seen.max(axis=0) > 0) * np.maximum(1 - self._steepness * distance, 0)
        mask = mask.astype(np.float32)[:, np.newaxis]
        return positive * mask, mask * (inputs[0] > 0)

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Weigh the slope by the mask, which counts as given."""
        return (slope * kept,)
