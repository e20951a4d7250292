"""A layer that makes filters answer at one place and for one class: the interpretable CNN.

Q. Zhang, Y. N. Wu, S.-C. Zhu, "Interpretable Convolutional Neural Networks", CVPR 2018, arXiv
1710.00935. Every map is weighed by a mask around its peak, in training and in use alike, so a
class activation map behind the layer is exact. In training the filter loss pulls the maps
towards their templates (`model.networks.templates`).

In the paper a place is a cell. Music repeats, so a filter that may answer at only one moment of
a clip hears little of it; with ``places="rows"`` a place is a row of the map, that is a range of
frequency, and time is free: the templates meet the mean over time, and the mask is the same at
all times. In the paper all maps are of one size; here maps of any length are taken in windows of as
many columns as the layer learned with, so each filter answers at one place a window.
"""

from typing import Any, Final, Literal

import keras
from keras import ops

from model.networks.templates import (
    STEEPNESS,
    coordinates,
    fits,
    prior,
    target_loss,
    templates,
)

# Share of the old value in moving averages.
_MEMORY: Final = 0.9
# The mask's steepness follows a filter's spread, within these bounds.
_SPREAD_FACTOR, _FLATTEST, _STEEPEST = 3.0, 1.5, 3.0
_SMALLEST: Final = 1e-6


@keras.saving.register_keras_serializable(package="earmark")
class PartFilters(keras.layers.Layer):
    """Mask every filter's map around its peak and, given labels in training, add the filter loss.

    Parameters
    ----------
    classes : int
        Number of classes.
    places : {"cells", "rows"}
        What a filter may choose: one cell, as published, or one row at all times.
    columns : int, optional
        Width of the windows in which a filter chooses one cell; the whole map where it is left
        out.
    strength : float
        Weight of the filter loss in the first epoch; it falls as 1 / `epoch`.
    """

    def __init__(
        self,
        classes: int,
        places: Literal["cells", "rows"] = "rows",
        columns: int | None = None,
        strength: float = 0.1,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if places not in ("cells", "rows"):
            raise ValueError(f"places must be 'cells' or 'rows', got {places!r}")
        self.classes, self.places = classes, places
        self.columns, self.strength = columns, strength

    def build(self, input_shape: Any) -> None:
        """Make the state of every filter of maps (batch, rows, columns, filters).

        Raises
        ------
        ValueError
            If places are cells and neither the maps nor the windows have a known width.
        """
        _, rows, columns, filters = input_shape
        columns = 1 if self.places == "rows" else self.columns or columns
        if rows is None or columns is None:
            raise ValueError("filters that choose a cell need maps of a known size")
        self._shape = (rows, columns)
        self.steepness = self.add_weight(
            name="steepness",
            shape=(filters,),
            initializer=keras.initializers.Constant(STEEPNESS),
            trainable=False,
        )
        self.responses = self.add_weight(
            name="responses", shape=(self.classes, filters), initializer="zeros", trainable=False
        )
        self.epoch = self.add_weight(name="epoch", shape=(), initializer="ones", trainable=False)

    @property
    def category(self) -> Any:
        """Class that each filter answers to most, on a moving average, (filters,)."""
        return ops.argmax(self.responses, axis=0)

    def call(self, maps: Any, labels: Any = None, training: bool | None = None) -> Any:
        """Mask maps around their peaks.

        Parameters
        ----------
        maps : tensor, shape (batch, rows, columns, filters)
            Of any sign; what is negative counts as 0.
        labels : tensor, shape (batch, classes), optional
            One-hot. Only in training, for the filter loss; a verdict needs none.
        training : bool, optional
            Whether the network is being trained.

        Returns
        -------
        tensor, shape (batch, rows, columns, filters)
            Not negative.
        """
        if self.places == "cells" and self.columns is not None:
            return self._in_windows(maps, labels, training)
        return self._masked(maps, labels, training)

    def _in_windows(self, maps: Any, labels: Any, training: bool | None) -> Any:
        """Mask each window as a map of its own; a last, shorter one is filled up with zeros."""
        _, rows, _, filters = maps.shape
        batch, _, length, _ = ops.shape(maps)
        windows = (length + self.columns - 1) // self.columns
        padded = ops.pad(maps, ((0, 0), (0, 0), (0, windows * self.columns - length), (0, 0)))
        cut = ops.reshape(padded, (batch, rows, windows, self.columns, filters))
        cut = ops.reshape(ops.transpose(cut, (0, 2, 1, 3, 4)), (-1, rows, self.columns, filters))
        if labels is not None:
            labels = ops.repeat(labels, windows, axis=0)
        masked = ops.reshape(
            self._masked(cut, labels, training), (batch, windows, rows, self.columns, filters)
        )
        joined = ops.reshape(
            ops.transpose(masked, (0, 2, 1, 3, 4)), (batch, rows, windows * self.columns, filters)
        )
        return joined[:, :, :length]

    def _masked(self, maps: Any, labels: Any, training: bool | None) -> Any:
        positive = ops.relu(maps)
        seen = ops.mean(positive, axis=2, keepdims=True) if self.places == "rows" else positive
        peak, distance = self._around_the_peak(seen)
        found = ops.cast(ops.max(seen, axis=(1, 2), keepdims=True) > 0, maps.dtype)
        mask = found * ops.maximum(1 - self.steepness * distance, -1.0)
        if training and labels is not None:
            self._learn(seen, peak, distance, ops.cast(labels, maps.dtype))
        return ops.relu(positive * ops.stop_gradient(mask))

    def _around_the_peak(self, seen: Any) -> tuple[Any, Any]:
        """Index of each map's peak, (batch, filters), and every cell's distance from it."""
        rows, columns = self._shape
        flat = ops.reshape(seen, (-1, rows * columns, ops.shape(seen)[-1]))
        peak = ops.argmax(flat, axis=1)
        row = ops.convert_to_tensor(coordinates(rows))
        column = ops.convert_to_tensor(coordinates(columns))
        own_row = ops.take(row, peak // columns)[:, None, None, :]
        own_column = ops.take(column, peak % columns)[:, None, None, :]
        distance = ops.abs(row[None, :, None, None] - own_row) + ops.abs(
            column[None, None, :, None] - own_column
        )
        return peak, distance

    def _learn(self, seen: Any, peak: Any, distance: Any, labels: Any) -> None:
        """Follow each filter's category and spread, and add the filter loss."""
        strongest = ops.max(seen, axis=(1, 2))
        counts = ops.sum(labels, axis=0)[:, None]
        mean = ops.matmul(ops.transpose(labels), strongest) / ops.maximum(counts, 1.0)
        followed = _MEMORY * self.responses + (1 - _MEMORY) * mean
        self.responses.assign(ops.stop_gradient(ops.where(counts > 0, followed, self.responses)))

        own = ops.transpose(ops.take(ops.transpose(labels), self.category, axis=0))
        own = own * ops.cast(strongest > 0, labels.dtype)
        self._follow_the_spread(seen, distance, own)

        rows, columns = self._shape
        places = rows * columns
        target = ops.where(own > 0, peak, ops.full_like(peak, places))
        fit = fits(seen, ops.convert_to_tensor(templates(rows, columns)))
        log_prior = ops.log(ops.convert_to_tensor(prior(places)))
        loss = ops.sum(target_loss(fit, log_prior, target))
        self.add_loss(self.strength / self.epoch * loss)

    def _follow_the_spread(self, seen: Any, distance: Any, own: Any) -> None:
        """Let the mask be as wide as the filter's answers are, on clips of its category."""
        weights = seen * own[:, None, None, :]
        total = ops.sum(weights, axis=(0, 1, 2))
        spread = ops.sum(weights * distance, axis=(0, 1, 2)) / ops.maximum(total, _SMALLEST)
        wanted = ops.clip(_SPREAD_FACTOR / ops.maximum(spread, _SMALLEST), _FLATTEST, _STEEPEST)
        followed = _MEMORY * self.steepness + (1 - _MEMORY) * wanted
        self.steepness.assign(ops.stop_gradient(ops.where(total > 0, followed, self.steepness)))

    def compute_output_shape(self, input_shape: Any, *_: Any) -> Any:
        """Return the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor needs."""
        return {
            **super().get_config(),
            "classes": self.classes,
            "places": self.places,
            "columns": self.columns,
            "strength": self.strength,
        }


class FilterSchedule(keras.callbacks.Callback):
    """Tell the part filters of a network which epoch it is, so that their loss fades.

    Parameters
    ----------
    layer : PartFilters
        Of the network in training.
    """

    def __init__(self, layer: PartFilters) -> None:
        super().__init__()
        self._layer = layer

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Count epochs from 1."""
        self._layer.epoch.assign(float(epoch + 1))
