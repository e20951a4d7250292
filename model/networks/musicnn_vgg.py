"""The convolutions of musicnn's VGG tagger, as published: the starting weights.

J. Pons, X. Serra, "musicnn: pre-trained convolutional neural networks for music audio
tagging", ISMIR late-breaking demo 2019, arXiv 1909.06654. ISC licence. Trained by its
authors on the tags of the Million Song Dataset.
"""

from typing import Final

import keras
from keras import layers

from model.audio.musicnn_spectrogram import MUSICNN_BANDS

MUSICNN_CHANNELS: Final = 128
# (time, frequency) windows of the max pooling behind each convolution, as in the graph
# that was trained and is shipped with the weights. The package's Python code strides by
# (2, 2) instead, in the first and second, with which the weights answer less well.
_POOLS: Final = ((4, 1), (1, 4), (2, 2), (2, 2))


def musicnn_vgg() -> keras.Model:
    """Build the five convolutions of musicnn's VGG.

    Returns
    -------
    keras.Model
        From (batch, frames, MUSICNN_BANDS, 1), ``log10(10000 S + 1)`` at 62.5 frames a
        second, to five tensors: the normalised output of each convolution, (batch,
        frames', bands', MUSICNN_CHANNELS).
    """
    pixels = keras.Input((None, MUSICNN_BANDS, 1), name="log_power")
    hidden = layers.BatchNormalization(name="norm0")(pixels)
    outputs = []
    for index in range(1, 6):
        hidden = layers.Conv2D(
            MUSICNN_CHANNELS, 3, padding="same", activation="relu", name=f"conv{index}"
        )(hidden)
        hidden = layers.BatchNormalization(name=f"norm{index}")(hidden)
        outputs.append(hidden)
        if index <= len(_POOLS):
            hidden = layers.MaxPooling2D(_POOLS[index - 1], name=f"pool{index}")(hidden)
    return keras.Model(pixels, outputs, name="musicnn-vgg")
