"""The early layers of a flagship as steps that a deconvolution takes back."""

from typing import Any, Final

import keras
import numpy as np

from model.explain.deconvolution import Convolution, Pooling, Rectification, Scaling, Step
from model.types import Float32

# The layers that have only maxima, signs and convolutions below them.
DECONVOLVED: Final = ("conv1", "conv2", "conv3")

# From the bottom up: what lies between the levels, compressed, and conv3.
_ORDER: Final = ("norm0", "conv1", "norm1", "conv2", "norm2", "pool2", "conv3")


class LayerSteps:
    """Early layers of a network, run forwards and taken backwards.

    Parameters
    ----------
    network : keras.Model
        A flagship, or a network that begins as one.
    """

    def __init__(self, network: keras.Model) -> None:
        self._layers = [network.get_layer(name) for name in _ORDER]
        self._forward = keras.Model(network.inputs, [layer.output for layer in self._layers])

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
        outputs = [np.asarray(one)[0] for one in self._run(levels)]
        last = _ORDER.index(layer)
        steps: list[Step] = []
        for index in range(last, -1, -1):
            below = outputs[index - 1] if index else levels[..., np.newaxis]
            steps += _steps_of(self._layers[index], below, outputs[index])
        return outputs[last], steps

    def answers(self, levels: Float32) -> dict[str, Float32]:
        """Run all of them on one spectrogram: what each of DECONVOLVED answers."""
        outputs = dict(zip(_ORDER, self._run(levels), strict=True))
        return {name: np.asarray(outputs[name])[0] for name in DECONVOLVED}

    def _run(self, levels: Float32) -> Any:
        return self._forward.predict_on_batch(levels[np.newaxis, ..., np.newaxis])


def _steps_of(layer: keras.layers.Layer, below: Float32, output: Float32) -> list[Step]:
    """List what one layer does, backwards."""
    if isinstance(layer, keras.layers.BatchNormalization):
        gamma, _, _, variance = layer.get_weights()
        return [Scaling((gamma / np.sqrt(variance + layer.epsilon)).astype(np.float32))]
    if isinstance(layer, keras.layers.MaxPooling2D):
        return [Pooling.of(below, layer.pool_size[0])]
    kernel = np.asarray(layer.get_weights()[0], np.float32)
    size = below.shape[:2]
    # Both kinds of the flagship's 3x3 convolutions, "same" and decimating, have a border of one.
    convolution = Convolution(kernel, layer.strides, ((1, 1), (1, 1)), (size[0], size[1]))
    return [Rectification(), convolution] if _rectifies(layer) else [convolution]


def _rectifies(layer: keras.layers.Layer) -> bool:
    return bool(layer.activation is keras.activations.relu)
