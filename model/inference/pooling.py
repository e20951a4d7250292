"""Maxima and means over windows, and over a whole map."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from model.inference.layer import Layer
from model.types import Float32

Pair = tuple[int, int]


class _Windows(Layer):
    """Windows that lie wholly inside of a map.

    Parameters
    ----------
    size, step : tuple of int
        Rows and columns of a window, and from one to the next.
    """

    def __init__(self, size: Pair, step: Pair) -> None:
        self._size, self._step = size, step

    def _cells(self, pixels: Float32) -> Iterator[Float32]:
        """View the first cell of all windows, then the second, and so on."""
        ends = [
            (length - size) // step * step + 1
            for length, size, step in zip(pixels.shape, self._size, self._step, strict=False)
        ]
        for row in range(self._size[0]):
            for column in range(self._size[1]):
                yield pixels[
                    row : row + ends[0] : self._step[0], column : column + ends[1] : self._step[1]
                ]


class Maximum(_Windows):
    """The largest value of every window."""

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Find the largest, and which cell it was: the first of equal ones."""
        cells = self._cells(inputs[0])
        output = next(cells).copy()
        which = np.zeros(output.shape, np.uint8)
        for index, cell in enumerate(cells, start=1):
            np.copyto(which, np.uint8(index), where=cell > output)
            np.maximum(output, cell, out=output)
        return output, (which, inputs[0].shape)

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Give each largest cell the slope of its window."""
        which, shape = kept
        found = np.zeros(shape, np.float32)
        for index, cell in enumerate(self._cells(found)):
            np.add(cell, slope * (which == index), out=cell)
        return (found,)


class Mean(_Windows):
    """The mean of every window."""

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Average."""
        cells = self._cells(inputs[0])
        output = next(cells).copy()
        for cell in cells:
            output += cell
        output *= np.float32(1 / (self._size[0] * self._size[1]))
        return output, inputs[0].shape

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Spread the slope of each window evenly."""
        found = np.zeros(kept, np.float32)
        share = slope * np.float32(1 / (self._size[0] * self._size[1]))
        for cell in self._cells(found):
            np.add(cell, share, out=cell)
        return (found,)


class MeanOfAll(Layer):
    """The mean over rows and columns: (channels,)."""

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Average."""
        return inputs[0].mean(axis=(0, 1)), inputs[0].shape

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Spread the slope evenly."""
        rows, columns, _ = kept
        return (np.broadcast_to(slope * np.float32(1 / (rows * columns)), kept),)
