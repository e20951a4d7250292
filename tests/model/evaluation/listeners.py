"""Small networks whose verdicts are known in advance."""

from collections.abc import Callable

import numpy as np

from model.constants import GENRES
from model.explain.grid import MapGrid
from model.networks.classifier import Classifier


class _Ear:
    def __init__(self, hear: Callable[[np.ndarray], int]) -> None:
        self._hear = hear

    def predict_on_batch(self, batch: np.ndarray) -> list[np.ndarray]:
        logits = np.zeros((1, len(GENRES)), np.float32)
        logits[0, self._hear(batch[0, :, :, 0])] = 2.0
        return [np.zeros((1, 1, 1, 1), np.float32), logits]


def listener(hear: Callable[[np.ndarray], int]) -> Classifier:
    """A classifier that puts the genre of that index first, given levels (mels, frames)."""
    return Classifier(
        card={"name": "ear", "classes": list(GENRES)},
        sha256="0" * 64,
        kernel=np.zeros((1, len(GENRES)), np.float32),
        bias=np.zeros(len(GENRES), np.float32),
        grid=MapGrid(0, 1, 0, 1),
        _network=_Ear(hear),
    )
