"""Fine maps: every level that speaks for a class, at a place that speaks for it.

A class activation map says at which places of the last convolution a class has evidence, in
cells of some hundred milliseconds and several mel bands that hear still more around them. The
gradient by the input says to which of all levels the verdict is sensitive, wherever they are.
A fine map is what both agree on: their geometric mean, where both are positive, as Guided
Grad-CAM multiplies its two parts (R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from
Deep Networks via Gradient-based Localization", ICCV 2017, section 3.3; gradient times input:
A. Shrikumar et al., "Not Just a Black Box", 2016, arXiv 1605.01713).

Both explain the log-odds of the class, ``log p / (1 - p)``, not its score: what all classes
have in common moves no probability (Y. Wang, X. Wang, "Why Not Other Classes?: Towards
Class-Contrastive Back-Propagation Explanations", NeurIPS 2022).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.explain.door import Method, Network, Prediction, Target, one_gradient
from model.explain.grid import MapGrid, RelevanceMap, to_spectrogram
from model.types import Float32

# The gradient is sharply peaked. What exceeds its mean by more than this factor counts as this
# much, so that single levels do not decide what is strong; chosen on validation tracks.
CAP: Final = 2.0


def log_odds_weights(
    logits: Float32, members: npt.NDArray[np.bool_], temperature: float = 1.0
) -> Float32:
    """Compute the derivative of a class's log-odds by the scores.

    ``log p / (1 - p) = log sum_members exp(S / T) - log sum_others exp(S / T)``, so the
    derivative, times T, is a softmax over the members less one over the others.

    Parameters
    ----------
    logits : ndarray of float32, shape (classes,)
        Scores S before the softmax.
    members : ndarray of bool, shape (classes,)
        The class; more than one where similar genres are merged, and not all.
    temperature : float
        What the scores are divided by before the softmax.

    Returns
    -------
    ndarray of float32, shape (classes,)
        The members' weights sum to 1, the others' to -1.
    """
    scaled = np.asarray(logits, np.float64) / temperature
    weights = np.zeros(len(scaled), np.float32)
    for chosen, sign in ((members, 1), (~members, -1)):
        powers = np.exp(scaled[chosen] - scaled[chosen].max())
        weights[chosen] = sign * powers / powers.sum()
    return weights


def fine(
    feature_maps: Float32,
    kernel: Float32,
    grid: MapGrid,
    levels: Float32,
    gradient: Float32,
    weights: Float32,
    cap: float = CAP,
    counted: float = 1.0,
) -> Float32:
    """Compute a fine map.

    ``FINE = sqrt(max(K, 0) * min(max(X, 0), cap * mean(max(X, 0))))`` with
    ``K = sum_c weights_c CAM_c``, drawn on the input, and ``X = gradient * (levels - silence)``.

    Parameters
    ----------
    feature_maps : ndarray of float32, shape (rows, columns, channels)
        Output of the last convolution.
    kernel : ndarray of float32, shape (channels, classes)
        Weights of the one dense layer.
    grid : MapGrid
        Where the cells of the feature maps lie on the input.
    levels : ndarray of float32, shape (N_MELS, frames)
        The network's input in dB. Silence is -DYNAMIC_RANGE_DB.
    gradient : ndarray of float32, shape (N_MELS, frames)
        Derivative of the weighted sum of the scores by every level, per dB.
    weights : ndarray of float32, shape (classes,)
        From `log_odds_weights`.
    cap : float
        Largest sensitivity that counts, in means of the positive ones.
    counted : float
        Share of the frames that are not silent.

    Returns
    -------
    ndarray of float32, shape (N_MELS, frames)
        In units of the scores; 0 where either part is not positive.
    """
    contrast = to_spectrogram(
        feature_maps @ (kernel @ weights),
        grid,
        np.arange(N_MELS, dtype=float),
        np.arange(levels.shape[1], dtype=float),
    )
    sensitivity = np.maximum(gradient * (levels + np.float32(DYNAMIC_RANGE_DB)), 0)
    # Silence, which the network does not read, does not thin the mean out.
    capped = np.minimum(sensitivity, np.float32(cap / counted) * sensitivity.mean())
    return np.sqrt(np.maximum(contrast, 0) * capped)


def explain(
    network: Network, prediction: Prediction, target: Target, cap: float = CAP
) -> RelevanceMap:
    """Explain by the fine map of a class's log-odds.

    Parameters
    ----------
    network : Network
        Gives one gradient.
    prediction : Prediction
        Of the spectrogram.
    target : Target
        The class, not all of them.
    cap : float
        As in `fine`.

    Returns
    -------
    RelevanceMap
        On the levels' own cells.
    """
    levels = prediction.levels
    weights = log_odds_weights(prediction.logits, target.members, network.temperature)
    by_input, _, _ = network.gradients(levels[np.newaxis], weights)
    return RelevanceMap(
        fine(
            prediction.feature_maps,
            network.kernel,
            network.grid,
            levels,
            by_input[0],
            weights,
            cap,
            float(prediction.counts.mean()),
        )
    )


METHOD = Method(
    name="fine",
    label="Fine map",
    summary="The single levels to which the odds of one class are sensitive, where its CAM is "
    "ahead of the other classes': what both agree on. Sound is kept in proportion, half of "
    "it where the map reaches the threshold.",
    cost="1 run, 1 gradient",
    per_class=True,
    signed=False,
    smooth=False,
    explain=explain,
    runs=one_gradient,
)
