"""EfficientNet-Lite0 on spectrograms: what a network knows that learned from photographs.

M. Tan, Q. V. Le, "EfficientNet: Rethinking model scaling for convolutional neural networks",
ICML 2019, arXiv 1905.11946; the Lite variants leave out squeeze-and-excitation and use
ReLU6. Its normalisations are folded into the convolutions: the statistics of photographs
stay as they are, and there are none to go astray on a few hundred songs.
"""

from typing import Any, Final

import keras
from keras import layers

from model.constants import GENRES, N_MELS
from model.networks.flagship import MEAN_DB, SPREAD_DB
from model.networks.layers import StandardLevels

# Kernel, stride, expansion, channels, repetitions of the blocks: table 1 of the paper.
_BLOCKS: Final = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
_STEM_CHANNELS: Final = 32
_HEAD_CHANNELS: Final = 1_280
# Convolutions are called conv1 (the stem) to conv49 (the last one).
N_CONVOLUTIONS: Final = 49


class _Builder:
    """Numbers the convolutions as they are added."""

    def __init__(self) -> None:
        self._count = 0

    def _name(self) -> str:
        self._count += 1
        return f"conv{self._count}"

    def full(self, hidden: Any, channels: int, size: int = 1, stride: int = 1) -> Any:
        return layers.Conv2D(channels, size, stride, padding="same", name=self._name())(hidden)

    def depthwise(self, hidden: Any, size: int, stride: int) -> Any:
        return layers.DepthwiseConv2D(size, stride, padding="same", name=self._name())(hidden)

    def block(self, pixels: Any, size: int, stride: int, expansion: int, channels: int) -> Any:
        width = pixels.shape[-1]
        hidden = pixels
        if expansion > 1:
            hidden = layers.ReLU(6.0)(self.full(hidden, width * expansion))
        hidden = layers.ReLU(6.0)(self.depthwise(hidden, size, stride))
        hidden = self.full(hidden, channels)
        return layers.Add()([hidden, pixels]) if stride == 1 and width == channels else hidden


def efficientnet_features(image: Any) -> Any:
    """Run all convolutions.

    Parameters
    ----------
    image : KerasTensor, shape (batch, rows, columns, 3)
        Values from -1 to 1.

    Returns
    -------
    KerasTensor, shape (batch, rows / 32, columns / 32, 1280)
        Not negative.
    """
    builder = _Builder()
    hidden = layers.ReLU(6.0)(builder.full(image, _STEM_CHANNELS, 3, 2))
    for size, stride, expansion, channels, repetitions in _BLOCKS:
        for repetition in range(repetitions):
            step = stride if repetition == 0 else 1
            hidden = builder.block(hidden, size, step, expansion, channels)
    return layers.ReLU(6.0, name="evidence")(builder.full(hidden, _HEAD_CHANNELS))


def efficientnet_backbone() -> keras.Model:
    """Build the convolutions alone: from images, (batch, rows, columns, 3) in [-1, 1]."""
    image = keras.Input((None, None, 3), name="image")
    return keras.Model(image, efficientnet_features(image), name="efficientnet-lite0")


def efficientnet_lite(*, dropout: float = 0.2, classes: int = len(GENRES)) -> keras.Model:
    """Build EfficientNet-Lite0 for spectrograms.

    Parameters
    ----------
    dropout : float
        Share of the averaged channels that is dropped in training.
    classes : int
        Number of scores.

    Returns
    -------
    keras.Model
        From levels in dB, (batch, N_MELS, frames, 1) at NETWORK_HOP, to scores before the
        softmax, (batch, classes). Three equal channels stand for the colours.
    """
    level = keras.Input((N_MELS, None, 1), name="level_db")
    standard = StandardLevels(MEAN_DB, SPREAD_DB, name="standard_levels")(level)
    # Two deviations on either side of the mean are what -1 to 1 is for a photograph.
    grey = layers.Rescaling(1 / (2 * SPREAD_DB), -MEAN_DB / (2 * SPREAD_DB), name="grey")(standard)
    image = layers.Concatenate(name="image")([grey, grey, grey])
    pooled = layers.GlobalAveragePooling2D(name="gap")(efficientnet_features(image))
    pooled = layers.Dropout(dropout, name="head_dropout")(pooled)
    scores = layers.Dense(classes, name="genre")(pooled)
    return keras.Model(level, scores, name="efficientnet-lite0")


def start_from_imagenet(network: keras.Model, backbone: keras.Model) -> None:
    """Copy the convolutions that learned from photographs into a network.

    Parameters
    ----------
    network : keras.Model
        From `efficientnet_lite`; changed in place.
    backbone : keras.Model
        From `efficientnet_backbone`, with weights.
    """
    for index in range(1, N_CONVOLUTIONS + 1):
        name = f"conv{index}"
        network.get_layer(name).set_weights(backbone.get_layer(name).get_weights())
