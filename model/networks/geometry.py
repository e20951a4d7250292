"""Where the cells of a network's last map lie on its input, read off its layers."""

from dataclasses import dataclass, replace
from typing import Any

import keras

from model.explain.grid import MapGrid


@dataclass(frozen=True)
class _Axis:
    """Centre of cell i on the input: ``offset + i * stride``."""

    offset: float = 0.0
    stride: float = 1.0

    def windowed(self, size: int, step: int) -> "_Axis":
        """Slide an unpadded window of `size` cells over this axis, `step` at a time."""
        return _Axis(self.offset + (size - 1) / 2 * self.stride, self.stride * step)

    def shifted(self, cells: int) -> "_Axis":
        """Drop cells at the beginning; a negative number adds some."""
        return replace(self, offset=self.offset + cells * self.stride)


_Axes = tuple[_Axis, _Axis]
_WINDOWED = (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)
_POINTWISE = (
    "StandardLevels",
    "LevelToLogPower",
    "BandBias",
    "Bounded",
    "PartFilters",
    "BatchNormalization",
    "ReLU",
    "Activation",
    "Add",
    "Multiply",
    "Concatenate",
    "Dropout",
    "SpatialDropout2D",
    "Rescaling",
)


def _through(layer: keras.layers.Layer, axes: _Axes) -> _Axes:
    """Follow one layer from its input's cells to its output's."""
    if isinstance(layer, keras.layers.Conv2D):
        if layer.padding == "same":
            if layer.strides != (1, 1):
                raise ValueError(f"{layer.name}: 'same' with a stride depends on the size")
            return axes
        sizes = zip(layer.kernel_size, layer.dilation_rate, strict=True)
        reach = [(size - 1) * dilation + 1 for size, dilation in sizes]
        return _windowed(axes, reach, layer.strides)
    if isinstance(layer, _WINDOWED):
        if layer.padding != "valid":
            raise ValueError(f"{layer.name}: padded pooling depends on the size")
        return _windowed(axes, layer.pool_size, layer.strides)
    if isinstance(layer, keras.layers.ZeroPadding2D):
        return axes[0].shifted(-layer.padding[0][0]), axes[1].shifted(-layer.padding[1][0])
    if isinstance(layer, keras.layers.Cropping2D):
        return axes[0].shifted(layer.cropping[0][0]), axes[1].shifted(layer.cropping[1][0])
    if type(layer).__name__ in _POINTWISE:
        return axes
    raise ValueError(f"{layer.name}: no rule for where {type(layer).__name__} puts its cells")


def _windowed(axes: _Axes, sizes: Any, steps: Any) -> _Axes:
    rows, columns = (
        axis.windowed(size, step) for axis, size, step in zip(axes, sizes, steps, strict=True)
    )
    return rows, columns


def map_grid(network: keras.Model, layer: str = "evidence") -> MapGrid:
    """Find where the cells of a layer lie on the network's input.

    Parameters
    ----------
    network : keras.Model
        From (batch, mels, frames, 1).
    layer : str
        Name of the layer whose output is the map.

    Returns
    -------
    MapGrid
        In mel bands and frames of the network's input.

    Raises
    ------
    ValueError
        If a layer on the way has no rule, or branches meet that do not line up.
    """
    known: dict[int, _Axes] = {id(network.inputs[0]): (_Axis(), _Axis())}

    def locate(tensor: Any) -> _Axes:
        if id(tensor) not in known:
            operation, node, _ = tensor._keras_history
            parents = operation._inbound_nodes[node].input_tensors
            # A factor of one row for all says nothing about where in frequency.
            placed = [tensor for tensor in parents if tensor.shape[1] != 1] or parents
            branches = {locate(parent) for parent in placed}
            if len(branches) != 1:
                raise ValueError(f"{operation.name}: its inputs do not line up: {branches}")
            known[id(tensor)] = _through(operation, branches.pop())
        return known[id(tensor)]

    rows, columns = locate(network.get_layer(layer).output)
    return MapGrid(rows.offset, rows.stride, columns.offset, columns.stride)
