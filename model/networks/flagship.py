"""The network that the app explains: musicnn's convolutions at the pictures' own frame rate.

musicnn hears 62.5 frames a second of 96 bands; our pictures have 12.9 frames of 128
bands. Blowing the pictures up costs five times the work and adds nothing, so the
kernels are brought to the pictures instead: between two frames of a picture the
activations are taken as linear, which turns a kernel with taps a fraction of a frame
apart into one with taps a whole frame apart (`resample_taps`).

Two changes keep the map fine enough to listen to. Behind the third convolution the
frequency axis is not pooled any more; the later kernels are dilated by what the pooling
would have skipped, so the starting weights keep their meaning. And the head sees the
third to fifth convolution together with the level itself, at one resolution of 4 mel
bands by 0.31 s.
"""

from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from model.constants import GENRES, N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.networks.layers import BandBias, LevelToLogPower
from model.networks.musicnn_vgg import MUSICNN_CHANNELS

# A picture's 0 dB is its clip's maximum. Over real clips musicnn's own mel power lies
# 19.4 dB above it in the median (8 to 25 dB); 40 dB come from its factor of 10000.
GAIN_DB: Final = 19.4 + 40.0

_MUSICNN_FRAME_RATE = 62.5  # frames/s
_FRAME_RATE = SAMPLE_RATE / NETWORK_HOP  # frames/s
# Frames of musicnn between neighbouring columns, at each convolution, and ours: the
# pictures' rate, halved behind conv3 and conv4.
_MUSICNN_STEPS = (1, 4, 4, 8, 16)
_OUR_STEPS = (1, 1, 1, 2, 4)
# Distance of a kernel's taps in columns of ours.
_TAP_DISTANCES = tuple(
    theirs / _MUSICNN_FRAME_RATE * _FRAME_RATE / ours
    for theirs, ours in zip(_MUSICNN_STEPS, _OUR_STEPS, strict=True)
)


def resample_taps(kernel: npt.NDArray[np.float32], distance: float) -> npt.NDArray[np.float32]:
    """Bring a three-tap kernel to a coarser grid, with activations linear in between.

    Parameters
    ----------
    kernel : ndarray of float32, shape (3, ...)
        Taps at -distance, 0 and +distance.
    distance : float
        Distance of the taps in cells of the coarser grid, 0 to 1.

    Returns
    -------
    ndarray of float32, shape (3, ...)
        Taps at -1, 0 and +1 with the same response to anything linear between cells.

    Raises
    ------
    ValueError
        If `distance` lies outside [0, 1].
    """
    if not 0.0 <= distance <= 1.0:
        raise ValueError(f"taps must lie at most one cell apart, not {distance}")
    resampled = kernel * np.float32(distance)
    resampled[1] = kernel[1] + np.float32(1.0 - distance) * (kernel[0] + kernel[2])
    return resampled


def _convolution(pixels: Any, index: int, *, dilation: int = 1, decimate: bool = False) -> Any:
    if decimate:
        # Explicit padding: Keras' own "same" would shift the map at an even size.
        pixels = layers.ZeroPadding2D(1, name=f"pad{index}")(pixels)
    hidden = layers.Conv2D(
        MUSICNN_CHANNELS,
        3,
        strides=(2, 1) if decimate else 1,
        padding="valid" if decimate else "same",
        dilation_rate=(dilation, 1),
        activation="relu",
        name=f"conv{index}",
    )(pixels)
    return layers.BatchNormalization(momentum=0.95, name=f"norm{index}")(hidden)


def flagship(
    *,
    units: int = 256,
    feature_dropout: float = 0.0,
    head_dropout: float = 0.2,
    classes: int = len(GENRES),
) -> keras.Model:
    """Build the flagship with random weights.

    Parameters
    ----------
    units : int
        Channels of the last map, "evidence".
    feature_dropout : float
        Share of whole channels dropped before the head, in training.
    head_dropout : float
        Share of channels dropped between the global average and the dense layer.
    classes : int
        Number of scores.

    Returns
    -------
    keras.Model
        From levels in dB, (batch, N_MELS, frames, 1) at NETWORK_HOP, to scores before
        the softmax, (batch, classes). The last map, layer "evidence", is the input of
        the global average "gap"; "genre" is the one dense layer.
    """
    level = keras.Input((N_MELS, None, 1), name="level_db")
    power = LevelToLogPower(GAIN_DB, name="log_power")(level)
    pixels = layers.BatchNormalization(name="norm0")(power)
    # musicnn's first pool takes the maximum over 64 ms, less than one frame here. Its
    # second takes it over four bands; two of the four do, at half the work.
    hidden = _convolution(pixels, 1)
    hidden = _convolution(hidden, 2, decimate=True)
    hidden = layers.MaxPooling2D((2, 1), name="pool2")(hidden)
    third = _convolution(hidden, 3)
    hidden = layers.MaxPooling2D((2, 2), strides=(1, 2), name="pool3")(third)
    fourth = _convolution(hidden, 4, dilation=2)
    hidden = layers.MaxPooling2D((1, 2), name="pool4")(fourth)
    fifth = _convolution(hidden, 5, dilation=4)

    # One row up, the bands' mean is centred where the rows of the convolutions are.
    aligned = layers.Cropping2D(((1, 0), (0, 0)), name="align")(pixels)
    features = [
        layers.AveragePooling2D((5, 4), strides=(4, 4), name="level")(aligned),
        layers.AveragePooling2D((2, 4), strides=(1, 4), name="features3")(third),
        layers.AveragePooling2D((1, 2), name="features4")(fourth),
        fifth,
    ]
    hidden = layers.Concatenate(name="features")(features)
    # The starting weights' channels differ in scale by four orders of magnitude, which
    # the usual epsilon of 1e-3 would not level out.
    hidden = layers.BatchNormalization(momentum=0.95, epsilon=1e-6, name="norm_features")(hidden)
    hidden = layers.SpatialDropout2D(feature_dropout, name="feature_dropout")(hidden)
    hidden = layers.Conv2D(units, 1, use_bias=False, name="mix")(hidden)
    hidden = layers.BatchNormalization(momentum=0.95, name="norm_mix")(hidden)
    hidden = BandBias(name="band_bias")(hidden)
    evidence = layers.ReLU(name="evidence")(hidden)
    pooled = layers.GlobalAveragePooling2D(name="gap")(evidence)
    pooled = layers.Dropout(head_dropout, name="head_dropout")(pooled)
    scores = layers.Dense(classes, name="genre")(pooled)
    return keras.Model(level, scores, name="flagship")


def start_from_musicnn(network: keras.Model, musicnn: keras.Model) -> None:
    """Give a flagship musicnn's convolutions, brought to its grid.

    Parameters
    ----------
    network : keras.Model
        From `flagship`; changed in place.
    musicnn : keras.Model
        From `musicnn_vgg`, with weights.
    """
    network.get_layer("norm0").set_weights(musicnn.get_layer("norm0").get_weights())
    for index, distance in enumerate(_TAP_DISTANCES, start=1):
        kernel, bias = musicnn.get_layer(f"conv{index}").get_weights()
        resampled = resample_taps(kernel, distance)
        # musicnn's axes are (time, frequency), ours (frequency, time).
        network.get_layer(f"conv{index}").set_weights([resampled.swapaxes(0, 1), bias])
        network.get_layer(f"norm{index}").set_weights(
            musicnn.get_layer(f"norm{index}").get_weights()
        )
