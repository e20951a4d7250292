"""What the app wants of a network, whoever runs it."""

from typing import Any, Protocol

from model.types import Float32


class Asked(Protocol):
    """A network that is asked, of Keras or not."""

    def predict_on_batch(self, batch: Float32) -> Any:
        """Compute its output, or a list of several, for a batch."""
