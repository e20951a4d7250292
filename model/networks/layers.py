"""Layers of our own: registered by name, so that Keras' safe mode loads them."""

import math
from typing import Any, Final

import keras

from model.inference.levels import LEAST_SPREAD_DB, band_shares

_LN_10: Final = math.log(10.0)


@keras.saving.register_keras_serializable(package="earmark")
class StandardLevels(keras.layers.Layer):
    """Bring every clip's levels to one mean and one spread.

    ``y = mean + spread * (dB - m) / s`` with the clip's own mean m and standard deviation
    s over all cells. It takes out any gain, and any factor on the decibels: many public
    pictures of GTZAN were stretched clip by clip, by up to 1.3, and a clip's maximum, to
    which its levels refer, hangs on one click more or less.

    Parameters
    ----------
    mean_db, spread_db : float
        Mean and standard deviation that each clip gets, in dB.
    """

    def __init__(self, mean_db: float, spread_db: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mean_db, self.spread_db = mean_db, spread_db

    def call(self, level: Any) -> Any:
        """Standardise levels in dB, (batch, mels, frames, 1), clip by clip."""
        mean = keras.ops.mean(level, axis=(1, 2, 3), keepdims=True)
        spread = keras.ops.std(level, axis=(1, 2, 3), keepdims=True)
        scale = self.spread_db / keras.ops.maximum(spread, LEAST_SPREAD_DB)
        return (level - mean) * scale + self.mean_db

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor needs."""
        return {**super().get_config(), "mean_db": self.mean_db, "spread_db": self.spread_db}


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
        natural = (level + self.gain_db) * (_LN_10 / 10.0)
        return keras.ops.softplus(natural) / _LN_10

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor needs."""
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
        """Return the input's shape."""
        return input_shape


@keras.saving.register_keras_serializable(package="earmark")
class BandsUpTo(keras.layers.Layer):
    """Read a mel-spectrogram at the bands of another one, linearly in between.

    Parameters
    ----------
    n_bands : int
        Bands of the other one.
    highest_hz : float
        Upper edge of its highest band, in Hz.
    """

    def __init__(self, n_bands: int, highest_hz: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n_bands, self.highest_hz = n_bands, highest_hz

    def build(self, input_shape: Any) -> None:
        """Work out each new band's share of the old ones."""
        self._shares = band_shares(self.n_bands, self.highest_hz, input_shape[1])

    def call(self, level: Any) -> Any:
        """Turn (batch, mels, frames, 1) into (batch, n_bands, frames, 1)."""
        shares = keras.ops.convert_to_tensor(self._shares)
        return keras.ops.einsum("nm,bmtc->bntc", shares, level)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape with the other number of bands."""
        return (input_shape[0], self.n_bands, *input_shape[2:])

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor needs."""
        return {**super().get_config(), "n_bands": self.n_bands, "highest_hz": self.highest_hz}


@keras.saving.register_keras_serializable(package="earmark")
class FinerFrames(keras.layers.Layer):
    """Put frames between frames, linearly, each old one in the middle of its new ones.

    Keras' own `UpSampling2D` does the same to pictures of a known length only.

    Parameters
    ----------
    factor : int
        New frames for each old one; odd.
    """

    def __init__(self, factor: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, level: Any) -> Any:
        """Turn (batch, bands, frames, 1) into (batch, bands, factor * frames, 1)."""
        before = keras.ops.concatenate([level[:, :, :1], level[:, :, :-1]], axis=2)
        after = keras.ops.concatenate([level[:, :, 1:], level[:, :, -1:]], axis=2)
        middle = self.factor // 2
        distances = [(index - middle) / self.factor for index in range(self.factor)]
        finer = [
            (1 - abs(distance)) * level + abs(distance) * (before if distance < 0 else after)
            for distance in distances
        ]
        # The frames may be unknown while the graph is made, so they are asked for here.
        bands, frames = keras.ops.shape(level)[1:3]
        stacked = keras.ops.concatenate(finer, axis=3)
        return keras.ops.reshape(stacked, (-1, bands, frames * self.factor, 1))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape with more frames."""
        batch, bands, frames, channels = input_shape
        return batch, bands, None if frames is None else frames * self.factor, channels

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor needs."""
        return {**super().get_config(), "factor": self.factor}


@keras.saving.register_keras_serializable(package="earmark")
class Bounded(keras.layers.Layer):
    """Cut values off beyond a limit on either side.

    Some channels of the starting weights are almost always silent. Brought to unit
    spread, the rare moments in which one is not would outweigh all others.

    Parameters
    ----------
    limit : float
        Positive.
    """

    def __init__(self, limit: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def call(self, features: Any) -> Any:
        """Cut off, element by element."""
        return keras.ops.clip(features, -self.limit, self.limit)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor needs."""
        return {**super().get_config(), "limit": self.limit}
