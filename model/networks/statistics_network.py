"""A small fully connected network on the 57 song statistics.

No CAM can be drawn for it, as its input has no time and no frequency axis: it is there for
comparison and as a second opinion.
"""

from typing import Any

import keras
from keras import layers, ops

from model.audio.song_statistics import SONG_STATISTICS
from model.constants import GENRES
from model.inference.statistics import SMALLEST


@keras.saving.register_keras_serializable(package="earmark")
class LogOfSome(keras.layers.Layer):
    """Take the natural logarithm of some columns and leave the others as they are.

    Variances are positive and spread over orders of magnitude; their logarithms are spread
    evenly enough to be standardised.

    Parameters
    ----------
    columns : list of bool
        Which columns of the input; their values are not negative.
    """

    def __init__(self, columns: list[bool], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = columns

    def call(self, values: Any) -> Any:
        """Map (batch, columns) to the same shape."""
        return ops.where(ops.array(self.columns), ops.log(ops.maximum(values, SMALLEST)), values)

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor needs."""
        return {**super().get_config(), "columns": self.columns}


def song_network(
    *,
    units: tuple[int, int] = (128, 64),
    noise: float = 0.2,
    dropout: float = 0.4,
    classes: int = len(GENRES),
) -> keras.Model:
    """Build the network with random weights.

    Its layer "standardise" has to be adapted to what layer "log" gives for the training
    tracks before it is trained: see `model.training.song_network`.

    Parameters
    ----------
    units : tuple of int
        Of the two hidden layers.
    noise : float
        Standard deviation of noise on the standardised statistics, in training. A lossy
        codec alone moves most of them by 0.03 to 0.2.
    dropout : float
        Share of each hidden layer's units dropped in training.
    classes : int
        Number of scores.

    Returns
    -------
    keras.Model
        From song statistics, (batch, 57) in the order of SONG_STATISTICS, to scores before
        the softmax, (batch, classes).
    """
    statistics = keras.Input((len(SONG_STATISTICS),), name="statistics")
    variances = [name.endswith("_var") for name in SONG_STATISTICS]
    hidden = LogOfSome(variances, name="log")(statistics)
    hidden = layers.Normalization(name="standardise")(hidden)
    hidden = layers.GaussianNoise(noise, name="noise")(hidden)
    for index, size in enumerate(units, start=1):
        hidden = layers.Dense(size, activation="relu", name=f"hidden{index}")(hidden)
        hidden = layers.Dropout(dropout, name=f"dropout{index}")(hidden)
    return keras.Model(statistics, layers.Dense(classes, name="genre")(hidden), name="song")
