"""Batches of training tracks: every track once an epoch, in an order set by the seed."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from model.constants import GENRES
from model.training.config import TrainingConfig


class Epochs(keras.utils.PyDataset):
    """Batches of training tracks; subclasses decide how a track is shown.

    Parameters
    ----------
    labels : ndarray of int64, shape (tracks,)
        Index into GENRES.
    config : TrainingConfig
        Batch size and seed.
    """

    def __init__(
        self, labels: npt.NDArray[np.int64], config: TrainingConfig, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._config = config
        self._targets = np.eye(len(GENRES), dtype=np.float32)[labels]
        self._epoch = 0
        self._shuffle()

    def _shuffle(self) -> None:
        rng = np.random.default_rng((self._config.seed, self._epoch))
        self._order = rng.permutation(len(self._targets))

    def _draw(self, index: int) -> tuple[npt.NDArray[np.int64], np.random.Generator]:
        """Return the tracks of a batch, and the random source of all that is drawn for it."""
        size = self._config.batch_size
        rng = np.random.default_rng((self._config.seed, self._epoch, index))
        return self._order[index * size : (index + 1) * size], rng

    def __len__(self) -> int:
        """Count the batches; a last incomplete one is left out."""
        return len(self._targets) // self._config.batch_size

    def on_epoch_end(self) -> None:
        """Draw the next epoch's order."""
        self._epoch += 1
        self._shuffle()
