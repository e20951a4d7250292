"""What every layer can do, and the plainest ones."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from model.types import Float32


class Layer(ABC):
    """A layer on one clip: forwards, and backwards along the chain rule."""

    @abstractmethod
    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Compute the output, and what `backward` needs to know of this run.

        Parameters
        ----------
        *inputs : ndarray of float32, shape (rows, columns, channels)
            Not changed. Layers behind the global average have shapes of their own.

        Returns
        -------
        output : ndarray of float32
            May be one of the inputs.
        kept : object
            For `backward`.
        """

    @abstractmethod
    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Bring a derivative by the output to the inputs.

        Parameters
        ----------
        slope : ndarray of float32
            Derivative of some number by the output; not changed.
        kept : object
            From `forward`.

        Returns
        -------
        tuple of ndarray of float32
            Derivatives by the inputs, of their shapes.
        """


class Identity(Layer):
    """What does nothing outside training: dropout and noise."""

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Return the input."""
        return inputs[0], None

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Return the slope."""
        return (slope,)


class Affine(Layer):
    """``scale * x + shift`` by channel: a batch normalisation in use.

    Parameters
    ----------
    scale, shift : ndarray of float32, shape (channels,)
        From `affine_of_norm`.
    """

    def __init__(self, scale: Float32, shift: Float32) -> None:
        self.scale, self.shift = scale, shift

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Scale and shift."""
        output = inputs[0] * self.scale
        output += self.shift
        return output, None

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Scale the slope."""
        return (slope * self.scale,)


def affine_of_norm(weights: tuple[Float32, ...], epsilon: float) -> tuple[Float32, Float32]:
    """Turn gamma, beta, mean and variance of a batch normalisation into scale and shift.

    ``gamma (x - mean) / sqrt(variance + epsilon) + beta``
    """
    gamma, beta, mean, variance = (each.astype(np.float64) for each in weights)
    scale = gamma / np.sqrt(variance + epsilon)
    return scale.astype(np.float32), (beta - mean * scale).astype(np.float32)


class Rectifier(Layer):
    """``max(x, 0)``."""

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Rectify."""
        return np.maximum(inputs[0], np.float32(0)), inputs[0] > 0

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Let through where the input was positive."""
        return (slope * kept,)


class Bounded(Layer):
    """Values cut off beyond a limit on either side, as `model.networks.layers` says."""

    def __init__(self, limit: float) -> None:
        self._limit = np.float32(limit)

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Cut off."""
        output = np.clip(inputs[0], -self._limit, self._limit)
        return output, output == inputs[0]

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Let through where nothing was cut off."""
        return (slope * kept,)


class BandBias(Layer):
    """A bias for every row and channel, (rows, 1, channels)."""

    def __init__(self, bias: Float32) -> None:
        self._bias = bias

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Add the bias."""
        return inputs[0] + self._bias, None

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Return the slope."""
        return (slope,)


class Dense(Layer):
    """``x @ kernel + bias``, rectified or not, on (channels,) or (n, channels)."""

    def __init__(self, kernel: Float32, bias: Float32 | None, *, rectifies: bool) -> None:
        self._kernel, self._bias, self._rectifies = kernel, bias, rectifies

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Weigh and add up."""
        output = inputs[0] @ self._kernel
        if self._bias is not None:
            output += self._bias
        if not self._rectifies:
            return output, None
        return np.maximum(output, np.float32(0)), output > 0

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Weigh the slope the other way round."""
        return ((slope if kept is None else slope * kept) @ self._kernel.T,)
