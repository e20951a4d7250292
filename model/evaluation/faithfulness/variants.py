"""Changes to maps and masks that might make them truer, to be compared by the same measures."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.evaluation.faithfulness.masks import Rule, area_rule, threshold_rule
from model.evaluation.faithfulness.methods import CAM, EXPLAINERS, RANDOM, Explainer
from model.evaluation.faithfulness.probe import Probe
from model.evaluation.faithfulness.relevance import RelevanceMap
from model.evaluation.faithfulness.subjects import Subject
from model.explain import cam, to_spectrogram
from model.reconstruct import mask_from_relevance

Float32 = npt.NDArray[np.float32]


def shifted_cam(
    probe: Probe,
    levels: Float32,
    class_index: int,
    frame_shifts: Sequence[int],
    band_shifts: Sequence[int] = (0,),
) -> RelevanceMap:
    """Average the CAMs of a spectrogram that is moved by less than a cell of the map.

    Every shift puts the cells elsewhere on the sound, so that the mean tells apart what
    lies within one cell.

    Parameters
    ----------
    probe : Probe
        The network, which runs once for each pair of shifts.
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
            values = cam(probe.forward(moved)[0], probe.kernel)[class_index]
            total += to_spectrogram(values, probe.grid, bands + higher, frames + later)
    return RelevanceMap(total / np.float32(len(frame_shifts) * len(band_shifts)))


def _shifted(
    frame_shifts: Sequence[int], band_shifts: Sequence[int] = (0,)
) -> Callable[[Probe, Subject, int, int], RelevanceMap]:
    def explain(probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
        return shifted_cam(probe, subject.levels, class_index, frame_shifts, band_shifts)

    return explain


def _nearest(probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
    """Draw every cell of the CAM as a flat patch instead of interpolating."""
    values = cam(probe.forward(subject.levels)[0], probe.kernel)[class_index]
    grid = probe.grid
    rows = _nearest_cell(np.arange(N_MELS), grid.band_offset, grid.band_stride, values.shape[0])
    columns = _nearest_cell(subject.frames, grid.frame_offset, grid.frame_stride, values.shape[1])
    return RelevanceMap(values[np.ix_(rows, columns)])


def _nearest_cell(
    positions: npt.NDArray[np.number], offset: float, stride: float, size: int
) -> npt.NDArray[np.int64]:
    return np.clip(np.rint((positions - offset) / stride), 0, size - 1).astype(np.int64)


def _times_level(probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
    """Weigh the CAM by the level above silence: no evidence where there is no sound."""
    drawn = EXPLAINERS[CAM].explain(probe, subject, class_index, seed).at(subject.frames)
    return RelevanceMap(drawn * (1 + subject.levels / np.float32(DYNAMIC_RANGE_DB)))


def proportional_mask(relevance: Float32, power: float) -> Float32:
    """Keep every cell by its share of the peak, without any threshold.

    Parameters
    ----------
    relevance : ndarray of float32, shape (mels, frames)
        Any scale.
    power : float
        Exponent of the share: below 1 it keeps more.

    Returns
    -------
    ndarray of float32, shape (mels, frames)
        In [0, 1]; all 0 where nothing is positive.
    """
    peak = float(relevance.max(initial=0.0))
    if peak <= 0:
        return np.zeros_like(relevance)
    mask: Float32 = np.power(np.maximum(relevance, 0) / np.float32(peak), np.float32(power))
    return mask


def below_outliers(relevance: Float32, threshold: float, quantile: float = 0.99) -> Float32:
    """Take the threshold as a share of a high quantile: one hot cell raises no bar."""
    highest = max(float(np.quantile(relevance, quantile)), 0.0)
    return mask_from_relevance(np.minimum(relevance, np.float32(highest)), threshold)


MAP_VARIANTS: Final = {
    variant.name: variant
    for variant in (
        EXPLAINERS[CAM],
        Explainer("cam-shift-2", "CAM, 2 shifts in time", "2 runs", True, _shifted((0, 2))),
        Explainer("cam-shift-4", "CAM, 4 shifts in time", "4 runs", True, _shifted((0, 1, 2, 3))),
        Explainer(
            "cam-shift-4x2",
            "CAM, 4 shifts in time by 2 in frequency",
            "8 runs",
            True,
            _shifted((0, 1, 2, 3), (0, 2)),
        ),
        Explainer("cam-nearest", "CAM, not interpolated", "1 run", True, _nearest),
        Explainer("cam-level", "CAM x level above silence", "1 run", True, _times_level),
        EXPLAINERS["crm-class"],
        EXPLAINERS[RANDOM],
        EXPLAINERS["band-energy"],
    )
}

MASK_VARIANTS: Final = (
    *(threshold_rule(share) for share in (0.1, 0.2, 0.3, 0.4, 0.5)),
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
    Rule("proportional", "each cell by its share of the peak", partial(proportional_mask, power=1)),
    Rule("root", "each cell by the root of that share", partial(proportional_mask, power=0.5)),
    *(area_rule(share) for share in (0.1, 0.2, 0.3, 0.5)),
)
