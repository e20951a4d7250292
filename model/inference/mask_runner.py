"""Runs a saved decoder of masks on one clip at a time."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.inference.convolution import Ending, Form, convolution
from model.inference.layer import Layer
from model.inference.stored import StoredLayer, UnknownNetworkError, read_layers
from model.types import Float32

_LINEAR = "linear"


class MaskRunner:
    """What `model.networks.mask_decoder` builds, without Keras; any thread may ask it.

    Parameters
    ----------
    layers : mapping of StoredLayer
        By name.

    Raises
    ------
    UnknownNetworkError
        If they are those of another network.
    """

    def __init__(self, layers: Mapping[str, StoredLayer]) -> None:
        self._layers = layers
        try:
            self._scale = np.float32(layers["scaled"].settings["scale"])
            self._contrast = layers["contrast"].weights[0][0, 0]
            self._spoken = layers["spoken"].weights[0][0, 0]
            self._keep = tuple(layers["keep"].weights)
            numbers = [name for name in layers if name.startswith("film")]
            self._told = [
                tuple(layers[f"{what}{number}"].weights for what in ("scale", "shift"))
                for number in range(1, 1 + len(numbers))
            ]
            self._convolutions = [
                _same(layers[f"conv{number}"]) for number in range(1, 1 + len(numbers))
            ]
        except KeyError as error:
            raise UnknownNetworkError("this network is no decoder of masks") from error

    @classmethod
    def read(cls, path: Path) -> "MaskRunner":
        """Read a decoder out of a `.keras` file."""
        return cls(read_layers(path))

    def rearranged(self, rng: np.random.Generator) -> "MaskRunner":
        """Build the same with the weights of every layer in another order."""
        return MaskRunner(
            {
                name: replace(
                    layer,
                    weights=tuple(
                        rng.permutation(each.ravel()).reshape(each.shape) for each in layer.weights
                    ),
                )
                for name, layer in self._layers.items()
            }
        )

    def keep(
        self, maps: Float32, levels: Float32, by_channel: Float32, by_class: Float32
    ) -> Float32:
        """Compute how much of every half of a cell to keep.

        Parameters
        ----------
        maps : ndarray of float32, shape (rows, columns, channels)
            The last map of the network that is explained.
        levels : ndarray of float32, shape (rows, columns, 2)
            From `model.networks.masks.cell_levels`.
        by_channel : ndarray of float32, shape (channels,)
            Weights of the map's channels in what is asked about.
        by_class : ndarray of float32, shape (classes,)
            Weights of the scores.

        Returns
        -------
        ndarray of float32, shape (rows, columns, 2)
            From 0 to 1.
        """
        # Both products at once, and the map is read once only.
        products = np.concatenate([self._contrast, self._spoken], axis=1)
        found = maps @ ((self._scale * by_channel)[:, np.newaxis] * products)
        contrast = found[..., :1] / (1 + np.abs(found[..., :1]))
        hidden = np.concatenate([contrast, np.tanh(found[..., 1:]), levels], axis=-1)
        for number, (layer, (scale, shift)) in enumerate(
            zip(self._convolutions, self._told, strict=True)
        ):
            before = hidden
            hidden, _ = layer.forward(np.ascontiguousarray(hidden))
            hidden = hidden * (1 + by_class @ scale[0] + scale[1]) + (
                by_class @ shift[0] + shift[1]
            )
            hidden = hidden * _sigmoid(hidden)
            if number:
                hidden += before
        kernel, bias = self._keep
        together: Float32 = _sigmoid(
            np.concatenate([hidden, contrast], axis=-1) @ kernel[0, 0] + bias
        )
        return together


def _same(stored: StoredLayer) -> Layer:
    """Build a convolution whose output is as large as its input."""
    kernel, bias = stored.weights
    gap = tuple(stored.settings["dilation_rate"])
    rows, columns = ((taps - 1) * one // 2 for taps, one in zip(kernel.shape, gap, strict=False))
    form = Form(((rows, rows), (columns, columns)), (1, 1), (gap[0], gap[1]))
    return convolution(kernel, form, Ending(bias, _LINEAR, None))


def _sigmoid(values: Float32) -> Float32:
    with np.errstate(over="ignore"):  # then it is 0, which is right
        return (1 / (1 + np.exp(-values))).astype(np.float32)
