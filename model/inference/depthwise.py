"""A convolution that keeps channels apart."""

from typing import Any, Final

import numpy as np

from model.inference.convolution import Ending, Form
from model.inference.layer import Layer
from model.types import Float32

# Numbers that are multiplied in one go.
_LENGTH: Final = 512


class Depthwise(Layer):
    """Every channel convolved with taps of its own, row by row, so that a row stays at hand.

    Parameters
    ----------
    kernel : ndarray of float32, shape (rows, columns, channels)
        Taps.
    form : Form
        How it lies on the input; without gaps.
    ending : Ending
        What follows.
    """

    def __init__(self, kernel: Float32, form: Form, ending: Ending) -> None:
        self.kernel, self.form, self.ending = kernel, form, ending

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Convolve."""
        pixels, (down, across) = inputs[0], self.form.step
        rows, columns = self.form.size(pixels.shape, self.kernel.shape)
        channels = pixels.shape[-1]
        # NumPy is quick along a long last axis: several columns and all their channels are one.
        together = max(1, _LENGTH // channels)
        length = -(-columns // together) * together
        lines = self._lines(pixels, length)
        taps = np.tile(self.kernel, (1, 1, together))
        sums = np.empty((length // together, together * channels), np.float32)
        product = np.empty_like(sums)
        output = np.empty((rows, columns, channels), np.float32)
        kept = self.ending.kept_like(output)
        for row in range(rows):
            for i, j in np.ndindex(*taps.shape[:2]):
                line = lines[j % across][row * down + i].reshape(-1)
                first = j // across * channels
                part = line[first : first + length * channels].reshape(sums.shape)
                np.multiply(part, taps[i, j], out=product if i or j else sums)
                if i or j:
                    sums += product
            output[row] = sums.reshape(length, channels)[:columns]
            self.ending.apply(output[row], None if kept is None else kept[row])
        return output, (kept, pixels.shape)

    def _lines(self, pixels: Float32, length: int) -> list[Float32]:
        """Put zeros around, and take columns that are a step apart for each column of a step."""
        across = self.form.step[1]
        (top, bottom), (left, _) = self.form.edges
        height, width, channels = pixels.shape
        wide = (length + self.kernel.shape[1]) * across
        padded = np.zeros((height + top + bottom, max(wide, left + width), channels), np.float32)
        padded[top : top + height, left : left + width] = pixels
        return [np.ascontiguousarray(padded[:, phase::across]) for phase in range(across)]

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Give every cell what its outputs' slopes tell it."""
        kept, shape = kept
        sums = self.ending.back(slope, kept)
        rows, columns, channels = sums.shape
        (top, bottom), (left, right) = self.form.edges
        padded = np.zeros((shape[0] + top + bottom, shape[1] + left + right, channels), np.float32)
        down, across = self.form.step
        for i, taps in enumerate(self.kernel):
            for j, tap in enumerate(taps):
                padded[
                    i : i + (rows - 1) * down + 1 : down,
                    j : j + (columns - 1) * across + 1 : across,
                ] += sums * tap
        return (padded[top : top + shape[0], left : left + shape[1]],)
