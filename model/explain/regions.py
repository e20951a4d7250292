"""Regions: the fine map, and around its detail the places that one can point at.

A fine map keeps single levels: without them the verdict is lost, but alone they sound thin, and
the network needs more to call them what the whole is. Its means over cells of 4 mel bands by
0.16 s are what a verdict holds by, but what they leave is recognised, too. So each place gets the
larger of the two, as shares of their peaks, the stronger cells raised above the weaker ones
(`model/training/LOG.md` has the figures of each and of both, on songs of valid).
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
POWER: Final = 2.0


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
        On the levels' own cells, in units of the fine map; 0 in silence.
    """
    single = fine.explain(network, prediction, target)
    rows, columns = prediction.feature_maps.shape[:2]
    means = cell_means(single.values, network.grid, rows, columns)
    cells = np.zeros_like(means)
    # Silence, which has no evidence, moves no quantile.
    cells[:, prediction.counts] = raised(means[:, prediction.counts])
    frames = np.arange(single.values.shape[1], dtype=float)
    broad = RelevanceMap(cells.reshape(rows, -1), finer_grid(network.grid)).at(frames)
    return RelevanceMap(larger(single.values, broad))


def larger(single: Float32, broad: Float32) -> Float32:
    """Take the larger of two maps at every place, as shares of the peak of each.

    Parameters
    ----------
    single, broad : ndarray of float32, shape (N_MELS, frames)
        Not negative.

    Returns
    -------
    ndarray of float32, shape (N_MELS, frames)
        In units of the first, and with its peak.
    """
    peak, peak_of_broad = float(single.max(initial=0)), float(broad.max(initial=0))
    if not peak_of_broad > 0:
        return single
    return np.maximum(single, broad * np.float32(peak / peak_of_broad))


METHOD = Method(
    name="regions",
    label="Regions",
    summary="The fine map, and around its detail its means over cells of 4 mel bands by 0.16 s, "
    "the stronger ones raised: the larger of both at every place. Sound is kept in proportion, "
    "half of it where the map reaches the threshold.",
    cost="1 run, 1 gradient",
    per_class=True,
    signed=False,
    smooth=False,
    explain=explain,
    runs=one_gradient,
)
