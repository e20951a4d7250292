"""Explanations by the score's derivative by the input.

K. Simonyan, A. Vedaldi, A. Zisserman, "Deep Inside Convolutional Networks", 2013, arXiv
1312.6034; A. Shrikumar et al., "Not Just a Black Box", 2016, arXiv 1605.01713; M.
Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from model.constants import DYNAMIC_RANGE_DB
from model.types import Float32

# From levels (n, mels, frames) to a score's derivative by each of them.
InputGradient = Callable[[Float32], Float32]

IG_STEPS: Final = 16


def silence(levels: Float32) -> Float32:
    """Give the spectrogram of silence, of the same shape: the bottom of the range."""
    return np.full_like(levels, -DYNAMIC_RANGE_DB)


def band_means(levels: Float32) -> Float32:
    """Give every band's mean over time at all times: the clip's colour without its events."""
    return np.broadcast_to(levels.mean(axis=1, keepdims=True), levels.shape).copy()


def gradient_times_input(gradient: InputGradient, levels: Float32) -> Float32:
    """Weigh every level's distance from silence by the score's derivative.

    dB have no natural zero: 0 is the loudest cell. Counted from silence, a silent cell
    has no relevance, as a pixel of value 0 has none.

    Parameters
    ----------
    gradient : callable
        The derivative of one class's score.
    levels : ndarray of float32, shape (mels, frames)
        In dB.

    Returns
    -------
    ndarray of float32, shape (mels, frames)
        In units of the score; for a linear score it sums to ``S(levels) - S(silence)``.
    """
    return gradient(levels[np.newaxis])[0] * (levels - silence(levels))


def integrated_gradients(
    gradient: InputGradient, levels: Float32, baseline: Float32, steps: int = IG_STEPS
) -> Float32:
    """Integrate the derivative on the straight way from a baseline to the spectrogram.

    Parameters
    ----------
    gradient : callable
        The derivative of one class's score.
    levels : ndarray of float32, shape (mels, frames)
        In dB.
    baseline : ndarray of float32, shape (mels, frames)
        Where the way begins.
    steps : int
        Points on the way, at the middle of equal stretches.

    Returns
    -------
    ndarray of float32, shape (mels, frames)
        In units of the score; with many steps it sums to ``S(levels) - S(baseline)``.
    """
    shares = (np.arange(steps, dtype=np.float32) + 0.5) / steps
    way = levels - baseline
    points = baseline + shares[:, np.newaxis, np.newaxis] * way
    mean: Float32 = gradient(points).mean(axis=0)
    return mean * way
