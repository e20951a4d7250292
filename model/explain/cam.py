"""Class activation maps (CAM).

B. Zhou, A. Khosla, A. Lapedriza, A. Oliva, A. Torralba, "Learning Deep Features for
Discriminative Localization", CVPR 2016, arXiv 1512.04150.
"""

import numpy as np
import numpy.typing as npt


def cam(
    feature_maps: npt.NDArray[np.float32], kernel: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
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
