"""A network with a layer of filters between the flagship's mixing layer and its average.

The mixing layer says what is found at each place; a 1x1 convolution makes filters of it, whose
maps are averaged for the one dense layer. There is no gate: it would move the filters' peaks.
The filters may be trained with the loss of the interpretable CNN (`model.networks.part_filters`),
in which case their maps are masked around their peaks, or without it, for comparison.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import keras
from keras import layers

from model.constants import GENRES
from model.networks.part_filters import PartFilters

# The flagship's layer on which the filters are built, and what it puts out.
MIXED: Final = "found"

# How the filters learn: without the filter loss, with that over rows, or with that over cells.
Form = Literal["none", "rows", "cells"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)


def mixing_trunk(flagship: keras.Model) -> keras.Model:
    """Build the part of a flagship up to its mixing layer, sharing all weights.

    Parameters
    ----------
    flagship : keras.Model
        From `model.networks.flagship.flagship`.

    Returns
    -------
    keras.Model
        From levels (batch, N_MELS, frames, 1) to maps (batch, rows, columns, channels).
    """
    return keras.Model(flagship.inputs, flagship.get_layer(MIXED).output)


@dataclass(frozen=True, eq=False)
class FilterHead:
    """The layers from the mixing layer's maps to the scores.

    Attributes
    ----------
    convolution : keras.layers.Conv2D
        Makes the filters.
    evidence : keras.layers.Layer
        Their maps, not negative: the input of the average.
    dropout : keras.layers.Dropout
        In front of the dense layer.
    dense : keras.layers.Dense
        The one dense layer.
    """

    convolution: keras.layers.Conv2D
    evidence: keras.layers.Layer
    dropout: keras.layers.Dropout
    dense: keras.layers.Dense

    @property
    def parts(self) -> PartFilters | None:
        """The layer with the filter loss, if there is one."""
        return self.evidence if isinstance(self.evidence, PartFilters) else None

    def _found_and_scores(self, maps: Any, **labels: Any) -> tuple[Any, Any]:
        found = self.evidence(self.convolution(maps), **labels)
        pooled = layers.GlobalAveragePooling2D(name="gap")(found)
        return found, self.dense(self.dropout(pooled))

    def learning(self, shape: tuple[int, int | None, int]) -> keras.Model:
        """Build the model to train, from maps of a shape and one-hot labels to scores."""
        maps, labels = keras.Input(shape), keras.Input((self.dense.units,))
        given = {"labels": labels} if self.parts else {}
        return keras.Model([maps, labels], self._found_and_scores(maps, **given)[1])

    def on_maps(self, shape: tuple[int, int | None, int]) -> keras.Model:
        """Build the model in use, from maps of a shape to the filters' maps and the scores."""
        maps = keras.Input(shape)
        return keras.Model(maps, list(self._found_and_scores(maps)))

    def behind(self, trunk: keras.Model) -> keras.Model:
        """Build the whole network, from levels to scores, sharing all weights."""
        return keras.Model(
            trunk.inputs, self._found_and_scores(trunk.outputs[0])[1], name="filter_network"
        )


def filter_head(
    form: Form = "rows",
    *,
    filters: int = 96,
    columns: int = 16,
    strength: float = 0.1,
    dropout: float = 0.2,
    classes: int = len(GENRES),
) -> FilterHead:
    """Make the layers of a head with random weights.

    Parameters
    ----------
    form : {"none", "rows", "cells"}
        How the filters learn: without the filter loss, with templates over rows, free in time,
        or with templates over cells, as published.
    filters : int
        Number of filters.
    columns : int
        Width of the windows in which a filter of cells answers at one place.
    strength : float
        Of the filter loss.
    dropout : float
        Share of the filters dropped between the average and the dense layer.
    classes : int
        Number of scores.

    Returns
    -------
    FilterHead
        Not built yet.

    Raises
    ------
    ValueError
        If there is no such form.
    """
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    evidence: keras.layers.Layer = (
        layers.ReLU(name="evidence")
        if form == "none"
        else PartFilters(
            classes,
            places=form,
            columns=columns if form == "cells" else None,
            strength=strength,
            name="evidence",
        )
    )
    return FilterHead(
        layers.Conv2D(filters, 1, name="filters"),
        evidence,
        layers.Dropout(dropout, name="head_dropout"),
        layers.Dense(classes, name="genre"),
    )
