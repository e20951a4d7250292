"""Layers on numbers of a whole song, as `model.networks.statistics_network` has them."""

from typing import Any, Final

import numpy as np

from model.inference.layer import Layer
from model.types import Float32

# As Keras' Normalization divides.
_LEAST_SPREAD: Final = 1e-7
# Far below any variance of music, and above 0, which digital silence has.
SMALLEST: Final = 1e-12


class LogOfSome(Layer):
    """The natural logarithm of some columns, the others as they are."""

    def __init__(self, columns: list[bool]) -> None:
        self._columns = np.array(columns)

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Take logarithms."""
        above = np.maximum(inputs[0], np.float32(SMALLEST))
        return np.where(self._columns, np.log(above), inputs[0]), above

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Divide the slope where a logarithm was taken."""
        return (np.where(self._columns, slope / kept, slope),)


def affine_of_normalization(weights: tuple[Float32, ...]) -> tuple[Float32, Float32]:
    """Turn mean, variance and count of a Normalization into scale and shift."""
    mean, variance = (each.astype(np.float64) for each in weights[:2])
    scale = 1 / np.maximum(np.sqrt(variance), _LEAST_SPREAD)
    return scale.astype(np.float32), (-mean * scale).astype(np.float32)
