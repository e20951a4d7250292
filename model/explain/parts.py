"""A genre's evidence in parts: what always goes together, learned once for a genre.

The last map f is not negative and the class activation map is linear in it, so what speaks for
a genre c is a sum of terms that are not negative, ``g_k(m, t) = max(w_kc, 0) f_k(m, t)``. It is
they that are factorised, as disentangled relevant subspace analysis factorises contributions
and not activations (P. Chormai et al., "Disentangled Explanations of Neural Network Predictions
by Finding Relevant Subspaces", 2022, arXiv 2212.14855): what matters to the genre is told apart
and nothing else. ``g ~ sum_r a_r(m, t) h_r`` with a, h >= 0 and the Kullback-Leibler divergence
(D. D. Lee, H. S. Seung, "Algorithms for Non-negative Matrix Factorization", NIPS 2000). Where
every h_r sums to 1, an update of the activations with this divergence leaves their sum over the
parts at ``sum_k g_k``, in every cell. So a_r(m, t) is what part r adds to the score at that
place, the parts hold all that speaks for the genre, and the remainder,
``CAM_c - sum_r a_r``, is what speaks against it. With the squared error the remainder would
also hold what the factorisation missed.

Every channel of every cell is divided among the parts in proportion, ``a_r h_rk / (a h)_k``, as
a Wiener filter divides a spectrum. What is taken away with a part is therefore never more than
was there, and its effect on all other genres follows from the same dense layer.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.types import Float32

# Further updates move the parts' shares of a score by less than one in a hundred.
UPDATES: Final = 30
# Of a part's mass, spread evenly over all channels that speak for the genre: what was never met
# in learning is divided as well.
_SPREAD: Final = 1e-3
_TINY: Final = np.float32(1e-12)


@dataclass(frozen=True, eq=False)
class Divided:
    """What speaks for a genre in one layer, divided among parts.

    Attributes
    ----------
    maps : ndarray of float32, shape (parts, cells)
        What each part adds to the genre's score at every place; not negative. Their sum over
        the parts is all that speaks for the genre there.
    carried : ndarray of float32, shape (parts, classes)
        What each part adds to the score of every class; of the genre itself the mean of its map.
    misplaced : float
        Share of what speaks for the genre that the parts expect in other channels of the same
        cell than it is in, ``sum |g - a h| / (2 sum g)``: 0 where they describe it exactly, 1
        where they describe something else.
    """

    maps: Float32
    carried: Float32
    misplaced: float


def contributions(features: Float32, weights: Float32) -> Float32:
    """Compute what speaks for a class in every channel, ``max(w_k, 0) f_k``.

    Parameters
    ----------
    features : ndarray of float32, shape (cells, channels)
        Not negative.
    weights : ndarray of float32, shape (channels,)
        Of the dense layer, for the class.

    Returns
    -------
    ndarray of float32, shape (cells, channels)
        Not negative, in units of the score.
    """
    speaking: Float32 = features * np.maximum(weights, 0)
    return speaking


def divide(
    features: Float32,
    kernel: Float32,
    class_index: int,
    dictionary: Float32,
    updates: int = UPDATES,
) -> Divided:
    """Divide what speaks for a class among the parts of a dictionary.

    Parameters
    ----------
    features : ndarray of float32, shape (cells, channels)
        Not negative.
    kernel : ndarray of float32, shape (channels, classes)
        Of the dense layer behind their mean.
    class_index : int
        The class.
    dictionary : ndarray of float32, shape (parts, channels)
        What each part is made of, not negative, in contributions to the score of the class.
    updates : int
        Multiplicative updates of the activations.

    Returns
    -------
    Divided
        Among the parts. Where no channel speaks for the class there is nothing in any part.

    Raises
    ------
    ValueError
        If dictionary and kernel have different channels.
    """
    if dictionary.shape[1] != len(kernel):
        raise ValueError(
            f"the parts are made of {dictionary.shape[1]} channels, the layer has {len(kernel)}"
        )
    n_parts, n_cells = len(dictionary), len(features)
    weights = kernel[:, class_index]
    speaks = np.flatnonzero(weights > 0)
    if not len(speaks):
        nothing = np.zeros((n_parts, n_cells), np.float32)
        return Divided(nothing, np.zeros((n_parts, kernel.shape[1]), np.float32), 0.0)
    added = contributions(features[:, speaks], weights[speaks])
    parts = dictionary[:, speaks] / (dictionary[:, speaks].sum(axis=1, keepdims=True) + _TINY)
    parts = (1 - _SPREAD) * parts + np.float32(_SPREAD / len(speaks))
    parts /= parts.sum(axis=1, keepdims=True)
    total = added.sum(axis=1, keepdims=True)
    active = np.repeat(total / np.float32(n_parts), n_parts, axis=1)
    ratio = added / (active @ parts + _TINY)
    for _ in range(updates):
        active *= ratio @ parts.T
        ratio = added / (active @ parts + _TINY)
    missed = float(np.abs(added - active @ parts).sum(dtype=np.float64))
    every = float(total.sum(dtype=np.float64))
    # What the parts own of every channel, over all cells; one more update is its sum.
    owned = (active.T @ ratio) * parts
    active *= ratio @ parts.T
    pooled = owned / (weights[speaks] * np.float32(n_cells))
    return Divided(
        np.ascontiguousarray(active.T),
        pooled @ kernel[speaks],
        missed / (2 * every) if every > 0 else 0.0,
    )
