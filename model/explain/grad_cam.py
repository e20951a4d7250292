"""Gradient-weighted class activation maps (Grad-CAM).

R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization", ICCV 2017.
"""

import numpy as np

from model.explain.door import Method, Network, Prediction, Target, one_gradient
from model.explain.grid import RelevanceMap
from model.types import Float32


def grad_cam(feature_maps: Float32, gradients: Float32) -> Float32:
    """Weigh every feature map by the mean of the score's derivative by it.

    Behind a global average and one dense layer the derivative is ``w_kc / (H W)``
    everywhere, and this is the positive part of the CAM over H W.

    Parameters
    ----------
    feature_maps : ndarray of float32, shape (rows, columns, channels)
        Output f of a convolution.
    gradients : ndarray of float32, shape (rows, columns, channels)
        Derivative of one class's score by them.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        Not negative.
    """
    return np.maximum(feature_maps @ gradients.mean(axis=(0, 1)), 0)


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by Grad-CAM, of the sum of the members' scores where genres are merged."""
    _, by_map, maps = network.gradients(prediction.levels[np.newaxis], target.weights)
    return RelevanceMap(grad_cam(maps[0], by_map[0]), network.grid)


METHOD = Method(
    name="grad-cam",
    label="Grad-CAM",
    summary="The last maps, weighed by how the score depends on each on average. Behind a "
    "global average this is what the CAM has in favour of the class.",
    cost="1 gradient",
    per_class=True,
    signed=False,
    smooth=True,
    explain=explain,
    runs=one_gradient,
)
