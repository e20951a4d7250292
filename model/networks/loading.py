"""Architectures, one a file, and what all of them share.

Every network on pictures maps levels in dB, (batch, N_MELS, frames, 1), to scores before
the softmax, and takes any length from 3 s. The flagship and the ImageNet network end in a
layer "evidence", its global average "gap" and exactly one dense layer "genre": what CAM and
CRM need to be exact. The vanilla network, which nobody explains, ends in dense layers. The
song network maps song statistics to scores.
"""

from pathlib import Path

import keras

from model.networks.flagship import flagship
from model.networks.geometry import map_grid
from model.networks.gradients import Gradients, gradients_of
from model.networks.layers import (
    BandBias,
    BandsUpTo,
    Bounded,
    FinerFrames,
    LevelToLogPower,
    StandardLevels,
)
from model.networks.song_network import LogOfSome, song_network

__all__ = [
    "BandBias",
    "BandsUpTo",
    "Bounded",
    "FinerFrames",
    "Gradients",
    "LevelToLogPower",
    "LogOfSome",
    "StandardLevels",
    "flagship",
    "gradients_of",
    "load_network",
    "map_grid",
    "song_network",
    "with_feature_maps",
]


def load_network(path: Path) -> keras.Model:
    """Load a network in safe mode, without its optimizer.

    Parameters
    ----------
    path : Path
        A `.keras` file.

    Returns
    -------
    keras.Model
        From levels in dB, or song statistics, to scores.
    """
    network: keras.Model = keras.saving.load_model(path, compile=False, safe_mode=True)
    return network


def with_feature_maps(network: keras.Model) -> keras.Model:
    """Give a network that shares all weights and returns its last map as well.

    Parameters
    ----------
    network : keras.Model
        With a layer "evidence".

    Returns
    -------
    keras.Model
        From (batch, mels, frames, 1) to ``[maps, scores]`` of shapes (batch, rows,
        columns, channels) and (batch, classes).
    """
    return keras.Model(network.inputs, [network.get_layer("evidence").output, network.outputs[0]])
