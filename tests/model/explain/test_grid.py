"""Coarse maps drawn on a spectrogram lie where the network's cells lie."""

import numpy as np
import pytest

from model.explain.grid import MapGrid, to_spectrogram

GRID = MapGrid(band_offset=3.0, band_stride=4.0, frame_offset=1.5, frame_stride=4.0)
BANDS = np.arange(20, dtype=float)


def test_every_cell_appears_at_its_centre():
    maps = np.random.default_rng(0).standard_normal((4, 6)).astype(np.float32)
    rows, columns = 3.0 + 4.0 * np.arange(4), 1.5 + 4.0 * np.arange(6)
    np.testing.assert_allclose(to_spectrogram(maps, GRID, rows, columns), maps, atol=1e-6)


def test_between_two_cells_the_map_is_their_mean_and_beyond_the_last_it_holds():
    maps = np.array([[0.0, 1.0], [2.0, 5.0]], np.float32)
    drawn = to_spectrogram(maps, GRID, np.array([5.0]), np.array([3.5, 100.0]))
    np.testing.assert_allclose(drawn, [[2.0, 3.0]])


def test_leading_axes_are_kept_and_extremes_never_exceeded():
    maps = np.random.default_rng(1).standard_normal((10, 4, 6)).astype(np.float32)
    drawn = to_spectrogram(maps, GRID, BANDS, np.linspace(-2, 30, 77))
    assert drawn.shape == (10, 20, 77)
    assert drawn.dtype == np.float32
    assert drawn.max() <= maps.max() + 1e-6
    assert drawn.min() >= maps.min() - 1e-6


@pytest.mark.parametrize("row", [0, 3])
def test_a_single_bright_cell_peaks_at_its_own_place(row):
    maps = np.zeros((4, 6), np.float32)
    maps[row, 2] = 1.0
    drawn = to_spectrogram(maps, GRID, BANDS, np.arange(24, dtype=float))
    peak = np.unravel_index(drawn.argmax(), drawn.shape)
    if row == 3:
        assert peak[0] == 15
    assert peak[1] in (9, 10)
    assert drawn[3 + 4 * row, [9, 10]].mean() == pytest.approx(0.875)
