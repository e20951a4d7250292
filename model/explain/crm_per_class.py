"""One class's own term of the class-selective relevance map, with its sign.

From the CRM of I. Kim, S. Rajaraman, S. Antani, Diagnostics 9(2):38, 2019; see
`model.explain.crm`.
"""

import numpy as np

from model.explain.crm import score_losses
from model.explain.door import Method, Network, Prediction, Target
from model.explain.grid import RelevanceMap
from model.types import Float32


def crm_per_class(feature_maps: Float32, kernel: Float32) -> Float32:
    """Compute each output node's own term of the CRM, with the sign of its evidence.

    ``CRM_c(m, t) = sign(CAM_c(m, t)) CAM_c(m, t)^2 / (H W)^2``: the summand for node c,
    positive where the cell speaks for class c and negative where it speaks against it.
    The magnitudes of all classes sum to `crm`.

    Parameters
    ----------
    feature_maps : ndarray of float32, shape (rows, columns, channels)
        Output of the last convolution.
    kernel : ndarray of float32, shape (channels, classes)
        Weights of the one dense layer behind the global average.

    Returns
    -------
    ndarray of float32, shape (classes, rows, columns)
        Signed, in squared units of the scores.
    """
    losses = score_losses(feature_maps, kernel)
    return losses * np.abs(losses)


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by the class's own term: the sum of its members' terms where genres are merged."""
    maps = crm_per_class(prediction.feature_maps, network.kernel)
    return RelevanceMap(np.tensordot(target.weights, maps, axes=1), network.grid)


METHOD = Method(
    name="crm-class",
    label="CRM per class",
    summary="One class's own term of the CRM, with its sign: CAM squared, so the strongest "
    "places stand out more.",
    cost="1 run of the network",
    per_class=True,
    signed=True,
    smooth=True,
    explain=explain,
)
