"""Regions: means of the fine map over cells, raised, with silence left out."""

import numpy as np
import pytest

from model.constants import N_MELS
from model.explain import fine, regions
from model.explain.door import Target
from model.explain.grid import TIMES_FINER, MapGrid, RelevanceMap, cell_means, finer_grid
from model.explain.regions import BELOW_PEAK, POWER, larger, raised
from model.networks.assembled import load_classifier

# Cells of 4 bands by 2 frames, halved in time.
GRID = MapGrid(1.5, 4.0, 0.5, 2.0)
ROWS, COLUMNS = N_MELS // 4, 10


def test_a_cell_has_the_mean_of_its_levels():
    values = np.random.default_rng(0).random((N_MELS, 2 * COLUMNS)).astype(np.float32)
    cells = cell_means(values, GRID, ROWS, COLUMNS).reshape(ROWS, -1)
    # Halves of one frame are read between frames: in a flat neighbourhood nothing is mixed.
    flat = np.repeat(values[:, ::4], 4, axis=1)[:, : 2 * COLUMNS]
    found = cell_means(flat, GRID, ROWS, COLUMNS).reshape(ROWS, -1)
    wanted = flat.reshape(ROWS, 4, -1).mean(axis=1)
    np.testing.assert_allclose(found[:, 1::4], wanted[:, 1::4], atol=1e-5)
    assert cells.shape == (ROWS, COLUMNS * TIMES_FINER)
    assert cells.mean() == pytest.approx(values.mean(), abs=0.02)


def test_the_halves_of_a_cell_lie_around_its_centre():
    finer = finer_grid(GRID)
    halves = finer.frame_offset + finer.frame_stride * np.arange(2 * COLUMNS)
    centres = GRID.frame_offset + GRID.frame_stride * np.arange(COLUMNS)
    np.testing.assert_allclose(halves.reshape(COLUMNS, 2).mean(axis=1), centres)


def test_half_of_the_peak_is_raised_less_than_the_peak():
    cells = np.full((10, 100), 0.1, np.float32)
    cells[0, :20] = 4.0  # more cells than lie above the quantile
    cells[1, 0] = 2.0
    found = raised(cells)
    assert found[0, 0] == found.max() == pytest.approx(4.0)
    assert found[1, 0] == pytest.approx(4.0 * 0.5**POWER)
    assert found[5, 5] == pytest.approx(4.0 * 0.025**POWER, rel=1e-4)


def test_single_cells_do_not_decide_what_is_strong():
    cells = np.ones((10, 100), np.float32)
    cells[0, : round((1 - BELOW_PEAK) * cells.size) - 2] = 1_000
    np.testing.assert_allclose(raised(cells), 1, rtol=1e-5)
    lonely = np.zeros((10, 100), np.float32)
    lonely[3, 3] = 5
    assert raised(lonely)[3, 3] == pytest.approx(5)
    assert not raised(np.zeros((3, 4), np.float32)).any()


def test_the_shipped_network_is_explained_where_its_fine_map_is_strong(music):
    network = load_classifier()
    prediction = network.hear(music)
    target = Target.single(int(prediction.logits.argmax()), len(prediction.logits))
    found = regions.explain(network, prediction, target)
    single = fine.explain(network, prediction, target).values
    assert found.values.shape == single.shape
    assert (found.values >= single).all()
    assert found.values.max() == pytest.approx(single.max(), rel=1e-5)
    strong = single > np.quantile(single, 0.95)
    assert found.values[strong].mean() > 2 * found.values[single == 0].mean()
    assert found.values.mean() > 1.1 * single.mean(), "places around the detail"


def test_the_larger_of_two_maps_counts_as_a_share_of_the_peak_of_each():
    single = np.array([[0.0, 2.0], [1.0, 0.5]], np.float32)
    broad = np.array([[10.0, 0.0], [2.5, 5.0]], np.float32)
    np.testing.assert_allclose(larger(single, broad), [[2.0, 2.0], [1.0, 1.0]])
    np.testing.assert_array_equal(larger(single, np.zeros_like(single)), single)
    assert not larger(np.zeros_like(single), broad).any()


def test_silence_has_no_evidence_and_moves_nothing(music):
    network = load_classifier()
    silence = np.zeros(len(music), np.float32)
    alone, beside = (network.hear(each) for each in (music, np.concatenate([music, silence])))
    target = Target.single(int(alone.logits.argmax()), len(alone.logits))
    of_alone, of_beside = (regions.explain(network, each, target) for each in (alone, beside))
    assert isinstance(of_beside, RelevanceMap)
    silent = np.repeat(~beside.counts, round(network.grid.frame_stride))
    silent = silent[: of_beside.values.shape[1]]
    assert silent.any()
    # Halfway to a cell that sounds, the map still fades.
    inside = np.flatnonzero(silent)[round(network.grid.frame_stride) :]
    assert not of_beside.values[:, inside].any()
    kept = int((~silent).sum()) - 4
    one, other = of_alone.values[:, :kept], of_beside.values[:, :kept]
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.98
