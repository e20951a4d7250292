"""Explanation by covering one patch after the other.

M. D. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from model.explain.grid import MapGrid, RelevanceMap
from model.types import Float32

# 40 patches in 10 s: each costs one run of the network.
PATCH_BANDS: Final = 16
PATCH_FRAMES: Final = 24  # 1.9 s


def _edges(size: int, wanted: int) -> npt.NDArray[np.int64]:
    """Give the edges of patches that tile `size` cells, each about as long as wanted."""
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
