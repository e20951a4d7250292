"""Integrated gradients: how the score changes on the way from a plain spectrogram to the clip.

M. Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.
"""

from typing import Final

import numpy as np

from model.explain.baselines import band_means
from model.explain.door import GRADIENT_RUNS, Method, Network, Prediction, Target
from model.explain.gradient_input import InputGradient
from model.explain.grid import RelevanceMap
from model.types import Float32

STEPS: Final = 16


def integrated_gradients(
    gradient: InputGradient, levels: Float32, baseline: Float32, steps: int = STEPS
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


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by integrated gradients from the band means, of the sum of the members' scores."""
    levels = prediction.levels
    return RelevanceMap(
        integrated_gradients(
            lambda points: network.gradients(points, target.weights)[0], levels, band_means(levels)
        )
    )


METHOD = Method(
    name="integrated-gradients",
    label="Integrated gradients",
    summary="How much each level adds to the score on the way from the clip's mean sound to "
    "the clip itself: its parts add up to what the clip gains over that sound.",
    cost=f"{STEPS} gradients, from the band means",
    per_class=True,
    signed=True,
    smooth=False,
    explain=explain,
    runs=lambda _: STEPS * GRADIENT_RUNS,
)
