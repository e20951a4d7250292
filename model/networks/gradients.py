"""Derivatives of a network's scores, for explanations that need them."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from model.types import Float32

# From levels (batch, mels, frames) and weights (classes,) to what `gradients_of` describes.
Gradients = Callable[[Float32, Float32], tuple[Float32, Float32, Float32]]


def require_tensorflow(what: str, otherwise: str = "") -> None:
    """Refuse another backend of Keras, with the way out.

    Parameters
    ----------
    what : str
        What needs TensorFlow, as the beginning of a sentence.
    otherwise : str
        Another way out, as its end.

    Raises
    ------
    ValueError
        If Keras runs on another backend than TensorFlow.
    """
    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise ValueError(
            f"{what}, and Keras runs on {backend} here. Set KERAS_BACKEND=tensorflow{otherwise}."
        )


def gradients_of(with_maps: keras.Model) -> Gradients:
    """Build a function that differentiates a weighted sum of the scores.

    Parameters
    ----------
    with_maps : keras.Model
        From `with_feature_maps`.

    Returns
    -------
    callable
        From levels in dB, (batch, mels, frames), and weights, (classes,), to the sum's
        derivative by every level, (batch, mels, frames), per dB; its derivative by every value
        of the last map, (batch, rows, columns, channels); and that map. The first call traces
        the graph, which takes a second.

    Raises
    ------
    ValueError
        If Keras runs on another backend than TensorFlow.
    """
    require_tensorflow(
        "Methods that need a gradient run on TensorFlow", ", or leave those methods out"
    )
    import tensorflow as tf  # noqa: PLC0415  # other backends train without it

    shape = (None, *with_maps.input_shape[1:])
    n_classes = with_maps.output_shape[1][-1]

    @tf.function(
        input_signature=[
            tf.TensorSpec(shape, tf.float32),
            tf.TensorSpec((n_classes,), tf.float32),
        ]
    )
    def differentiate(levels: Any, weights: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(levels)
            maps, scores = with_maps(levels, training=False)
            weighted = tf.reduce_sum(scores * weights)
        return *tape.gradient(weighted, [levels, maps]), maps

    def gradients(levels: Float32, weights: Float32) -> tuple[Float32, Float32, Float32]:
        by_level, by_map, maps = differentiate(levels[..., np.newaxis], weights)
        return by_level.numpy()[..., 0], by_map.numpy(), maps.numpy()

    return gradients
