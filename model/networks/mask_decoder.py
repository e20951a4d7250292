"""A decoder of masks: from the last map of a network to the places that carry a class.

In the spirit of listenable maps (F. Paissan, M. Ravanelli, C. Subakan, "Listenable Maps for
Audio Classifiers", ICML 2024, arXiv 2403.13086): the network that is explained stays as it is,
and a small network learns which part of a sound keeps the verdict. It is told the class by the
weights of that class's log-odds, through the dense layer and by feature-wise scaling (E. Perez
et al., "FiLM", AAAI 2018), so one decoder serves every class, and merged ones.
"""

from typing import Any

import keras
from keras import layers

from model.explain.grid import TIMES_FINER
from model.networks.masks import LEVEL_CHANNELS


def mask_decoder(
    channels: int, classes: int, *, contrast_scale: float = 1.0, width: int = 40
) -> keras.Model:
    """Build a decoder with random weights.

    Parameters
    ----------
    channels : int
        Of the last map.
    classes : int
        Of the network.
    contrast_scale : float
        Brings what cells add to the log-odds to about 1.
    width : int
        Channels of its convolutions.

    Returns
    -------
    keras.Model
        From the last map, (batch, rows, columns, channels), levels from `cell_levels`,
        (batch, rows, columns, LEVEL_CHANNELS), the weights of the last map's channels in the
        log-odds, (batch, channels), and those of the classes, (batch, classes), to one figure
        from 0 to 1 for every half of a cell, (batch, rows, columns, TIMES_FINER).
    """
    maps = keras.Input((None, None, channels), name="maps")
    levels = keras.Input((None, None, LEVEL_CHANNELS), name="levels")
    by_channel = keras.Input((channels,), name="by_channel")
    by_class = keras.Input((classes,), name="by_class")

    direction = layers.Reshape((1, 1, channels), name="direction")(by_channel)
    adds = layers.Multiply(name="adds")([maps, direction])
    adds = layers.Rescaling(contrast_scale, name="scaled")(adds)
    contrast: Any = layers.Conv2D(
        1, 1, use_bias=False, kernel_initializer="ones", trainable=False, name="contrast"
    )(adds)
    contrast = layers.Activation("softsign", name="bounded")(contrast)
    spoken = layers.Conv2D(width, 1, use_bias=False, name="spoken")(adds)
    spoken = layers.Activation("tanh", name="spoken_bounded")(spoken)
    hidden = layers.Concatenate(name="given")([contrast, spoken, levels])
    for number, dilation in enumerate((1, 2, 3), start=1):
        before = hidden
        hidden = layers.Conv2D(
            width, 3, padding="same", dilation_rate=(1, dilation), name=f"conv{number}"
        )(hidden)
        scale = layers.Dense(width, kernel_initializer="zeros", name=f"scale{number}")(by_class)
        shift = layers.Dense(width, kernel_initializer="zeros", name=f"shift{number}")(by_class)
        scale = layers.Reshape((1, 1, width), name=f"scale{number}_cells")(scale)
        shift = layers.Reshape((1, 1, width), name=f"shift{number}_cells")(shift)
        scaled = layers.Multiply(name=f"film{number}")([hidden, scale])
        hidden = layers.Add(name=f"told{number}")([hidden, scaled, shift])
        hidden = layers.Activation("silu", name=f"active{number}")(hidden)
        if number > 1:
            hidden = layers.Add(name=f"sum{number}")([hidden, before])
    hidden = layers.Concatenate(name="found")([hidden, contrast])
    keep = layers.Conv2D(TIMES_FINER, 1, activation="sigmoid", name="keep")(hidden)
    return keras.Model([maps, levels, by_channel, by_class], keep, name="mask_decoder")
