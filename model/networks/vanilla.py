"""The baseline of most work on this data: three convolutions and dense layers.

Here to be compared with. Its dense layer sees which channel answered in which bands, so
unlike a network with one global average it has no class activation maps.
"""

import keras
from keras import layers

from model.constants import GENRES, N_MELS
from model.networks.flagship import MEAN_DB, SPREAD_DB
from model.networks.layers import StandardLevels


def vanilla(
    *,
    channels: tuple[int, int, int] = (32, 64, 128),
    units: int = 128,
    dropout: float = 0.2,
    classes: int = len(GENRES),
) -> keras.Model:
    """Build the vanilla network.

    Parameters
    ----------
    channels : tuple of int
        Channels of the three convolutions.
    units : int
        Units of the dense layer before the last one.
    dropout : float
        Share of what the dense layers see that is dropped in training.
    classes : int
        Number of scores.

    Returns
    -------
    keras.Model
        From levels in dB, (batch, N_MELS, frames, 1) at NETWORK_HOP, to scores before
        the softmax, (batch, classes). Any length from 3 s, for the last map is averaged
        over time, and over time alone.
    """
    level = keras.Input((N_MELS, None, 1), name="level_db")
    hidden = StandardLevels(MEAN_DB, SPREAD_DB, name="standard_levels")(level)
    # About -1 to 1, as fresh weights like it.
    hidden = layers.Rescaling(1 / (2 * SPREAD_DB), -MEAN_DB / (2 * SPREAD_DB), name="scale")(hidden)
    for index, width in enumerate(channels, start=1):
        hidden = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"conv{index}")(
            hidden
        )
        hidden = layers.MaxPooling2D((4, 2) if index > 1 else 2, name=f"pool{index}")(hidden)
    rows = N_MELS // (2 * 4 * 4)
    hidden = layers.GlobalAveragePooling1D(name="over_time")(
        layers.Reshape((-1, rows * channels[-1]), name="columns")(
            layers.Permute((2, 1, 3), name="time_first")(hidden)
        )
    )
    hidden = layers.Dropout(dropout, name="dropout1")(hidden)
    hidden = layers.Dense(units, activation="relu", name="dense")(hidden)
    hidden = layers.Dropout(dropout, name="dropout2")(hidden)
    return keras.Model(level, layers.Dense(classes, name="genre")(hidden), name="vanilla")
