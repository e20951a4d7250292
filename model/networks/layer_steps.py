"""The early layers of a flagship as steps that a deconvolution takes back."""

from typing import Final

import numpy as np

from model.explain.deconvolution import Convolution, Pooling, Rectification, Scaling, Step
from model.inference.building import affine_of
from model.inference.runner import Runner
from model.inference.stored import StoredLayer, StoredNetwork
from model.types import Float32

# The layers that have only maxima, signs and convolutions below them.
DECONVOLVED: Final = ("conv1", "conv2", "conv3")

# From the bottom up: what lies between the levels, compressed, and conv3.
_ORDER: Final = ("norm0", "conv1", "norm1", "conv2", "norm2", "pool2", "conv3")


class LayerSteps:
    """Early layers of a network, run forwards and taken backwards.

    Parameters
    ----------
    network : StoredNetwork
        A flagship, or a network that begins as one.
    """

    def __init__(self, network: StoredNetwork) -> None:
        below = network.up_to(_ORDER[-1])
        self._layers = [below.layers[name] for name in _ORDER]
        self._forward = Runner(below, _ORDER)

    @property
    def layers(self) -> list[StoredLayer]:
        """The layers up to the last that can be taken back, from the bottom up."""
        return self._layers

    def steps_below(self, layer: str, levels: Float32) -> tuple[Float32, list[Step]]:
        """Run up to a layer, and list the steps from there down.

        Parameters
        ----------
        layer : str
            One of DECONVOLVED.
        levels : ndarray of float32, shape (N_MELS, frames)
            In dB, at NETWORK_HOP.

        Returns
        -------
        answers : ndarray of float32, shape (rows, columns, channels)
            The layer's output, not negative.
        steps : list of Step
            From the layer down to the spectrogram.

        Raises
        ------
        ValueError
            If the layer has other things below it.
        """
        if layer not in DECONVOLVED:
            raise ValueError(f"only {', '.join(DECONVOLVED)} can be taken back, not {layer}")
        outputs = self._run(levels)
        last = _ORDER.index(layer)
        steps: list[Step] = []
        for index in range(last, -1, -1):
            below = outputs[index - 1] if index else levels[..., np.newaxis]
            steps += _steps_of(self._layers[index], below, outputs[index])
        return outputs[last], steps

    def answers(self, levels: Float32) -> dict[str, Float32]:
        """Run all of them on one spectrogram: what each of DECONVOLVED answers."""
        outputs = dict(zip(_ORDER, self._run(levels), strict=True))
        return {name: outputs[name] for name in DECONVOLVED}

    def _run(self, levels: Float32) -> list[Float32]:
        return self._forward.run(levels[..., np.newaxis])[0]


def _steps_of(layer: StoredLayer, below: Float32, output: Float32) -> list[Step]:
    """List what one layer does, backwards."""
    if layer.kind == "BatchNormalization":
        return [Scaling(affine_of(layer)[0])]
    if layer.kind == "MaxPooling2D":
        return [Pooling.of(below, layer.settings["pool_size"][0])]
    down, across = layer.settings["strides"]
    size = below.shape[:2]
    # Both kinds of the flagship's 3x3 convolutions, "same" and decimating, have a border of one.
    edges = ((1, 1), (1, 1))
    convolution = Convolution(layer.weights[0], (down, across), edges, (size[0], size[1]))
    rectifies = layer.settings["activation"] == "relu"
    return [Rectification(), convolution] if rectifies else [convolution]
