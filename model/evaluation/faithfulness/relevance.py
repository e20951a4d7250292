"""What every method gives: relevance on some grid, to be drawn where it is needed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.constants import N_MELS
from model.explain import MapGrid, to_spectrogram

Float32 = npt.NDArray[np.float32]

# A cell for every level that the network reads.
INPUT_GRID: Final = MapGrid(0.0, 1.0, 0.0, 1.0)


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
