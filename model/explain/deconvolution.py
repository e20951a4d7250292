"""Deconvolution: from one filter of an early layer back to the spectrogram.

M. D. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, arXiv
1311.2901; for music, and listened to with the clip's own phase: K. Choi, G. Fazekas, M. Sandler,
"Explaining Deep Convolutional Neural Networks on Music Classification", 2016, arXiv 1607.02444.

The answers of one filter go back through the layers: a maximum goes to the place that it came
from, negative values are cut off, and a convolution is taken by its transpose, without biases.
Without the cutting off this is the adjoint of what the layers compute.

It copies its input wherever the places of the maxima and the signs allow it (W. Nie, Y. Zhang,
A. Patel, ICML 2018), so it is a way to listen to a filter and no evidence for a verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from model.explain.grid import RelevanceMap
from model.types import Float32


class Step(Protocol):
    """One layer, taken backwards."""

    def back(self, maps: Float32) -> Float32:
        """Turn the layer's output (rows, columns, channels) into its input."""


@dataclass(frozen=True, eq=False)
class Convolution:
    """A convolution without its bias.

    Attributes
    ----------
    kernel : ndarray of float32, shape (height, width, channels in, channels out)
        Its weights.
    strides : tuple of int
        Along rows and columns.
    padding : tuple of tuple of int
        Zeros before and behind the rows, and the columns.
    size : tuple of int
        Rows and columns of its input.
    """

    kernel: Float32
    strides: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    size: tuple[int, int]

    def back(self, maps: Float32) -> Float32:
        """Apply the transpose: every output is laid down on the inputs that it was made of."""
        height, width, channels, _ = self.kernel.shape
        (top, bottom), (left, right) = self.padding
        rows, columns = self.size
        padded = np.zeros((rows + top + bottom, columns + left + right, channels), np.float32)
        n_rows, n_columns, _ = maps.shape
        row_step, column_step = self.strides
        for row in range(height):
            for column in range(width):
                place = (
                    slice(row, row + row_step * n_rows, row_step),
                    slice(column, column + column_step * n_columns, column_step),
                )
                padded[place] += maps @ self.kernel[row, column].T
        return padded[top : top + rows, left : left + columns]


@dataclass(frozen=True, eq=False)
class Scaling:
    """A factor for each channel: a normalisation without its shift.

    Attributes
    ----------
    factors : ndarray of float32, shape (channels,)
        Of either sign.
    """

    factors: Float32

    def back(self, maps: Float32) -> Float32:
        """Apply the same factors."""
        scaled: Float32 = maps * self.factors
        return scaled


@dataclass(frozen=True, eq=False)
class Pooling:
    """A maximum over blocks of rows, with the places where each was found.

    Attributes
    ----------
    switches : ndarray of bool, shape (rows, columns, channels)
        Of the input's shape: true at one place of each block.
    block : int
        Rows of a block. Rows that fill no block were left out.
    """

    switches: npt.NDArray[np.bool_]
    block: int

    @classmethod
    def of(cls, maps: Float32, block: int) -> "Pooling":
        """Find where the maxima of maps (rows, columns, channels) are, the first of equal ones."""
        rows, columns, channels = maps.shape
        whole = rows // block
        blocks = maps[: whole * block].reshape(whole, block, columns, channels)
        found = np.zeros((rows, columns, channels), bool)
        first = blocks.argmax(axis=1)[:, np.newaxis] == np.arange(block)[:, np.newaxis, np.newaxis]
        found[: whole * block] = first.reshape(whole * block, columns, channels)
        return cls(found, block)

    def back(self, maps: Float32) -> Float32:
        """Put every maximum back to its place."""
        spread = np.zeros(self.switches.shape, np.float32)
        repeated = np.repeat(maps, self.block, axis=0)
        spread[: len(repeated)] = repeated
        return spread * self.switches


@dataclass(frozen=True)
class Rectification:
    """A ReLU, which lets through what is positive, backwards as forwards."""

    def back(self, maps: Float32) -> Float32:
        """Cut off what is negative."""
        return np.maximum(maps, np.float32(0))


class FilterNetwork(Protocol):
    """What a deconvolution may ask of a network."""

    def steps_below(self, layer: str, levels: Float32) -> tuple[Float32, Sequence[Step]]:
        """Run the network on levels (N_MELS, frames) up to a layer.

        Returns its output, (rows, columns, channels), and the steps from there down to the
        input, in this order.
        """


def deconvolve(answers: Float32, steps: Sequence[Step]) -> Float32:
    """Take maps of a layer back to the spectrogram.

    Parameters
    ----------
    answers : ndarray of float32, shape (rows, columns, channels)
        0 in all channels but those to be looked at.
    steps : sequence of Step
        From that layer down.

    Returns
    -------
    ndarray of float32, shape (N_MELS, frames)
        Signed, in the units of the layer's answers.
    """
    maps = answers
    for step in steps:
        maps = step.back(maps)
    return maps[..., 0]


def one_filter(answers: Float32, channel: int) -> Float32:
    """Silence all channels of maps (rows, columns, channels) but one."""
    alone = np.zeros_like(answers)
    alone[..., channel] = answers[..., channel]
    return alone


def explain_filter(
    network: FilterNetwork, levels: Float32, layer: str, channel: int
) -> RelevanceMap:
    """Find where on a spectrogram one filter of an early layer heard what it answers to.

    Parameters
    ----------
    network : FilterNetwork
        Whose filter it is.
    levels : ndarray of float32, shape (N_MELS, frames)
        In dB, at NETWORK_HOP.
    layer : str
        Name of a convolution with switches below it.
    channel : int
        Which of its filters.

    Returns
    -------
    RelevanceMap
        A cell for every level; not negative: what was taken back with a minus is no sound to
        be kept.
    """
    answers, steps = network.steps_below(layer, levels)
    found = deconvolve(one_filter(answers, channel), steps)
    return RelevanceMap(np.maximum(found, np.float32(0)))
