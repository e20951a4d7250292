"""Filters over bands of one channel, each answering with its largest value over all bands.

musicnn's front (J. Pons, X. Serra, arXiv 1909.06654) is made of a convolution, a rectifier, a
normalisation and a maximum over all rows. Here the maps in between are never made: a block of rows
and columns of all filters' answers is one matrix product with the filters written out once for
each place in the block (a Toeplitz matrix), and of the answers only the largest are kept.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.inference.beside import side_by_side, stretches
from model.inference.layer import Layer
from model.types import Float32

Int16 = npt.NDArray[np.int16]

# Share of a filter's height by which a block of answers is higher than one.
_HIGHER: Final = 5
# Rows at a time of filters that are one row high.
_ROWS: Final = 16


class BandFilters(Layer):
    """A convolution of one channel, rectified and normalised, and its maximum over all rows.

    Parameters
    ----------
    kernel : ndarray of float32, shape (rows, columns, 1, filters)
        Its taps.
    bias : ndarray of float32, shape (filters,)
        Added before the rectifier.
    affine : tuple of ndarray of float32
        Scale and shift behind it, (filters,) each.
    edges : tuple of int
        Zeros to the left and to the right of the input; none above and below.
    """

    def __init__(
        self,
        kernel: Float32,
        bias: Float32,
        affine: tuple[Float32, Float32],
        edges: tuple[int, int],
    ) -> None:
        self._bias, (self._scale, self._shift) = bias, affine
        self._height, self._width, _, self._filters = kernel.shape
        self._edges = edges
        self._block = (max(1, self._height // _HIGHER), 1)
        if self._height == 1:
            self._block = (1, max(1, self._width // 2))
        # Of a falling normalisation the smallest answer is the largest.
        self._sign = np.where(self._scale < 0, np.float32(-1), np.float32(1))
        self._matrix = self._toeplitz(kernel[:, :, 0] * self._sign)

    def _toeplitz(self, kernel: Float32) -> Float32:
        """Write filters out for every place of a block: (height, width, rows, columns, filters)."""
        down, across = self._block
        matrix = np.zeros(
            (self._height + down - 1, self._width + across - 1, down, across, self._filters),
            np.float32,
        )
        for row in range(down):
            for column in range(across):
                matrix[row : row + self._height, column : column + self._width, row, column] = (
                    kernel
                )
        return matrix

    def _product(self, n_rows: int) -> Float32:
        """Take the matrix for so many rows of answers, (inputs, answers)."""
        if self._height == 1:
            matrix = self._matrix
        else:
            matrix = self._matrix[: self._height + n_rows - 1, :, :n_rows]
        return matrix.reshape(matrix.shape[0] * matrix.shape[1], -1)

    def _blocks(self, n_rows: int) -> list[tuple[int, int]]:
        """List first row and end of every block of answers."""
        step = _ROWS if self._height == 1 else self._block[0]
        return [(first, min(first + step, n_rows)) for first in range(0, n_rows, step)]

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Answer with the largest value of every filter at every moment: (1, columns, filters)."""
        level = inputs[0][..., 0]
        n_rows = level.shape[0] - self._height + 1
        columns = level.shape[1] + sum(self._edges) - self._width + 1
        windows = self._windows(level, columns)
        shape = (len(windows), self._block[1], self._filters)
        best = np.full(shape, -np.inf, np.float32)
        where = np.zeros(shape, np.int16)

        def find(some: slice) -> None:
            for first, end in self._blocks(n_rows):
                self._compete(windows[some], first, end, (best[some], where[some]))

        side_by_side(find, stretches(len(windows), len(windows)))
        # Bias, rectifier and normalisation leave the order of answers as it is, so they wait.
        output = best * self._sign
        output += self._bias
        is_open = output > 0
        np.maximum(output, np.float32(0), out=output)
        output *= self._scale
        output += self._shift
        whole = output.reshape(1, -1, self._filters)[:, :columns]
        return whole, (where, is_open, level.shape)

    def _compete(
        self, windows: Float32, first: int, end: int, so_far: tuple[Float32, Int16]
    ) -> None:
        """Let some rows of answers compete with the largest so far, and note where they win."""
        best, where = so_far
        answers = self._answers(windows, first, end)
        for row in range(first, end):
            answer = answers[:, row - first]
            np.copyto(where, np.int16(row), where=answer > best)
            np.maximum(best, answer, out=best)

    def _windows(self, level: Float32, columns: int) -> Float32:
        """Copy what the blocks of columns look at: (blocks, rows, columns of a window)."""
        across = self._block[1]
        blocks, width = -(-columns // across), self._width + across - 1
        wide = np.zeros((len(level), blocks * across + self._width - 1), np.float32)
        wide[:, self._edges[0] : self._edges[0] + level.shape[1]] = level
        windows = np.lib.stride_tricks.sliding_window_view(wide, width, axis=1)[:, ::across]
        return np.ascontiguousarray(windows.swapaxes(0, 1))

    def _answers(self, windows: Float32, first: int, end: int) -> Float32:
        """Weigh the windows: (blocks, rows, columns, filters) of some rows."""
        seen = windows[:, first : end + self._height - 1]
        matrix = self._product(end - first)
        found: Float32 = seen.reshape(-1, len(matrix)) @ matrix
        return found.reshape(len(windows), end - first, self._block[1], self._filters)

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Give the levels under each largest value what its slope tells them."""
        where, is_open, shape = kept
        across = self._block[1]
        sums = np.zeros((len(where) * across, self._filters), np.float32)
        sums[: slope.shape[1]] = slope[0] * np.abs(self._scale)
        sums = sums.reshape(where.shape) * is_open
        width = self._width + across - 1
        found = np.zeros((len(where), shape[0], width), np.float32)

        def give(some: slice) -> None:
            for first, end in self._blocks(shape[0] - self._height + 1):
                rows = np.arange(first, end, dtype=np.int16)[:, np.newaxis, np.newaxis]
                chosen = sums[some, np.newaxis] * (where[some, np.newaxis] == rows)
                matrix = self._product(end - first)
                part = found[some, first : end + self._height - 1]
                part += (chosen.reshape(-1, matrix.shape[1]) @ matrix.T).reshape(part.shape)

        side_by_side(give, stretches(len(where), len(where)))
        return (self._overlapped(found, shape)[..., np.newaxis],)

    def _overlapped(self, windows: Float32, shape: tuple[int, int]) -> Float32:
        """Add up windows where they lie on the input."""
        blocks, rows, width = windows.shape
        across = self._block[1]
        wide = np.zeros((rows, (blocks + -(-width // across)) * across), np.float32)
        for first in range(0, width, across):
            part = windows[:, :, first : first + across].swapaxes(0, 1)
            target = wide[:, first : first + blocks * across].reshape(rows, blocks, across)
            target[:, :, : part.shape[2]] += part
        return wide[:, self._edges[0] : self._edges[0] + shape[1]]
