"""Calibration: whether verdicts of 80 % are right in 80 % of cases.

A. Niculescu-Mizil and R. Caruana, "Predicting good probabilities with supervised learning",
ICML 2005 (reliability diagrams); C. Guo et al., "On calibration of modern neural networks",
ICML 2017, arXiv 1706.04599 (expected calibration error, temperature); J. Bröcker and
L. Smith, "Increasing the reliability of reliability diagrams", Weather and Forecasting 22,
2007 (what chance alone does to them).
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from model.training.temperature import negative_log_likelihood
from model.types import Float64
from model.uncertainty import interval

Logits = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.integer[Any]]

N_BINS: Final = 10
_CHANCE_DRAWS: Final = 2_000


def _bin_of(confidence: Float64) -> npt.NDArray[np.intp]:
    """Find the bin (low, high] of every confidence; the first bin also holds 0."""
    return np.clip(np.ceil(confidence * N_BINS).astype(np.intp) - 1, 0, N_BINS - 1)


def expected_calibration_error(confidence: Float64, right: npt.NDArray[np.bool_]) -> float:
    """Compute the mean distance of confidence and accuracy over bins, weighted by tracks.

    Parameters
    ----------
    confidence : ndarray of float64, shape (tracks,)
        Probability of the verdict.
    right : ndarray of bool, shape (tracks,)
        Whether it was right.

    Returns
    -------
    float
        0 to 1.
    """
    gaps = np.bincount(_bin_of(confidence), confidence - right, N_BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def _chance_alone(confidence: Float64, seed: int) -> float:
    """Estimate the error of as many tracks by chance, when the confidence is exactly right."""
    rng = np.random.default_rng(seed)
    draws = rng.random((_CHANCE_DRAWS, len(confidence))) < confidence
    return float(np.mean([expected_calibration_error(confidence, right) for right in draws]))


def reliability(
    logits: Logits, labels: Labels, temperature: float = 1.0, seed: int = 0
) -> dict[str, Any]:
    """Compare the probabilities of the verdicts with how often they are right.

    Parameters
    ----------
    logits : ndarray, shape (tracks, classes)
        Scores before the softmax.
    labels : ndarray of int, shape (tracks,)
        True classes.
    temperature : float
        What the scores are divided by.
    seed : int
        Seed of the error by chance.

    Returns
    -------
    dict
        The temperature, the expected calibration error "ece" and what it would be by chance
        alone "ece_by_chance", the negative log-likelihood "nll" in nats, and the "bins":
        bounds, number of tracks, mean confidence, and accuracy with its 95 % interval; the
        last two None where a bin is empty.
    """
    confidence = softmax(np.asarray(logits, np.float64) / temperature, axis=1).max(axis=1)
    right = logits.argmax(axis=1) == labels
    bins = _bin_of(confidence)
    return {
        "temperature": temperature,
        "ece": expected_calibration_error(confidence, right),
        "ece_by_chance": _chance_alone(confidence, seed),
        "nll": negative_log_likelihood(logits, labels, temperature),
        "bins": [_bin(k, confidence[bins == k], right[bins == k]) for k in range(N_BINS)],
    }


def _bin(index: int, confidence: Float64, right: npt.NDArray[np.bool_]) -> dict[str, Any]:
    n = len(confidence)
    return {
        "low": index / N_BINS,
        "high": (index + 1) / N_BINS,
        "n": n,
        "confidence": float(confidence.mean()) if n else None,
        "accuracy": float(right.mean()) if n else None,
        "interval": list(interval(int(right.sum()), n)) if n else None,
    }
