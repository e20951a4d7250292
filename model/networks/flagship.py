"""The network that the app explains: local evidence, gated by the music around it.

It joins two of musicnn's networks. The *VGG* looks at places: its activations are local
in time and frequency and become the evidence. *musicnn* proper takes all bands together
and says what kind of music plays at a moment; it opens and closes a gate for each kind
of evidence, so it can turn evidence up and down, and cannot put any where the VGG found
none.

musicnn hears 62.5 frames a second of 96 bands; our pictures have 12.9 frames of 128
bands. For the VGG the kernels are brought to the pictures: between two frames of a
picture the activations are taken as linear, which turns a kernel with taps a fraction of
a frame apart into one with taps a whole frame apart (`resample_taps`). musicnn's middle
loses much by that, and is small enough to be given what it knows: the levels,
interpolated to its own frames and bands.

Two changes to the VGG keep the map fine enough to listen to. Behind the third convolution
the frequency axis is not pooled any more; the later kernels are dilated by what the
pooling would have skipped, so the starting weights keep their meaning. And the head sees
the third to fifth convolution together with the level itself, at one resolution of 4 mel
bands by 0.31 s.
"""

from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from model.audio.musicnn_spectrogram import MUSICNN_BANDS
from model.constants import GENRES, N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.networks.layers import (
    BandBias,
    BandsUpTo,
    Bounded,
    FinerFrames,
    LevelToLogPower,
    StandardLevels,
)
from model.networks.musicnn import middle_of_musicnn, weighted_layers
from model.networks.musicnn_vgg import MUSICNN_CHANNELS

# A picture's 0 dB is its clip's maximum. Over real clips musicnn's own mel power lies
# 19.4 dB above it in the median (8 to 25 dB); 40 dB come from its factor of 10000.
GAIN_DB: Final = 19.4 + 40.0
# Mean and standard deviation of the levels of a clip, averaged over the pictures.
MEAN_DB: Final = -43.0
SPREAD_DB: Final = 13.7

# Outputs of the layers that come with starting weights, which the head is trained on.
STARTED: Final = ("features", "context")
# In standard deviations, of what the head is given.
_BOUND: Final = 4.0

_MUSICNN_HIGHEST_HZ = 8000.0
_MUSICNN_FRAME_RATE = 62.5  # frames/s
# Frames between two of ours that bring us near musicnn's rate: 64.4 a second.
_FRAME_FACTOR = 5
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


def _local_features(level: Any) -> Any:
    """Look at places: (batch, N_MELS, frames, 1) in dB to (batch, rows, columns, features)."""
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
    return layers.Concatenate(name="features")(features)


def _context(level: Any) -> Any:
    """Hear what plays: (batch, N_MELS, frames, 1) in dB to (batch, 1, columns, context)."""
    bands = BandsUpTo(MUSICNN_BANDS, _MUSICNN_HIGHEST_HZ, name="musicnn_bands")(level)
    frames = FinerFrames(_FRAME_FACTOR, name="frames")(bands)
    power = LevelToLogPower(GAIN_DB, name="musicnn_log_power")(frames)
    middle = middle_of_musicnn(power)
    window = (1, _FRAME_FACTOR * 4)
    return layers.AveragePooling2D(window, name="context")(middle)


def _levelled(features: Any, name: str) -> Any:
    # The starting weights' channels differ in scale by four orders of magnitude, which
    # the usual epsilon of 1e-3 would not level out.
    normal = layers.BatchNormalization(momentum=0.95, epsilon=1e-6, name=f"norm_{name}")(features)
    return Bounded(_BOUND, name=f"bounded_{name}")(normal)


def flagship(
    *, units: int = 256, head_dropout: float = 0.2, classes: int = len(GENRES)
) -> keras.Model:
    """Build the flagship with random weights.

    Parameters
    ----------
    units : int
        Channels of the last map, "evidence".
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
    standard = StandardLevels(MEAN_DB, SPREAD_DB, name="standard_levels")(level)
    local = _levelled(_local_features(standard), "features")
    context = _levelled(_context(standard), "context")

    hidden = layers.Conv2D(units, 1, use_bias=False, name="mix")(local)
    hidden = layers.BatchNormalization(momentum=0.95, name="norm_mix")(hidden)
    hidden = BandBias(name="band_bias")(hidden)
    found = layers.ReLU(name="found")(hidden)
    gate = layers.Conv2D(units, 1, activation="sigmoid", name="gate")(context)
    evidence = layers.Multiply(name="evidence")([found, gate])
    pooled = layers.GlobalAveragePooling2D(name="gap")(evidence)
    pooled = layers.Dropout(head_dropout, name="head_dropout")(pooled)
    scores = layers.Dense(classes, name="genre")(pooled)
    return keras.Model(level, scores, name="flagship")


def start_from_musicnn(network: keras.Model, vgg: keras.Model, musicnn: keras.Model) -> None:
    """Copy musicnn's layers into a flagship, those of the VGG brought to its grid.

    Parameters
    ----------
    network : keras.Model
        From `flagship`; changed in place.
    vgg, musicnn : keras.Model
        From `musicnn_vgg` and `musicnn`, with weights.
    """
    for name in weighted_layers():
        network.get_layer(name).set_weights(musicnn.get_layer(name).get_weights())
    network.get_layer("norm0").set_weights(vgg.get_layer("norm0").get_weights())
    for index, distance in enumerate(_TAP_DISTANCES, start=1):
        kernel, bias = vgg.get_layer(f"conv{index}").get_weights()
        resampled = resample_taps(kernel, distance)
        # musicnn's axes are (time, frequency), ours (frequency, time).
        network.get_layer(f"conv{index}").set_weights([resampled.swapaxes(0, 1), bias])
        network.get_layer(f"norm{index}").set_weights(vgg.get_layer(f"norm{index}").get_weights())
