"""Tune the head of a network on pictures: on songs of GTZAN and of today, altered as sound."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import keras
import numpy as np

from model.constants import GENRES
from model.gtzan.labelled_songs import LabelledSong
from model.training.fit import WarmCosine
from model.training.heard_excerpts import HeardExcerpts
from model.training.stored_features import head
from model.types import Float32, Float64

_WARMING: Final = 0.1  # share of the steps in which the rate rises


@dataclass(frozen=True)
class TuningRecipe:
    """How the head learns on.

    Attributes
    ----------
    steps, batch_size : int
        How often it sees how many excerpts.
    learning_rate : float
        The highest.
    label_smoothing : float
        Share of the target spread over all classes.
    weight_decay : float
        A step's, relative to the rate.
    seed : int
        Decides which excerpts are drawn.
    """

    steps: int = 100
    batch_size: int = 24
    learning_rate: float = 2e-3
    label_smoothing: float = 0.1
    weight_decay: float = 1e-3
    seed: int = 0


class DrawnExcerpts(keras.utils.PyDataset):
    """Batches of stored excerpts: a song drawn by its weight, then one of its versions.

    Parameters
    ----------
    songs : sequence of LabelledSong
        What to draw.
    weights : ndarray of float64, shape (songs,)
        How likely each song is, with sum 1.
    versions : sequence of HeardExcerpts
        Holds at least one excerpt of every song, found by the song's name; the name of a
        part of a song begins with the song's and an underscore.
    recipe : TuningRecipe
        Size and number of the batches.
    """

    def __init__(
        self,
        songs: Sequence[LabelledSong],
        weights: Float64,
        versions: Sequence[HeardExcerpts],
        recipe: TuningRecipe,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._weights, self._versions, self._recipe = weights, versions, recipe
        self._targets = np.eye(len(GENRES), dtype=np.float32)[[song.label for song in songs]]
        places: dict[str, list[tuple[int, int]]] = {}
        for number, version in enumerate(versions):
            for index, name in enumerate(version.names):
                places.setdefault(name.partition("_")[0], []).append((number, index))
        self._places = [places[song.name] for song in songs]

    def __len__(self) -> int:
        """Count the batches."""
        return self._recipe.steps

    def __getitem__(self, index: int) -> tuple[tuple[Float32, ...], Float32]:
        """Make one batch: features of every layer, and targets (batch, classes)."""
        rng = np.random.default_rng((self._recipe.seed, index))
        chosen = rng.choice(len(self._weights), self._recipe.batch_size, p=self._weights)
        excerpts = []
        for song in chosen:
            number, place = self._places[song][int(rng.integers(len(self._places[song])))]
            excerpts.append([layer[place] for layer in self._versions[number].layers])
        batch = tuple(np.stack(layer).astype(np.float32) for layer in zip(*excerpts, strict=True))
        return batch, self._targets[chosen]


def make_ready(
    network: keras.Model,
    *,
    steps: int,
    learning_rate: float,
    weight_decay: float,
    label_smoothing: float,
) -> None:
    """Give a network that ends in scores of classes its optimizer and its loss.

    Parameters
    ----------
    network : keras.Model
        Changed in place.
    steps, learning_rate, weight_decay, label_smoothing
        As in `TuningRecipe`.
    """
    network.compile(
        keras.optimizers.AdamW(
            WarmCosine(learning_rate, max(1, round(_WARMING * steps)), steps),
            weight_decay=weight_decay,
        ),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=label_smoothing),
    )


def tune(
    network: keras.Model,
    songs: Sequence[LabelledSong],
    weights: Float64,
    versions: Sequence[HeardExcerpts],
    recipe: TuningRecipe,
) -> None:
    """Let the head of a trained network learn on; what lies below stays as it is.

    Parameters
    ----------
    network : keras.Model
        From `model.networks.flagship`; changed in place.
    songs, weights, versions, recipe
        As in `DrawnExcerpts`.
    """
    keras.utils.set_random_seed(recipe.seed)
    learning = head(network)
    make_ready(
        learning,
        steps=recipe.steps,
        learning_rate=recipe.learning_rate,
        weight_decay=recipe.weight_decay,
        label_smoothing=recipe.label_smoothing,
    )
    batches = DrawnExcerpts(songs, weights, versions, recipe)
    learning.fit(batches, epochs=1, verbose=0, shuffle=False)
