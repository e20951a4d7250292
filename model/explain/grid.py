"""Where the cells of a map lie on the spectrogram, and how to draw them there."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.constants import N_MELS
from model.types import Float32


@dataclass(frozen=True)
class MapGrid:
    """Position of a coarse map's cells on the network's input.

    Attributes
    ----------
    band_offset, band_stride : float
        Centre of map row r is mel band ``band_offset + r * band_stride``.
    frame_offset, frame_stride : float
        Centre of map column c is input frame ``frame_offset + c * frame_stride``.
    """

    band_offset: float
    band_stride: float
    frame_offset: float
    frame_stride: float


# A cell for every level that the network reads.
INPUT_GRID: Final = MapGrid(0.0, 1.0, 0.0, 1.0)


def _interpolation_matrix(positions: npt.NDArray[np.floating], size: int) -> Float32:
    """Build the (len(positions), size) matrix that interpolates linearly, flat at the ends."""
    clamped = np.clip(positions, 0, size - 1)
    lower = np.floor(clamped).astype(int)
    upper = np.minimum(lower + 1, size - 1)
    share = clamped - lower
    matrix = np.zeros((len(positions), size), np.float32)
    rows = np.arange(len(positions))
    matrix[rows, lower] = 1 - share
    matrix[rows, upper] += share  # the same cell at the far end, where the share is 0
    return matrix


def to_spectrogram(
    maps: Float32,
    grid: MapGrid,
    bands: npt.NDArray[np.floating],
    frames: npt.NDArray[np.floating],
) -> Float32:
    """Draw coarse maps on a spectrogram's grid by bilinear interpolation.

    Parameters
    ----------
    maps : ndarray of float32, shape (..., rows, columns)
        Relevance per cell of the network's last map.
    grid : MapGrid
        Where those cells lie.
    bands : ndarray of float, shape (mels,)
        Wanted rows, in mel bands of the network's input.
    frames : ndarray of float, shape (frames,)
        Wanted columns, in frames of the network's input; fractions are welcome.

    Returns
    -------
    ndarray of float32, shape (..., mels, frames)
        Beyond the outermost cells' centres the nearest cell holds.
    """
    rows, columns = maps.shape[-2:]
    along_bands = _interpolation_matrix((bands - grid.band_offset) / grid.band_stride, rows)
    along_frames = _interpolation_matrix((frames - grid.frame_offset) / grid.frame_stride, columns)
    return (along_bands @ maps @ along_frames.T).astype(np.float32, copy=False)


@dataclass(frozen=True, eq=False)
class RelevanceMap:
    """How much each place speaks for a class.

    Attributes
    ----------
    values : ndarray of float32, shape (rows, columns)
        Positive where it speaks for the class, on the method's own scale.
    grid : MapGrid
        Where the cells lie on the network's input.
    """

    values: Float32
    grid: MapGrid = INPUT_GRID

    def at(self, frames: npt.NDArray[np.floating]) -> Float32:
        """Draw the map on a spectrogram, as the app does.

        Parameters
        ----------
        frames : ndarray of float, shape (frames,)
            Wanted columns, in frames of the network's input.

        Returns
        -------
        ndarray of float32, shape (N_MELS, frames)
            Interpolated bilinearly.
        """
        return to_spectrogram(self.values, self.grid, np.arange(N_MELS, dtype=float), frames)
