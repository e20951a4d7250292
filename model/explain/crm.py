"""Class-selective relevance maps (CRM).

I. Kim, S. Rajaraman, S. Antani, "Visual Interpretation of Convolutional Neural Network
Predictions in Classifying Medical Image Modalities", Diagnostics 9(2):38, 2019.

The paper removes one spatial element at a time and sums, over all output nodes, the
square of what each loses. Behind a global average that loss is linear in the element,
``S_n - S_n without (m, t) = CAM_n(m, t) / (H W)``, so the map has a closed form and
needs no removals. A slow loop in the tests proves it.
"""

import numpy as np

from model.explain.cam import cam
from model.explain.door import Method, Network, Prediction, Target
from model.explain.grid import RelevanceMap
from model.types import Float32


def score_losses(feature_maps: Float32, kernel: Float32) -> Float32:
    """Compute what each score loses when one cell's features are set to zero.

    Parameters
    ----------
    feature_maps : ndarray of float32, shape (rows, columns, channels)
        Output of the last convolution.
    kernel : ndarray of float32, shape (channels, classes)
        Weights of the one dense layer behind the global average.

    Returns
    -------
    ndarray of float32, shape (classes, rows, columns)
        ``CAM_n(m, t) / (H W)``, in units of the scores.
    """
    rows, columns, _ = feature_maps.shape
    return cam(feature_maps, kernel) / np.float32(rows * columns)


def crm(feature_maps: Float32, kernel: Float32) -> Float32:
    """Compute the class-selective relevance map as published: one for all classes.

    ``CRM(m, t) = sum_n (S_n - S_n without (m, t))^2 = sum_n CAM_n(m, t)^2 / (H W)^2``.

    Parameters
    ----------
    feature_maps : ndarray of float32, shape (rows, columns, channels)
        Output of the last convolution.
    kernel : ndarray of float32, shape (channels, classes)
        Weights of the one dense layer behind the global average.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        Not negative, in squared units of the scores.
    """
    return np.square(score_losses(feature_maps, kernel)).sum(axis=0)


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by the CRM as published, whichever class is asked for."""
    return RelevanceMap(crm(prediction.feature_maps, network.kernel), network.grid)


METHOD = Method(
    name="crm",
    label="CRM (all classes)",
    summary="Class-selective relevance map as published: how much all ten scores together "
    "would change without each place. One map, the same whichever class you choose.",
    cost="1 run of the network",
    per_class=False,
    signed=False,
    smooth=True,
    explain=explain,
)
