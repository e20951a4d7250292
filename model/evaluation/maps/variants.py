"""Variants of maps and masks, compared by the same measures."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.masking import mask_from_relevance
from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.evaluation.maps.masks import (
    Rule,
    area_rule,
    below_outliers,
    proportional_mask,
    quieter,
    threshold_rule,
)
from model.evaluation.maps.methods import EXPLAINERS, RANDOM, RANDOM_FINE, Explainer
from model.explain import cam, fine, gradient_input, lead
from model.explain.door import Explain, Method, Network, Prediction, Target
from model.explain.grid import MapGrid, RelevanceMap, to_spectrogram
from model.networks.classifier import softmax
from model.types import Float32


def shifted_cam(
    network: Network,
    levels: Float32,
    class_index: int,
    frame_shifts: Sequence[int],
    band_shifts: Sequence[int] = (0,),
) -> RelevanceMap:
    """Average the CAMs of a spectrogram that is moved by less than a cell of the map.

    Every shift moves the cells on the sound, so that the mean resolves more than one cell does.
    lies within one cell.

    Parameters
    ----------
    network : Network
        Runs once for each pair of shifts.
    levels : ndarray of float32, shape (N_MELS, frames)
        In dB.
    class_index : int
        Whose map.
    frame_shifts, band_shifts : sequence of int
        By how many frames later, and how many bands higher. The first frame and the lowest
        band are repeated in front; the highest bands are lost.

    Returns
    -------
    RelevanceMap
        A cell for every level of the input.
    """
    frames = np.arange(levels.shape[1], dtype=float)
    bands = np.arange(N_MELS, dtype=float)
    total = np.zeros_like(levels)
    for later in frame_shifts:
        for higher in band_shifts:
            moved = np.pad(levels, ((higher, 0), (later, 0)), mode="edge")[:N_MELS]
            values = cam.cam(network.predict(moved).feature_maps, network.kernel)[class_index]
            total += to_spectrogram(values, network.grid, bands + higher, frames + later)
    return RelevanceMap(total / np.float32(len(frame_shifts) * len(band_shifts)))


def _shifted(frame_shifts: Sequence[int], band_shifts: Sequence[int] = (0,)) -> Explain:
    def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
        return shifted_cam(network, prediction.levels, target.index, frame_shifts, band_shifts)

    return explain


def _nearest(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Draw every cell of the CAM as a flat patch instead of interpolating."""
    values = cam.explain(network, prediction, target).values
    grid = network.grid
    frames = np.arange(prediction.levels.shape[1])
    rows = _nearest_cell(np.arange(N_MELS), grid.band_offset, grid.band_stride, values.shape[0])
    columns = _nearest_cell(frames, grid.frame_offset, grid.frame_stride, values.shape[1])
    return RelevanceMap(values[np.ix_(rows, columns)])


def pooled(coarse: RelevanceMap, factor: int) -> RelevanceMap:
    """Average neighbouring cells of a map, as a last layer of coarser resolution would.

    The score is an average over all places and linear behind it, so the CAM of a last map that
    is pooled is the pooled CAM.

    Parameters
    ----------
    coarse : RelevanceMap
        On a grid of its own.
    factor : int
        Cells that become one, along either axis; the last ones are repeated where they do
        not come out even.

    Returns
    -------
    RelevanceMap
        With cells `factor` times as far apart.
    """
    values, grid = coarse.values, coarse.grid
    lacking = [(0, -size % factor) for size in values.shape]
    padded = np.pad(values, lacking, mode="edge")
    rows, columns = (size // factor for size in padded.shape)
    means = padded.reshape(rows, factor, columns, factor).mean(axis=(1, 3))
    middle = (factor - 1) / 2
    wider = MapGrid(
        grid.band_offset + middle * grid.band_stride,
        factor * grid.band_stride,
        grid.frame_offset + middle * grid.frame_stride,
        factor * grid.frame_stride,
    )
    return RelevanceMap(means, wider)


def _coarser(factor: int) -> Explain:
    def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
        return pooled(cam.explain(network, prediction, target), factor)

    return explain


def _nearest_cell(
    positions: npt.NDArray[np.number], offset: float, stride: float, size: int
) -> npt.NDArray[np.int64]:
    return np.clip(np.rint((positions - offset) / stride), 0, size - 1).astype(np.int64)


def against(kernel: Float32, class_index: int, weights: Float32) -> Float32:
    """Subtract a mean of the other classes' weights from those of one class.

    Parameters
    ----------
    kernel : ndarray of float32, shape (channels, classes)
        Weights of the dense layer.
    class_index : int
        Whose weights.
    weights : ndarray of float32, shape (classes,)
        Of the other classes in the mean; that of the class itself does not count.

    Returns
    -------
    ndarray of float32, shape (channels, 1)
        A kernel whose CAM is the contrast.
    """
    others = weights.copy()
    others[class_index] = 0
    difference: Float32 = kernel[:, class_index] - kernel @ (others / others.sum())
    return difference[:, np.newaxis]


def _against_all(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    kernel = against(network.kernel, target.index, np.ones_like(prediction.logits))
    return RelevanceMap(cam.cam(prediction.feature_maps, kernel)[0], network.grid)


def _against_rivals(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Subtract the others' CAMs by their probabilities: the derivative of log p, as a CAM."""
    weights = softmax(prediction.logits, network.temperature)
    kernel = against(network.kernel, target.index, weights)
    return RelevanceMap(cam.cam(prediction.feature_maps, kernel)[0], network.grid)


def _drawn(found: RelevanceMap, prediction: Prediction) -> Float32:
    return found.at(np.arange(prediction.levels.shape[1], dtype=np.float64))


def _times_level(of: Explain) -> Explain:
    """Weigh a map by the level above silence: no evidence where there is no sound."""

    def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
        drawn = _drawn(of(network, prediction, target), prediction)
        return RelevanceMap(drawn * (1 + prediction.levels / np.float32(DYNAMIC_RANGE_DB)))

    return explain


def _times_gradient(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Let the gradient choose cells where the CAM is positive, as Guided Grad-CAM does."""
    coarse = _drawn(cam.explain(network, prediction, target), prediction)
    sharp = gradient_input.explain(network, prediction, target).values
    return RelevanceMap(np.maximum(coarse, 0) * np.maximum(sharp, 0))


def _variant(
    name: str, label: str, cost: str, explain: Explain, *, smooth: bool = True
) -> Explainer:
    return Explainer(
        Method(
            name=name,
            label=label,
            summary="",
            cost=cost,
            per_class=True,
            signed=True,
            smooth=smooth,
            explain=explain,
        )
    )


MAP_VARIANTS: Final = {
    variant.name: variant
    for variant in (
        EXPLAINERS["cam"],
        _variant("cam-shift-4", "CAM, 4 shifts in time", "4 runs", _shifted((0, 1, 2, 3))),
        _variant(
            "cam-shift-4x2",
            "CAM, 4 shifts in time by 2 in frequency",
            "8 runs",
            _shifted((0, 1, 2, 3), (0, 2)),
        ),
        EXPLAINERS["lead"],
        _variant("cam-against-all", "CAM less the others' mean", "1 run", _against_all),
        _variant(
            "cam-against-rivals",
            "CAM less the others' by their probability",
            "1 run",
            _against_rivals,
        ),
        _variant("cam-nearest", "CAM, not interpolated", "1 run", _nearest),
        *(
            _variant(
                f"cam-pooled-{factor}",
                f"CAM of a last map {factor} times as coarse",
                "1 run",
                _coarser(factor),
            )
            for factor in (2, 4)
        ),
        _variant("cam-level", "CAM x level above silence", "1 run", _times_level(cam.explain)),
        _variant("lead-level", "Lead x level above silence", "1 run", _times_level(lead.explain)),
        EXPLAINERS["fine"],
        *(
            _variant(
                f"fine-cap-{cap}",
                f"Fine map, sensitivity up to {cap} times its mean",
                "1 run, 1 gradient",
                partial(fine.explain, cap=cap),
                smooth=False,
            )
            for cap in (1, 4, 1000)
        ),
        _variant("cam-gradient", "CAM x gradient x input", "1 gradient", _times_gradient),
        EXPLAINERS["gradient-input"],
        EXPLAINERS["crm-class"],
        EXPLAINERS[RANDOM],
        EXPLAINERS[RANDOM_FINE],
        EXPLAINERS["band-energy"],
    )
}

MASK_VARIANTS: Final = (
    *(threshold_rule(share) for share in (0.2, 0.3, 0.4, 0.6)),
    Rule(
        "threshold-0.4-cut",
        "above 40 % of the peak, whatever the map",
        partial(mask_from_relevance, threshold=0.4),
    ),
    Rule(
        "threshold-0.4-hard",
        "above 40 % of the peak, without a soft edge",
        partial(mask_from_relevance, threshold=0.4, edge=1e-3),
    ),
    Rule(
        "threshold-0.4-soft",
        "above 40 % of the peak, with an edge as wide as 40 % of it",
        partial(mask_from_relevance, threshold=0.4, edge=0.4),
    ),
    Rule(
        "outliers-0.4",
        "above 40 % of the 99th percentile",
        partial(below_outliers, threshold=0.4),
    ),
    *(quieter(threshold_rule(), decibels) for decibels in (10, 20, 30)),
    Rule("proportional", "each cell by its share of the peak", partial(proportional_mask, power=1)),
    Rule("root", "each cell by the root of that share", partial(proportional_mask, power=0.5)),
    *(area_rule(share) for share in (0.1, 0.2, 0.5)),
)
