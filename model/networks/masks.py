"""Asking a decoder of masks about a verdict: where its cells lie, and what it is shown.

Its cells are those of the network's last map, halved in time: 4 mel bands by 0.16 s. Finer masks
could write a texture that the network takes for music.
"""

from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from model.explain.door import Prediction
from model.explain.grid import TIMES_FINER, MapGrid, RelevanceMap, cell_means, finer_grid
from model.types import Float32

# What the decoder is told of the level in a cell: of its two halves.
LEVEL_CHANNELS: Final = TIMES_FINER
_CENTRE_DB: Final = -43.0
_SPREAD_DB: Final = 13.7


class DecodesMasks(Protocol):
    """A decoder, however it is run."""

    def keep(
        self, maps: Float32, levels: Float32, by_channel: Float32, by_class: Float32
    ) -> Float32:
        """Compute how much of every half of a cell to keep, (rows, columns, TIMES_FINER)."""

    def rearranged(self, rng: np.random.Generator) -> "DecodesMasks":
        """Build the same with the weights of every layer in another order."""


def cell_levels(levels: Float32, grid: MapGrid, rows: int, columns: int) -> Float32:
    """Read the level in every cell of the decoder.

    Parameters
    ----------
    levels : ndarray of float32, shape (N_MELS, frames)
        In dB.
    grid : MapGrid
        Of the network's last map.
    rows, columns : int
        Of that map.

    Returns
    -------
    ndarray of float32, shape (rows, columns, LEVEL_CHANNELS)
        Mean level of the two halves of each cell, on the scale that the decoder is given.
    """
    mean = cell_means(levels, grid, rows, columns)
    return (mean - np.float32(_CENTRE_DB)) / np.float32(_SPREAD_DB)


@dataclass(frozen=True, eq=False)
class MaskDecoder:
    """A taught decoder, and how it is asked about a prediction.

    Attributes
    ----------
    network : DecodesMasks
        With weights.
    kernel : ndarray of float32, shape (channels, classes)
        Of the dense layer of the network that it belongs to.
    grid : MapGrid
        Of that network's last map.
    """

    network: DecodesMasks = field(repr=False)
    kernel: Float32 = field(repr=False)
    grid: MapGrid

    def rearranged(self, rng: np.random.Generator) -> "MaskDecoder":
        """Build a decoder that has learned nothing: the weights of every layer in another order."""
        return MaskDecoder(self.network.rearranged(rng), self.kernel, self.grid)

    def decode(self, prediction: Prediction, weights: Float32) -> RelevanceMap:
        """Find the places that carry a weighted sum of the scores.

        Parameters
        ----------
        prediction : Prediction
            Of a sound.
        weights : ndarray of float32, shape (classes,)
            Of the scores, as `model.explain.fine.log_odds_weights` gives them.

        Returns
        -------
        RelevanceMap
            From 0 to 1; 0 in silence, which the network does not read.
        """
        counts = prediction.counts
        # The decoder is shown what sounds, in the scale of a sound without silence.
        maps = prediction.feature_maps[:, counts] * np.float32(counts.mean())
        rows, columns = prediction.feature_maps.shape[:2]
        levels = cell_levels(prediction.levels, self.grid, rows, columns)[:, counts]
        keep = self.network.keep(maps, levels, self.kernel @ weights, weights)
        cells: npt.NDArray[np.float32] = np.zeros((rows, columns, TIMES_FINER), np.float32)
        cells[:, counts] = keep
        return RelevanceMap(cells.reshape(rows, -1), finer_grid(self.grid))
