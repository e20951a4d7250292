"""Layers that join several maps, or take a part of one."""

from typing import Any

import numpy as np

from model.inference.layer import Layer
from model.types import Float32


def _as_wide(slope: Float32, shape: tuple[int, ...]) -> Float32:
    """Add up a slope over the axes along which an input of this shape was repeated."""
    pairs = enumerate(zip(slope.shape, shape, strict=True))
    axes = tuple(axis for axis, (wide, own) in pairs if wide != own)
    return slope.sum(axis=axes, keepdims=True) if axes else slope


class Sum(Layer):
    """Maps of one shape, added up."""

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Add up."""
        output = inputs[0]
        for other in inputs[1:]:
            output = output + other
        return output, len(inputs)

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Give every input the slope."""
        return (slope,) * int(kept)


class Product(Layer):
    """Two maps multiplied; one row of either counts for all rows of the other."""

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Multiply."""
        first, second = inputs
        return first * second, (first, second)

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Weigh the slope of each by the other."""
        first, second = kept
        return _as_wide(slope * second, first.shape), _as_wide(slope * first, second.shape)


class Joined(Layer):
    """Channels of several maps, one behind the other."""

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Join."""
        ends = np.cumsum([one.shape[-1] for one in inputs])
        return np.concatenate(inputs, axis=-1), ends[:-1]

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Give every input the slope of its channels."""
        return tuple(np.split(slope, kept, axis=-1))


class Cropped(Layer):
    """A map without some rows and columns at its edges: ((top, bottom), (left, right))."""

    def __init__(self, edges: tuple[tuple[int, int], tuple[int, int]]) -> None:
        self._edges = edges

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Leave out the edges."""
        (top, bottom), (left, right) = self._edges
        rows, columns, _ = inputs[0].shape
        return inputs[0][top : rows - bottom, left : columns - right], None

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Put zeros there."""
        return (np.pad(slope, (*self._edges, (0, 0))),)


class Padded(Layer):
    """A map with zeros around it: ((top, bottom), (left, right))."""

    def __init__(self, edges: tuple[tuple[int, int], tuple[int, int]]) -> None:
        self.edges = edges

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Put zeros around."""
        return np.pad(inputs[0], (*self.edges, (0, 0))), None

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Leave them out."""
        return Cropped(self.edges).forward(slope)[:1]
