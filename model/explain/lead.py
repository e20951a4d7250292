"""Lead maps: where one class's evidence exceeds that of every other class, and by how much.

A softmax compares scores: what a place adds to all of them alike changes no probability, yet
a class activation map shows it. What counts for a verdict is how far one class is ahead. On
explaining the contrast between classes instead of one score: J. Gu, Y. Yang, V. Tresp,
"Understanding Individual Decisions of CNNs via Contrastive Backpropagation", ACCV 2018;
Y. Wang, X. Wang, "Why Not Other Classes?: Towards Class-Contrastive Back-Propagation
Explanations", NeurIPS 2022. Here the contrast is taken at every place by itself, which the
global average allows.
"""

import numpy as np

from model.explain.cam import cam
from model.explain.door import Method, Network, Prediction, Target
from model.explain.grid import RelevanceMap
from model.types import Float32


def lead(feature_maps: Float32, kernel: Float32) -> Float32:
    """Compute how far every class leads, or trails, at every place.

    ``LEAD_c(m, t) = CAM_c(m, t) - max_{n != c} CAM_n(m, t)``. At most one class is positive
    at a place, so the positive parts of two classes' maps never overlap. Unlike the CAM it
    does not add up to a score.

    Parameters
    ----------
    feature_maps : ndarray of float32, shape (rows, columns, channels)
        Output of the last convolution.
    kernel : ndarray of float32, shape (channels, classes)
        Weights of the one dense layer, of at least two classes.

    Returns
    -------
    ndarray of float32, shape (classes, rows, columns)
        In units of the scores: positive where a class is ahead of all others.
    """
    maps = cam(feature_maps, kernel)
    second, first = np.partition(maps, -2, axis=0)[-2:]
    return maps - np.where(maps == first, second, first)


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by the lead over the other classes that are told apart.

    Members of a merged class are no rivals: the CAMs of the groups are compared.
    """
    maps = lead(prediction.feature_maps, network.kernel @ target.membership.T)
    return RelevanceMap(maps[target.index], network.grid)


METHOD = Method(
    name="lead",
    label="Lead map",
    summary="How far one class's CAM is ahead of every other class's at each place, or behind "
    "the strongest: no place leads for two classes.",
    cost="1 run of the network",
    per_class=True,
    signed=True,
    smooth=True,
    explain=explain,
)
