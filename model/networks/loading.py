"""Loading a network, also as one that returns its last maps."""

from pathlib import Path

import keras

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
