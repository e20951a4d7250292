"""How compact a map of relevance is.

A. Chattopadhay et al., WACV 2018; P. Chalasani et al., "Concise Explanations of Neural
Networks using Adversarial Training", ICML 2020 (sparseness); U. Bhatt et al., "Evaluating and
Aggregating Feature-based Model Explanations", IJCAI 2020 (complexity).
"""

import numpy as np

from model.types import Float32


def sparseness(relevance: Float32) -> float:
    """Compute the Gini index of a map's magnitudes.

    Parameters
    ----------
    relevance : ndarray of float32
        Any shape.

    Returns
    -------
    float
        0 where all cells weigh alike, ``1 - 1/n`` where one of n weighs all; 0 for a map
        of zeros.
    """
    magnitudes = np.sort(np.abs(relevance), axis=None).astype(np.float64)
    total = magnitudes.sum()
    if total <= 0:
        return 0.0
    ranks = np.arange(1, magnitudes.size + 1)
    return float((2 * ranks - magnitudes.size - 1) @ magnitudes / (magnitudes.size * total))


def complexity(relevance: Float32) -> float:
    """Compute the entropy of a map's magnitudes, taken as shares of their sum.

    Parameters
    ----------
    relevance : ndarray of float32
        Any shape.

    Returns
    -------
    float
        In nat: 0 where one cell weighs all, ``ln n`` where n cells weigh alike, as they do
        in a map of zeros.
    """
    magnitudes = np.abs(relevance).astype(np.float64).ravel()
    total = magnitudes.sum()
    if total <= 0:
        return float(np.log(magnitudes.size))
    shares = magnitudes[magnitudes > 0] / total
    return float(-(shares * np.log(shares)).sum())
