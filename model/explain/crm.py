"""Class-selective relevance maps (CRM).

I. Kim, S. Rajaraman, S. Antani, "Visual Interpretation of Convolutional Neural Network
Predictions in Classifying Medical Image Modalities", Diagnostics 9(2):38, 2019.

The paper removes one spatial element at a time and sums, over all output nodes, the
square of what each loses. Behind a global average that loss is linear in the element,
``S_n - S_n without (m, t) = CAM_n(m, t) / (H W)``, so the map has a closed form and
needs no removals. A slow loop in the tests proves it.
"""

import numpy as np
import numpy.typing as npt

from model.explain.cam import cam


def _score_losses(
    feature_maps: npt.NDArray[np.float32], kernel: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Give what each score loses when one cell's features are set to zero."""
    rows, columns, _ = feature_maps.shape
    return cam(feature_maps, kernel) / np.float32(rows * columns)


def crm(
    feature_maps: npt.NDArray[np.float32], kernel: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
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
    return np.square(_score_losses(feature_maps, kernel)).sum(axis=0)


def crm_per_class(
    feature_maps: npt.NDArray[np.float32], kernel: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
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
    losses = _score_losses(feature_maps, kernel)
    return losses * np.abs(losses)
