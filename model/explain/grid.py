"""Where the cells of a map lie on the spectrogram, and how to draw them there."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.constants import N_MELS
from model.types import Float32, Float64


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

    def bands(self, rows: int) -> Float64:
        """Locate the centres of so many rows, (rows,), in mel bands."""
        return self.band_offset + self.band_stride * np.arange(rows, dtype=np.float64)

    def frames(self, columns: int) -> Float64:
        """Locate the centres of so many columns, (columns,), in input frames."""
        return self.frame_offset + self.frame_stride * np.arange(columns, dtype=np.float64)


# A cell for every level that the network reads.
INPUT_GRID: Final = MapGrid(0.0, 1.0, 0.0, 1.0)
# Halves of a cell of the last map in time, for what is finer than that map, coarser than levels.
TIMES_FINER: Final = 2


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


def finer_grid(grid: MapGrid) -> MapGrid:
    """Locate the halves, in time, of cells that lie on a grid."""
    stride = grid.frame_stride / TIMES_FINER
    first = grid.frame_offset - (grid.frame_stride - stride) / 2
    return MapGrid(grid.band_offset, grid.band_stride, first, stride)


def cell_means(values: Float32, grid: MapGrid, rows: int, columns: int) -> Float32:
    """Take the mean of what a spectrogram, or a map as fine as one, has in every cell.

    Parameters
    ----------
    values : ndarray of float32, shape (N_MELS, frames)
        In any unit.
    grid : MapGrid
        Of the network's last map.
    rows, columns : int
        Of that map.

    Returns
    -------
    ndarray of float32, shape (rows, columns, TIMES_FINER)
        Means of the two halves of each cell.
    """
    finer = finer_grid(grid)
    # A mean over the cell is a mean of readings spread over it.
    bands, frames = finer.bands(rows), finer.frames(columns * TIMES_FINER)
    read = [
        to_spectrogram(values, INPUT_GRID, bands + up, frames + later)
        for up in (np.arange(finer.band_stride) + 0.5 - finer.band_stride / 2)
        for later in (np.arange(finer.frame_stride) + 0.5 - finer.frame_stride / 2)
    ]
    cells: Float32 = np.mean(read, axis=0).reshape(rows, columns, TIMES_FINER).astype(np.float32)
    return cells


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
