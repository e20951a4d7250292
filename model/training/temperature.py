"""The temperature under which a network's probabilities fit how often it is right.

C. Guo et al., "On calibration of modern neural networks", ICML 2017, arXiv 1706.04599.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

Logits = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.integer[Any]]
Weights = npt.NDArray[np.floating[Any]]

# Temperatures beyond these turn every verdict into certainty or into a tie.
_LIMITS: Final = (1e-2, 1e2)


def negative_log_likelihood(
    logits: Logits, labels: Labels, temperature: float = 1.0, weights: Weights | None = None
) -> float:
    """Compute the mean of -log of the true class's probability.

    Parameters
    ----------
    logits : ndarray, shape (tracks, classes)
        Scores before the softmax.
    labels : ndarray of int, shape (tracks,)
        True classes.
    temperature : float
        What the scores are divided by.
    weights : ndarray, shape (tracks,), optional
        How much each track counts; all alike if None.

    Returns
    -------
    float
        In nats.
    """
    # In double precision: the minimum is flat, and float32 would make it ragged.
    log_probabilities = log_softmax(np.asarray(logits, np.float64) / temperature, axis=1)
    true = np.take_along_axis(log_probabilities, labels[:, np.newaxis], axis=1)[:, 0]
    return float(-np.average(true, weights=weights))


def fit_temperature(logits: Logits, labels: Labels, weights: Weights | None = None) -> float:
    """Find the temperature under which the true classes are most likely.

    Parameters
    ----------
    logits : ndarray, shape (tracks, classes)
        Scores before the softmax, of tracks that the network did not learn from.
    labels : ndarray of int, shape (tracks,)
        True classes.
    weights : ndarray, shape (tracks,), optional
        How much each track counts; all alike if None.

    Returns
    -------
    float
        From 0.01 to 100; above 1 for a network that is too sure of itself.

    Raises
    ------
    ValueError
        If there are no tracks.
    """
    if not len(logits):
        raise ValueError("There are no tracks to fit a temperature to.")
    found = minimize_scalar(
        lambda exponent: negative_log_likelihood(logits, labels, float(np.exp(exponent)), weights),
        bounds=tuple(np.log(_LIMITS)),
        method="bounded",
        options={"xatol": 1e-6},
    )
    return float(np.exp(found.x))
