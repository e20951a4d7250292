"""Layers of our own: registered by name, so that Keras' safe mode loads them."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="earmark")
class LevelToLogPower(keras.layers.Layer):
    """Turn levels in dB into the compressed power that the starting weights know.

    ``y = log10(1 + 10^((dB + gain) / 10))``: musicnn's ``log10(10000 S + 1)`` with the
    power S that a level stands for. Soft at the bottom, so what lies far below the
    loudest cell fades out instead of being cut.

    Parameters
    ----------
    gain_db : float
        Level in dB that stands for power 1/10000 at musicnn's front end, seen from
        below: the constant between a picture's 0 dB and musicnn's scale, plus 40 dB.
    """

    def __init__(self, gain_db: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.gain_db = gain_db

    def call(self, level: Any) -> Any:
        """Map levels in dB to compressed power, element by element."""
        # softplus(x) = ln(1 + e^x) does not overflow, and does no work twice.
        natural = (level + self.gain_db) * (2.302585092994046 / 10.0)
        return keras.ops.softplus(natural) / 2.302585092994046

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Give the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Give what the constructor needs."""
        return {**super().get_config(), "gain_db": self.gain_db}


@keras.saving.register_keras_serializable(package="earmark")
class BandBias(keras.layers.Layer):
    """A bias of its own for every row and channel, shared along time.

    A convolution treats a low and a high band alike, and the global average behind it
    forgets where on the frequency axis a feature was. This lets a unit listen for a
    feature more in some bands than in others.
    """

    def build(self, input_shape: Any) -> None:
        """Make one bias for each row and channel of (batch, rows, columns, channels)."""
        self.bias = self.add_weight(
            shape=(input_shape[1], 1, input_shape[3]), initializer="zeros", name="bias"
        )

    def call(self, features: Any) -> Any:
        """Add the bias, shape (batch, rows, columns, channels)."""
        return features + self.bias

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Give the input's shape."""
        return input_shape
