"""A convolution that keeps channels apart."""

from typing import Any

import numpy as np

from model.inference.convolution import Ending, Form
from model.inference.layer import Layer
from model.types import Float32


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
        padded = np.pad(pixels, (*self.form.edges, (0, 0)))
        output = np.empty((rows, columns, pixels.shape[-1]), np.float32)
        kept = self.ending.kept_like(output)
        product = np.empty(output.shape[1:], np.float32)
        end = (columns - 1) * across + 1
        for row in range(rows):
            sums = output[row]
            for i, taps in enumerate(self.kernel):
                line = padded[row * down + i]
                for j, tap in enumerate(taps):
                    target = product if i or j else sums
                    np.multiply(line[j : j + end : across], tap, out=target)
                    if i or j:
                        sums += product
            self.ending.apply(sums, None if kept is None else kept[row])
        return output, (kept, pixels.shape)

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
