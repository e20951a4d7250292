"""Gradient times input: every level, weighed by how the score depends on it.

K. Simonyan, A. Vedaldi, A. Zisserman, "Deep Inside Convolutional Networks", 2013, arXiv
1312.6034; A. Shrikumar et al., "Not Just a Black Box", 2016, arXiv 1605.01713.
"""

from collections.abc import Callable

import numpy as np

from model.explain.baselines import silence
from model.explain.door import Method, Network, Prediction, Target, one_gradient
from model.explain.grid import RelevanceMap
from model.types import Float32

# From levels (n, mels, frames) to a score's derivative by each of them.
InputGradient = Callable[[Float32], Float32]


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


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by gradient times input, of the sum of the members' scores."""
    return RelevanceMap(
        gradient_times_input(
            lambda levels: network.gradients(levels, target.weights)[0], prediction.levels
        )
    )


METHOD = Method(
    name="gradient-input",
    label="Gradient × input",
    summary="Every single level above silence, weighed by how the score depends on it. Very "
    "sharp, but often in the wrong place.",
    cost="1 gradient",
    per_class=True,
    signed=True,
    smooth=False,
    explain=explain,
    runs=one_gradient,
)
