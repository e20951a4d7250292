"""Layers of our own: registered by name, so that Keras' safe mode loads them."""

import math
from typing import Any

import keras

_NEPERS = math.log(10.0) / 10.0  # natural logarithm of power for one dB
_NO_POWER_DB = -200.0  # far below anything that the front end can give


@keras.saving.register_keras_serializable(package="earmark")
class LevelToLogPower(keras.layers.Layer):
    """Turn levels in dB into the compressed power that the starting weights know.

    ``y = log10(1 + 10^((dB - L + loudness) / 10))`` with L the level of the clip's mean
    power: musicnn's ``log10(10000 S + 1)`` for a clip of a fixed loudness. Soft at the
    bottom, so what lies far below fades out instead of being cut.

    The front end's 0 dB is the loudest cell of a clip, so one click moves all levels. The
    mean power hardly notices it.

    Parameters
    ----------
    loudness_db : float
        Mean power of every clip, in dB above 1/10000 on musicnn's scale.
    """

    def __init__(self, loudness_db: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.loudness_db = loudness_db

    def call(self, level: Any) -> Any:
        """Map levels in dB, (batch, mels, frames, 1), to compressed power."""
        natural = level * _NEPERS
        powers = keras.ops.mean(keras.ops.exp(natural), axis=(1, 2, 3), keepdims=True)
        relative = natural - keras.ops.log(powers) + self.loudness_db * _NEPERS
        # softplus(x) = ln(1 + e^x), without overflow.
        return keras.ops.softplus(relative) / math.log(10.0)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Give the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Give what the constructor needs."""
        return {**super().get_config(), "loudness_db": self.loudness_db}


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


@keras.saving.register_keras_serializable(package="earmark")
class KeepBands(keras.layers.Layer):
    """Hear the lowest bands only: all others hold no power.

    Parameters
    ----------
    bands : int
        How many bands to keep.
    """

    def __init__(self, bands: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bands = bands

    def call(self, level: Any) -> Any:
        """Silence the upper bands of levels in dB, (batch, mels, frames, 1)."""
        band = keras.ops.arange(level.shape[1])
        kept = keras.ops.reshape(band < self.bands, (1, -1, 1, 1))
        return keras.ops.where(kept, level, _NO_POWER_DB)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Give the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Give what the constructor needs."""
        return {**super().get_config(), "bands": self.bands}
