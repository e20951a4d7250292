"""What the app wants of a network, whoever runs it."""

import threading
from typing import Any, Protocol

import numpy as np

from model.types import Float32


class Asked(Protocol):
    """A network that is asked, of Keras or not."""

    def predict_on_batch(self, batch: Float32) -> Any:
        """Compute its output, or a list of several, for a batch."""


class InTurn:
    """A network that several threads ask, one after the other.

    Parameters
    ----------
    network : Asked
        From spectrograms to answers.
    """

    def __init__(self, network: Asked) -> None:
        self._network = network
        # Keras' prediction functions are not safe across threads (tensorflow#61298).
        self._lock = threading.Lock()

    def ask(self, levels: Float32) -> Float32:
        """Run the network on one spectrogram, (bands, frames): (rows, columns, channels)."""
        return self.ask_map(levels[..., np.newaxis])

    def ask_map(self, values: Float32) -> Float32:
        """Run it on one map, (rows, columns, channels): another one."""
        with self._lock:
            found: Any = self._network.predict_on_batch(values[np.newaxis])
        return np.asarray(found, np.float32)[0]
