"""A convolution that keeps channels apart."""

from typing import Any, Final

import numpy as np

from model.inference.convolution import Ending, Form
from model.inference.layer import Layer
from model.types import Float32

# Numbers that are multiplied in one go.
_LENGTH: Final = 1024


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
        together = max(1, _LENGTH // channels) if across == 1 else 1
        pieces = -(-columns // together)
        padded = self._padded(pixels, pieces * together)
        taps = np.tile(self.kernel, (1, 1, together))
        line, column, channel = padded.strides
        sums = np.empty((pieces, together * channels), np.float32)
        output = np.empty((rows, columns, channels), np.float32)
        kept = self.ending.kept_like(output)
        for row in range(rows):
            around = np.lib.stride_tricks.as_strided(
                padded[row * down :],
                (pieces, *taps.shape),
                (together * across * column, line, column, channel),
                writeable=False,
            )
            # Multiplies and adds in one go, without an array in between.
            np.einsum("pijc,ijc->pc", around, taps, out=sums)
            output[row] = sums.reshape(-1, channels)[:columns]
            self.ending.apply(output[row], None if kept is None else kept[row])
        return output, (kept, pixels.shape)

    def _padded(self, pixels: Float32, columns: int) -> Float32:
        """Put zeros around, and behind for so many columns of the output."""
        (top, bottom), (left, right) = self.form.edges
        height, width, channels = pixels.shape
        read = (columns - 1) * self.form.step[1] + self.kernel.shape[1]
        wide = max(read, left + width + right)
        padded = np.zeros((height + top + bottom, wide, channels), np.float32)
        padded[top : top + height, left : left + width] = pixels
        return padded

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
