"""Regions: the fine map, taken together to places that one can point at.

A fine map keeps single levels, and what it keeps sounds thin. Here its mean over every cell of
4 mel bands by 0.16 s is shown instead, the stronger cells raised above the weaker ones. What that
keeps is called by the network what the whole is more often than what single levels keep, and it is
called so more surely; on the other hand what is left is recognised more often too
(`model/training/LOG.md` has the figures, on songs of valid).
"""

from typing import Final

import numpy as np

from model.explain import fine
from model.explain.door import Method, Network, Prediction, Target, one_gradient
from model.explain.grid import RelevanceMap, cell_means, finer_grid
from model.types import Float32

# Share of the cells below what counts as the peak, so that single cells do not decide what is
# strong, and the power of a cell's share of it; chosen on validation tracks.
BELOW_PEAK: Final = 0.993
POWER: Final = 1.5


def raised(cells: Float32) -> Float32:
    """Raise the stronger cells above the weaker ones.

    Parameters
    ----------
    cells : ndarray of float32
        Of any shape, not negative.

    Returns
    -------
    ndarray of float32, of the same shape
        ``p * min(cells / p, 1) ** POWER`` with p the `BELOW_PEAK` quantile of the cells, or
        their maximum where that quantile is 0: in their own unit, and at most p.
    """
    peak = float(np.quantile(cells, BELOW_PEAK)) or float(cells.max())
    if peak <= 0:
        return np.zeros_like(cells)
    share = np.minimum(cells / np.float32(peak), np.float32(1))
    found: Float32 = np.float32(peak) * share ** np.float32(POWER)
    return found


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by the fine map of a class's log-odds, cell by cell.

    Parameters
    ----------
    network : Network
        Gives one gradient.
    prediction : Prediction
        Of the spectrogram.
    target : Target
        The class, not all of them.

    Returns
    -------
    RelevanceMap
        On the cells of the last map halved in time; 0 in silence.
    """
    found = fine.explain(network, prediction, target).values
    rows, columns = prediction.feature_maps.shape[:2]
    means = cell_means(found, network.grid, rows, columns)
    cells = np.zeros_like(means)
    # Silence, which has no evidence, moves no quantile.
    cells[:, prediction.counts] = raised(means[:, prediction.counts])
    return RelevanceMap(cells.reshape(rows, -1), finer_grid(network.grid))


METHOD = Method(
    name="regions",
    label="Regions",
    summary="The fine map's means over cells of 4 mel bands by 0.16 s, the stronger ones raised. "
    "Sound is kept in proportion, half of it where the map reaches the threshold.",
    cost="1 run, 1 gradient",
    per_class=True,
    signed=False,
    smooth=False,
    explain=explain,
    runs=one_gradient,
)
