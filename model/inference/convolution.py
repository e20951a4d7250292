"""Convolutions with everything that follows them cell by cell."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from model.inference import winograd
from model.inference.beside import side_by_side, stretches
from model.inference.layer import Layer
from model.types import Float32

Edges = tuple[tuple[int, int], tuple[int, int]]
# Of what a matrix product is given at a time.
_CELLS: Final = 4096
# Numbers that are added in one go.
_LENGTH: Final = 512
# Fewer channels are not worth the way there and back.
_FEWEST_CHANNELS: Final = 16


@dataclass(frozen=True, eq=False)
class Form:
    """How a convolution lies on its input.

    Attributes
    ----------
    edges : tuple
        Zeros around the input: ((top, bottom), (left, right)).
    step, gap : tuple of int
        Rows and columns from one output to the next, and from one tap to the next.
    """

    edges: Edges = ((0, 0), (0, 0))
    step: tuple[int, int] = (1, 1)
    gap: tuple[int, int] = (1, 1)

    def size(self, shape: tuple[int, ...], kernel: tuple[int, ...]) -> tuple[int, int]:
        """Rows and columns of the output for those of input and kernel."""
        rows, columns = (
            (length + sum(edge) - (taps - 1) * gap - 1) // step + 1
            for length, edge, taps, gap, step in zip(
                shape, self.edges, kernel, self.gap, self.step, strict=False
            )
        )
        return rows, columns


@dataclass(frozen=True, eq=False)
class Ending:
    """What follows a convolution cell by cell: bias, activation, and a normalisation.

    Attributes
    ----------
    bias : ndarray of float32, shape (channels,), or None
        Added first.
    activation : str
        "linear", "relu" or "sigmoid".
    affine : tuple of ndarray, or None
        Scale and shift behind it, (channels,) each.
    """

    bias: Float32 | None
    activation: str = "linear"
    affine: tuple[Float32, Float32] | None = None

    def kept_like(self, output: Float32) -> Any:
        """Make room for what `back` needs of an output."""
        if self.activation == "relu":
            return np.empty(output.shape, bool)
        return np.empty_like(output) if self.activation == "sigmoid" else None

    def apply(self, output: Float32, kept: Any) -> None:
        """Turn sums into outputs, in place."""
        wide = self._together(output)
        if wide > 1:  # NumPy is quick along a long last axis: several cells are one
            output = output.reshape(-1, wide * output.shape[-1])
            kept = None if kept is None else kept.reshape(output.shape)
        if self.bias is not None:
            output += np.tile(self.bias, wide)
        if self.activation == "relu":
            np.greater(output, 0, out=kept)
            # Against a row of zeros: against a single one it takes three times as long.
            np.maximum(output, np.zeros(output.shape[-1], np.float32), out=output)
        elif self.activation == "sigmoid":
            np.multiply(output, np.float32(0.5), out=output)
            np.tanh(output, out=output)
            output += np.float32(1)
            output *= np.float32(0.5)
            kept[...] = output
        if self.affine:
            output *= np.tile(self.affine[0], wide)
            output += np.tile(self.affine[1], wide)

    @staticmethod
    def _together(output: Float32) -> int:
        """Count the cells to take together: so many fill the output without a rest."""
        channels = output.shape[-1]
        cells = output.size // channels
        wanted = max(1, _LENGTH // channels) if output.flags.c_contiguous else 1
        return max(count for count in range(1, wanted + 1) if cells % count == 0)

    def back(self, slope: Float32, kept: Any) -> Float32:
        """Bring a derivative by the outputs to the sums."""
        if self.affine:
            slope = slope * self.affine[0]
        if self.activation == "relu":
            return slope * kept
        if self.activation == "sigmoid":
            return slope * kept * (1 - kept)
        return slope


class Convolution(Layer):
    """A convolution as a matrix product of all cells' surroundings.

    Parameters
    ----------
    kernel : ndarray of float32, shape (rows, columns, channels, outputs)
        Its taps.
    form : Form
        How it lies on the input.
    ending : Ending
        What follows.
    """

    def __init__(self, kernel: Float32, form: Form, ending: Ending) -> None:
        self.kernel, self.form, self.ending = kernel, form, ending

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Convolve."""
        pixels, outputs = inputs[0], self.kernel.shape[-1]
        rows, columns = self.form.size(pixels.shape, self.kernel.shape)
        flat = self.kernel.reshape(-1, outputs)
        output = np.empty((rows, columns, outputs), np.float32)
        kept = self.ending.kept_like(output)
        around = self._surroundings(pixels)

        def convolve(some: slice) -> None:
            cells = around[some].reshape(-1, len(flat))
            np.matmul(cells, flat, out=output[some].reshape(-1, outputs))
            self.ending.apply(output[some], None if kept is None else kept[some])

        side_by_side(convolve, stretches(rows, max(1, _CELLS // columns)))
        return output, (kept, pixels.shape)

    def _surroundings(self, pixels: Float32) -> Float32:
        """View what every output is made of, (rows, columns, height, width, channels)."""
        height, width, channels, _ = self.kernel.shape
        (down, right), (between_rows, between_columns) = self.form.step, self.form.gap
        padded = pixels
        if any(map(any, self.form.edges)):
            padded = np.pad(pixels, (*self.form.edges, (0, 0)))
        row, column, channel = padded.strides
        return np.lib.stride_tricks.as_strided(
            padded,
            (*self.form.size(pixels.shape, self.kernel.shape), height, width, channels),
            (down * row, right * column, between_rows * row, between_columns * column, channel),
            writeable=False,
        )

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Give every cell what its outputs' slopes tell it."""
        kept, shape = kept
        height, width, channels, outputs = self.kernel.shape
        sums = self.ending.back(slope, kept)
        rows, columns, _ = sums.shape
        (top, bottom), (left, right) = self.form.edges
        padded = np.zeros((shape[0] + top + bottom, shape[1] + left + right, channels), np.float32)
        (down, across), (between_rows, between_columns) = self.form.step, self.form.gap
        flat = self.kernel.reshape(-1, outputs).T
        some = max(1, _CELLS // columns)
        for first in range(0, rows, some):
            part = sums[first : first + some]
            cells = (part.reshape(-1, outputs) @ flat).reshape(
                len(part), columns, height, width, channels
            )
            for i in range(height):
                row = first * down + i * between_rows
                for j in range(width):
                    column = j * between_columns
                    padded[
                        row : row + (len(part) - 1) * down + 1 : down,
                        column : column + (columns - 1) * across + 1 : across,
                    ] += cells[:, :, i, j]
        return (padded[top : top + shape[0], left : left + shape[1]],)


class ThreeTaps(Layer):
    """A convolution with three taps along time, which `winograd` halves.

    Parameters
    ----------
    kernel : ndarray of float32, shape (rows, 3, channels, outputs)
        Its taps.
    form : Form
        With one zero on either side and no step along time, and at most a step of two along
        frequency.
    ending : Ending
        What follows.
    """

    def __init__(self, kernel: Float32, form: Form, ending: Ending) -> None:
        self.kernel, self.form, self.ending = kernel, form, ending
        self._factors = [winograd.factors_of(taps) for taps in kernel]
        turned = kernel[:, ::-1].swapaxes(2, 3)
        self._factors_back = [winograd.factors_of(taps) for taps in turned]

    def forward(self, *inputs: Float32) -> tuple[Float32, Any]:
        """Convolve."""
        pixels, step = inputs[0], self.form.step[0]
        rows, columns = self.form.size(pixels.shape, self.kernel.shape)
        output = np.empty((rows, columns, self.kernel.shape[-1]), np.float32)
        kept = self.ending.kept_like(output)
        # Rows that are a step apart, for each row of a step.
        phases = [winograd.transform(pixels[phase::step], 1) for phase in range(step)]
        taps = []
        for place, factors in zip(self._places(), self._factors, strict=True):
            taps.append(winograd.Tap(phases[place % step], place // step, factors))

        def finish(some: slice) -> None:
            self.ending.apply(output[some], None if kept is None else kept[some])

        winograd.weigh(taps, output, finish)
        return output, (kept, pixels.shape)

    def backward(self, slope: Float32, kept: Any) -> tuple[Float32, ...]:
        """Give every cell what its outputs' slopes tell it."""
        kept, shape = kept
        rows = winograd.transform(self.ending.back(slope, kept), 1)
        step = self.form.step[0]
        found = np.zeros(shape, np.float32)
        for phase in range(step):
            taps = [
                winograd.Tap(rows, (phase - place) // step, factors)
                for place, factors in zip(self._places(), self._factors_back, strict=True)
                if (phase - place) % step == 0
            ]
            part = np.empty_like(found[phase::step])
            winograd.weigh(taps, part)
            found[phase::step] = part
        return (found,)

    def _places(self) -> list[int]:
        """Rows of the input under the taps of the first output."""
        top = self.form.edges[0][0]
        return [index * self.form.gap[0] - top for index in range(len(self.kernel))]


def convolution(kernel: Float32, form: Form, ending: Ending) -> Layer:
    """Choose the quicker way to one and the same convolution."""
    height, width, channels, outputs = kernel.shape
    suits = width == 3 and form.step[1] == form.gap[1] == 1 and form.edges[1] == (1, 1)
    many = min(channels, outputs) >= _FEWEST_CHANNELS
    return (ThreeTaps if suits and many and form.step[0] <= height else Convolution)(
        kernel, form, ending
    )
