"""Where the cells of a network's last map lie on its input, read off its layers."""

from dataclasses import dataclass, replace
from typing import Any

from model.explain.grid import MapGrid
from model.inference.stored import StoredLayer, StoredNetwork


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
_WINDOWED = ("MaxPooling2D", "AveragePooling2D")
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


def _through(layer: StoredLayer, axes: _Axes) -> _Axes:
    """Follow one layer from its input's cells to its output's."""
    settings = layer.settings
    if layer.kind == "Conv2D":
        if settings["padding"] == "same":
            if settings["strides"] != [1, 1]:
                raise ValueError(f"{layer.name}: 'same' with a stride depends on the size")
            return axes
        sizes = zip(settings["kernel_size"], settings["dilation_rate"], strict=True)
        reach = [(size - 1) * dilation + 1 for size, dilation in sizes]
        return _windowed(axes, reach, settings["strides"])
    if layer.kind in _WINDOWED:
        if settings["padding"] != "valid":
            raise ValueError(f"{layer.name}: padded pooling depends on the size")
        return _windowed(axes, settings["pool_size"], settings["strides"])
    if layer.kind == "ZeroPadding2D":
        (top, _), (left, _) = settings["padding"]
        return axes[0].shifted(-top), axes[1].shifted(-left)
    if layer.kind == "Cropping2D":
        (top, _), (left, _) = settings["cropping"]
        return axes[0].shifted(top), axes[1].shifted(left)
    if layer.kind in _POINTWISE:
        return axes
    raise ValueError(f"{layer.name}: no rule for where {layer.kind} puts its cells")


def _windowed(axes: _Axes, sizes: Any, steps: Any) -> _Axes:
    rows, columns = (
        axis.windowed(size, step) for axis, size, step in zip(axes, sizes, steps, strict=True)
    )
    return rows, columns


def map_grid(network: StoredNetwork, layer: str = "evidence") -> MapGrid:
    """Find where the cells of a layer lie on the network's input.

    Parameters
    ----------
    network : StoredNetwork
        From (batch, mels, frames, 1); one that Keras has made is brought to this form by
        `model.networks.loading.described`.
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
    known: dict[str, _Axes] = {network.input: (_Axis(), _Axis())}

    def locate(name: str) -> _Axes:
        if name not in known:
            stored = network.layers[name]
            parents = list(zip(stored.inputs, stored.shapes, strict=True))
            # A factor of one row for all says nothing about where in frequency.
            placed = [one for one in parents if one[1][1] != 1] or parents
            branches = {locate(parent) for parent, _ in placed}
            if len(branches) != 1:
                raise ValueError(f"{name}: its inputs do not line up: {branches}")
            known[name] = _through(stored, branches.pop())
        return known[name]

    rows, columns = locate(layer)
    return MapGrid(rows.offset, rows.stride, columns.offset, columns.stride)
