"""Explanation by covering one patch after the other.

M. D. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from model.constants import N_MELS
from model.explain.baselines import band_means
from model.explain.door import Method, Network, Prediction, Target
from model.explain.grid import MapGrid, RelevanceMap
from model.types import Float32

# 40 patches in 10 s: each costs one run of the network.
PATCH_BANDS: Final = 16
PATCH_FRAMES: Final = 24  # 1.9 s


def _edges(size: int, wanted: int) -> npt.NDArray[np.int64]:
    """Compute the edges of patches that tile `size` cells, each about as long as wanted."""
    patches = max(1, round(size / wanted))
    return np.round(np.linspace(0, size, patches + 1)).astype(np.int64)


def _grid_axis(size: int, patches: int) -> tuple[float, float]:
    stride = size / patches
    return (stride - 1) / 2, stride


def occlusion(
    score: Callable[[Float32], Float32],
    levels: Float32,
    baseline: Float32,
    patch: tuple[int, int] = (PATCH_BANDS, PATCH_FRAMES),
) -> RelevanceMap:
    """Measure what covering each patch costs a class's score.

    Parameters
    ----------
    score : callable
        From levels (n, mels, frames) to one class's score, (n,).
    levels : ndarray of float32, shape (mels, frames)
        In dB.
    baseline : ndarray of float32, shape (mels, frames)
        What a patch is covered with.
    patch : tuple of int
        Bands and frames of a patch; they tile the spectrogram without overlap.

    Returns
    -------
    RelevanceMap
        One cell a patch: ``S - S with the patch covered``.
    """
    rows, columns = (_edges(size, wanted) for size, wanted in zip(levels.shape, patch, strict=True))
    covered = []
    for top, bottom in zip(rows[:-1], rows[1:], strict=True):
        for left, right in zip(columns[:-1], columns[1:], strict=True):
            version = levels.copy()
            version[top:bottom, left:right] = baseline[top:bottom, left:right]
            covered.append(version)
    scores = score(np.stack([levels, *covered]))
    shape = len(rows) - 1, len(columns) - 1
    grid = MapGrid(*_grid_axis(levels.shape[0], shape[0]), *_grid_axis(levels.shape[1], shape[1]))
    return RelevanceMap((scores[0] - scores[1:]).reshape(shape).astype(np.float32), grid)


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by covering patches with the band means: what the members' scores lose in sum."""

    def score(levels: Float32) -> Float32:
        return network.logits(levels) @ target.weights

    return occlusion(score, prediction.levels, band_means(prediction.levels))


def _runs(frames: int) -> float:
    """Count the patches, and the spectrogram itself."""
    rows, columns = (
        max(1, round(size / patch))
        for size, patch in ((N_MELS, PATCH_BANDS), (frames, PATCH_FRAMES))
    )
    return rows * columns + 1


METHOD = Method(
    name="occlusion",
    label="Occlusion",
    summary="How much the score loses when one patch after the other is covered with the "
    "clip's mean sound.",
    cost="a run of the network for each patch of 16 bands by 1.9 s, covered by the band means",
    per_class=True,
    signed=True,
    smooth=True,
    explain=explain,
    runs=_runs,
)
