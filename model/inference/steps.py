"""One step for several layers in a row, where that is quicker."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from model.inference.band_filters import BandFilters
from model.inference.building import NO_EDGES, affine_of, layer_of, padding_of
from model.inference.convolution import Edges
from model.inference.layer import Layer
from model.inference.stored import StoredLayer, StoredNetwork


@dataclass(frozen=True, eq=False)
class Step:
    """What runs in place of one layer or of several in a row.

    Attributes
    ----------
    name : str
        Of the last of them.
    inputs : tuple of str
        Names of the steps that feed it.
    layer : Layer
        What computes it.
    """

    name: str
    inputs: tuple[str, ...]
    layer: Layer


def steps_of(network: StoredNetwork, shown: Iterable[str]) -> list[Step]:
    """Put together what computes a network.

    Parameters
    ----------
    network : StoredNetwork
        As it was saved.
    shown : iterable of str
        Layers whose outputs are wanted, so none of them may vanish in another.

    Returns
    -------
    list of Step
        In order, without the input.

    Raises
    ------
    UnknownNetworkError
        If there is a layer that only Keras knows.
    """
    uses = Counter(source for layer in network.layers.values() for source in layer.inputs)
    uses.update(shown)
    following = {
        source: layer
        for layer in network.layers.values()
        for source in layer.inputs
        if uses[source] == 1 and len(layer.inputs) == 1
    }
    steps: list[Step] = []
    taken = {network.input}
    for layer in network.layers.values():
        if layer.name not in taken:
            run = _run_from(layer, following)
            taken.update(each.name for each in run)
            steps.append(Step(run[-1].name, layer.inputs, _together(run)))
    return steps


def _run_from(layer: StoredLayer, following: dict[str, StoredLayer]) -> list[StoredLayer]:
    """Collect what is computed together: padding, convolution, normalisation, maximum."""
    run = [layer]

    def goes_on(*kinds: str) -> StoredLayer | None:
        found = following.get(run[-1].name)
        return found if found is not None and found.kind in kinds else None

    if layer.kind == "ZeroPadding2D":
        convolves = goes_on("Conv2D", "DepthwiseConv2D")
        if convolves is None or convolves.settings["padding"] != "valid":
            return run
        run.append(convolves)
    if run[-1].kind == "Conv2D" and (norm := goes_on("BatchNormalization")):
        run.append(norm)
        if (pool := goes_on("MaxPooling2D")) and _are_band_filters(run, pool):
            run.append(pool)
    return run


def _edges(run: list[StoredLayer]) -> Edges:
    return padding_of(run[0]) if run[0].kind == "ZeroPadding2D" else NO_EDGES


def _are_band_filters(run: list[StoredLayer], pool: StoredLayer) -> bool:
    """Whether a maximum over all rows follows rectified filters on bands of one channel."""
    layer, settings = run[-2], run[-2].settings
    bands = layer.shapes[0][1]
    if bands is None or _edges(run)[0] != (0, 0):
        return False
    plain = settings["strides"] == settings["dilation_rate"] == [1, 1]
    height, _, channels, _ = layer.weights[0].shape
    size = [bands - height + 1, 1]
    return bool(
        plain
        and channels == 1
        and settings["padding"] == "valid"
        and settings["activation"] == "relu"
        and settings["use_bias"]
        and pool.settings["pool_size"] == size
        and pool.settings["padding"] == "valid"
        and pool.settings["strides"][1] == 1
    )


def _together(run: list[StoredLayer]) -> Layer:
    if len(run) == 1:
        return layer_of(run[0])
    edges = _edges(run)
    layer, *behind = run[1:] if run[0].kind == "ZeroPadding2D" else run
    if not behind:
        return layer_of(layer, edges)
    affine = affine_of(behind[0])
    if len(behind) == 1:
        return layer_of(layer, edges, affine)
    return BandFilters(layer.weights[0], layer.weights[1], affine, edges[1])
