"""Class activation maps (CAM).

B. Zhou, A. Khosla, A. Lapedriza, A. Oliva, A. Torralba, "Learning Deep Features for
Discriminative Localization", CVPR 2016, arXiv 1512.04150.
"""

import numpy as np

from model.explain.door import Method, Network, Prediction, Target
from model.explain.grid import RelevanceMap
from model.types import Float32


def cam(feature_maps: Float32, kernel: Float32) -> Float32:
    """Compute the class activation map of every class.

    ``CAM_c(m, t) = sum_k w_kc f_k(m, t)``. It is signed, and complete: its mean over
    the map plus the bias of class c is the score S_c before the softmax.

    Parameters
    ----------
    feature_maps : ndarray of float32, shape (rows, columns, channels)
        Output f of the last convolution, the input of the global average.
    kernel : ndarray of float32, shape (channels, classes)
        Weights w of the one dense layer behind the global average.

    Returns
    -------
    ndarray of float32, shape (classes, rows, columns)
        In units of the score S_c.
    """
    return np.moveaxis(feature_maps @ kernel, -1, 0)


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by the CAM: the sum of its members' CAMs where genres are merged."""
    maps = cam(prediction.feature_maps, network.kernel)
    return RelevanceMap(np.tensordot(target.weights, maps, axes=1), network.grid)


METHOD = Method(
    name="cam",
    label="CAM",
    summary="Class activation map: how much each place adds to the score of one class, "
    "or takes from it.",
    cost="1 run of the network",
    per_class=True,
    signed=True,
    smooth=True,
    explain=explain,
)
