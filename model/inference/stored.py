"""A network as Keras saved it: its layers, how they hang together, and their weights."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from model.types import Float32


class UnknownNetworkError(ValueError):
    """A saved network that only Keras can read."""


@dataclass(frozen=True, eq=False)
class StoredLayer:
    """A layer of a saved network.

    Attributes
    ----------
    name : str
        Its own.
    kind : str
        Name of its class in Keras, or of ours.
    settings : dict
        What its constructor was given.
    inputs : tuple of str
        Names of the layers that feed it.
    weights : tuple of ndarray of float32
        As Keras' `get_weights` lists them.
    shapes : tuple of tuple
        Of the inputs, (None, rows, None, channels) for maps of any length.
    """

    name: str
    kind: str
    settings: dict[str, Any]
    inputs: tuple[str, ...]
    weights: tuple[Float32, ...]
    shapes: tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, eq=False)
class StoredNetwork:
    """A saved network with one input and one output.

    Attributes
    ----------
    layers : dict of StoredLayer
        By name, each behind those that feed it.
    input, output : str
        Names of the first and of the last layer.
    """

    layers: dict[str, StoredLayer]
    input: str
    output: str

    def up_to(self, name: str) -> "StoredNetwork":
        """Take the part that computes one layer's output."""
        needed = {name}
        for layer in reversed(self.layers.values()):
            if layer.name in needed:
                needed.update(layer.inputs)
        layers = {each: layer for each, layer in self.layers.items() if each in needed}
        return StoredNetwork(layers, self.input, name)

    def behind(self, name: str) -> "StoredNetwork":
        """Take the part that computes the output from one layer's output alone."""
        layers = list(self.layers)
        first = layers.index(name)
        return StoredNetwork(
            {each: self.layers[each] for each in layers[first:]}, name, self.output
        )


def read_network(path: Path) -> StoredNetwork:
    """Read a network out of a `.keras` file.

    Parameters
    ----------
    path : Path
        As Keras 3 saves it: a ZIP archive with a description and weights in HDF5.

    Returns
    -------
    StoredNetwork
        Nothing in it is run.

    Raises
    ------
    UnknownNetworkError
        If it is put together otherwise than layer by layer, once each.
    """
    return network_from(*_read(path))


def read_layers(path: Path) -> dict[str, StoredLayer]:
    """Read the layers of a `.keras` file by name, however many inputs the network has.

    Raises
    ------
    UnknownNetworkError
        If it is put together otherwise than layer by layer, once each.
    """
    return _layers(*_read(path))


def _read(path: Path) -> tuple[dict[str, Any], dict[str, tuple[Float32, ...]]]:
    with zipfile.ZipFile(path) as archive:
        described: dict[str, Any] = json.loads(archive.read("config.json"))
        return described, _weights(archive.read("model.weights.h5"))


def network_from(
    described: dict[str, Any], weights: Mapping[str, tuple[Float32, ...]]
) -> StoredNetwork:
    """Put a network together from its description.

    Parameters
    ----------
    described : dict
        As Keras describes a functional model in JSON.
    weights : mapping
        Of the layers that have any, by their names.

    Returns
    -------
    StoredNetwork
        All of it.

    Raises
    ------
    UnknownNetworkError
        If it is put together otherwise than layer by layer, once each.
    """
    settings = described["config"]
    return StoredNetwork(
        _in_order(_layers(described, weights)),
        _only(settings["input_layers"]),
        _only(settings["output_layers"]),
    )


def _layers(
    described: dict[str, Any], weights: Mapping[str, tuple[Float32, ...]]
) -> dict[str, StoredLayer]:
    if described["class_name"] != "Functional":
        raise UnknownNetworkError(f"{described['class_name']} is no network of single layers")
    found = {}
    for layer in described["config"]["layers"]:
        name = layer["config"]["name"]
        if len(layer["inbound_nodes"]) > 1:
            raise UnknownNetworkError(f"{name} is used more than once")
        tensors = list(_tensors(layer["inbound_nodes"]))
        found[name] = StoredLayer(
            name,
            layer["class_name"],
            layer["config"],
            tuple(tensor["keras_history"][0] for tensor in tensors),
            weights.get(name, ()),
            tuple(tuple(tensor["shape"]) for tensor in tensors),
        )
    return found


def _weights(data: bytes) -> dict[str, tuple[Float32, ...]]:
    """Read the weights of all layers, by their names."""
    found = {}
    with h5py.File(io.BytesIO(data)) as file:
        for layer in file["layers"].values():
            variables = layer.get("vars")
            if variables is None or "name" not in variables.attrs:
                raise UnknownNetworkError("the weights are not listed layer by layer")
            found[str(variables.attrs["name"])] = tuple(
                np.asarray(variables[str(index)], np.float32) for index in range(len(variables))
            )
    return found


def _only(layers: Any) -> str:
    """Return the name of the only input or output of a network."""
    # A single one is stored as it is or as a list of one.
    while len(layers) == 1:
        layers = layers[0]
    if not isinstance(layers[0], str):
        raise UnknownNetworkError("a network with several inputs or outputs")
    return layers[0]


def _tensors(stored: Any) -> Iterator[dict[str, Any]]:
    """Find the descriptions of all layers' outputs that are mentioned in a stored call."""
    if isinstance(stored, dict):
        if stored.get("class_name") == "__keras_tensor__":
            yield stored["config"]
        else:
            yield from _tensors(list(stored.values()))
    elif isinstance(stored, list):
        for one in stored:
            yield from _tensors(one)


def _in_order(layers: dict[str, StoredLayer]) -> dict[str, StoredLayer]:
    """Sort layers so that each comes behind those that feed it."""
    ordered: dict[str, StoredLayer] = {}

    def add(name: str) -> None:
        if name not in ordered:
            for source in layers[name].inputs:
                add(source)
            ordered[name] = layers[name]

    for name in layers:
        add(name)
    return ordered
