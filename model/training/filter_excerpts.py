"""Batches of excerpts of stored maps, with labels as an input for the filter loss."""

from typing import Any

import keras
import numpy as np

from model.constants import GENRES
from model.training.stored_maps import StoredMaps
from model.types import Float32

_WHOLE_TRACKS = 8


class FilterExcerpts(keras.utils.PyDataset):
    """Every training track once an epoch, in an order set by the seed.

    Parameters
    ----------
    tracks : StoredMaps
        From stored pictures.
    copies : StoredMaps or None
        The same tracks, as many as there are, from real audio. A track that has one is shown
        as one or as the other, as chance decides.
    columns : int
        Length of an excerpt.
    batch_size : int
        Excerpts a step.
    seed : int
        Of every random draw.
    """

    def __init__(
        self,
        tracks: StoredMaps,
        copies: StoredMaps | None,
        columns: int,
        batch_size: int,
        seed: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._tracks, self._copies, self._columns = tracks, copies, columns
        self._size, self._seed, self._epoch = min(batch_size, len(tracks)), seed, 0
        self._targets = np.eye(len(GENRES), dtype=np.float32)[tracks.labels]
        place = {name: i for i, name in enumerate(copies.names)} if copies else {}
        self._copy_of = [place.get(name) for name in tracks.names]

    def __len__(self) -> int:
        """Count the batches; a last incomplete one is left out."""
        return len(self._tracks) // self._size

    def __getitem__(self, index: int) -> tuple[tuple[Float32, Float32], Float32]:
        """Make one batch: maps and one-hot labels, and the labels once more as targets."""
        order = np.random.default_rng((self._seed, self._epoch)).permutation(len(self._tracks))
        chosen = order[index * self._size : (index + 1) * self._size]
        rng = np.random.default_rng((self._seed, self._epoch, index))
        maps = np.stack([self._excerpt(int(i), rng) for i in chosen])
        labels = self._targets[chosen]
        return (maps, labels), labels

    def _excerpt(self, index: int, rng: np.random.Generator) -> Float32:
        source, copy = self._tracks, self._copy_of[index]
        if self._copies is not None and copy is not None and rng.random() < 0.5:
            source, index = self._copies, copy
        start = int(rng.integers(0, source.maps.shape[2] - self._columns + 1))
        return source.maps[index, :, start : start + self._columns].astype(np.float32)

    def on_epoch_end(self) -> None:
        """Go on to the next epoch's order."""
        self._epoch += 1


def score(network: keras.Model, tracks: StoredMaps) -> Float32:
    """Score whole tracks.

    Parameters
    ----------
    network : keras.Model
        From `model.networks.filter_network.FilterHead.on_maps`.
    tracks : StoredMaps
        What to score.

    Returns
    -------
    ndarray of float32, shape (tracks, classes)
        Scores before the softmax.
    """
    starts = range(0, len(tracks), _WHOLE_TRACKS)
    batches = (tracks.batch(start, _WHOLE_TRACKS) for start in starts)
    return np.concatenate([network.predict_on_batch(batch)[1] for batch in batches])
