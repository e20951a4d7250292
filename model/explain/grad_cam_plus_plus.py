"""Grad-CAM++: the last maps, weighed by positive derivatives.

A. Chattopadhay et al., "Grad-CAM++: Generalized Gradient-based Visual Explanations for Deep
Convolutional Networks", WACV 2018.
"""

import numpy as np

from model.explain.door import Method, Network, Prediction, Target, one_gradient
from model.explain.grid import RelevanceMap
from model.types import Float32


def grad_cam_plus_plus(feature_maps: Float32, gradients: Float32) -> Float32:
    """Weigh every feature map by its positive derivatives, those at few places more.

    For the score's exponential the second and third derivatives are powers g^2, g^3 of
    the first, so that the weight of map k is the sum over all cells of
    ``g^2 / (2 g^2 + g^3 sum(f_k)) max(g, 0)``, up to a factor that all maps share.

    Parameters
    ----------
    feature_maps : ndarray of float32, shape (rows, columns, channels)
        Output f of a convolution, not negative.
    gradients : ndarray of float32, shape (rows, columns, channels)
        Derivative g of one class's score by them.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        Not negative: evidence against the class is left out channel by channel, not
        weighed against what speaks for it.
    """
    # Where g is negative the weight is 0, whatever its factor.
    positive = np.maximum(gradients, 0)
    factors = 1 / (2 + positive * feature_maps.sum(axis=(0, 1)))
    weights = (factors * positive).sum(axis=(0, 1))
    return np.maximum(feature_maps @ weights, 0)


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by Grad-CAM++, of the sum of the members' scores where genres are merged."""
    _, by_map, maps = network.gradients(prediction.levels[np.newaxis], target.weights)
    return RelevanceMap(grad_cam_plus_plus(maps[0], by_map[0]), network.grid)


METHOD = Method(
    name="grad-cam++",
    label="Grad-CAM++",
    summary="The last maps, weighed only by what raises the score: evidence against the class "
    "is left out map by map.",
    cost="1 gradient",
    per_class=True,
    signed=False,
    smooth=True,
    explain=explain,
    runs=one_gradient,
)
