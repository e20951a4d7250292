"""Loading a network into Keras, also as one that returns its last maps, and out of it."""

import json
from pathlib import Path

import keras
import numpy as np

from model.inference.stored import StoredNetwork, network_from

# Keras finds a layer of ours by its registered name once its module has been imported.
from model.networks import layers, part_filters, statistics_network  # noqa: F401


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
    """Build a network that shares all weights and returns its last map as well.

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


def described(network: keras.Model) -> StoredNetwork:
    """Describe a network of Keras layer by layer, as it would be read from its file.

    Parameters
    ----------
    network : keras.Model
        With one input and one output.

    Returns
    -------
    StoredNetwork
        With the weights that it has now.

    Raises
    ------
    UnknownNetworkError
        If it is put together otherwise than layer by layer, once each.
    """
    weights = {
        layer.name: tuple(np.asarray(each, np.float32) for each in layer.get_weights())
        for layer in network.layers
    }
    return network_from(json.loads(network.to_json()), weights)
