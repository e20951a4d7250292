"""Answers lie where their networks hear them, and are read in between without losing any."""

import numpy as np
import pytest

from model.audio.yamnet_spectrogram import YAMNET_FLOOR
from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.networks.places import PLACED, TOGETHER, across


@pytest.mark.parametrize(
    ("columns", "first", "stride"), [(TOGETHER, 0.3225, 0.32), (PLACED, 0.1625, 0.16)]
)
def test_columns_lie_where_their_frames_are(columns, first, stride):
    # The window of a frame is 25 ms: that of frame 31 begins at 0.31 s.
    seconds = columns.frames(3) * NETWORK_HOP / SAMPLE_RATE
    assert seconds[0] == pytest.approx(first)
    assert np.diff(seconds) == pytest.approx(stride)


def test_values_between_columns_are_linear_and_flat_at_the_ends():
    values = np.array([[0.0, 1.0], [2.0, 1.0], [0.0, 5.0]], np.float32)
    first, second, third = TOGETHER.frames(3)
    wanted = np.array([first - 9, first, (first + second) / 2, third, third + 9])
    expected = np.array([[0, 1], [0, 1], [1, 1], [0, 5], [0, 5]], np.float32)
    np.testing.assert_allclose(TOGETHER.at(values, wanted), expected, atol=1e-6)
    rows = TOGETHER.at(np.stack([values, 3 * values]), wanted)
    np.testing.assert_allclose(rows, [expected, 3 * expected], atol=1e-5)


def test_where_all_is_silent_every_column_counts():
    floor = np.full((64, 320), np.log(YAMNET_FLOOR), np.float32)
    assert TOGETHER.count(floor) == 10
    assert PLACED.count(floor) == 20
    assert TOGETHER.heard(floor, 10).all()
    floor[:, 40] = 0.0
    assert TOGETHER.heard(floor, 10).tolist() == [True] + [False] * 9
    # Of the finer ones it is the third, from frame 39 on.
    assert PLACED.heard(floor, 20).tolist() == [False] * 2 + [True] + [False] * 17


@pytest.mark.parametrize("n_rows", [1, 2, 4])
def test_rows_are_spread_so_that_all_count_alike(n_rows):
    matrix = across(n_rows, 16)
    np.testing.assert_allclose(matrix.sum(axis=0), 16 / n_rows, rtol=1e-5)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, rtol=1e-5)
    # In order, and flat at the ends.
    middles = matrix @ np.arange(n_rows)
    assert np.all(np.diff(middles) >= 0)
    assert middles[0] == 0
    assert middles[-1] == n_rows - 1


def test_as_many_rows_stay_as_they_are():
    np.testing.assert_allclose(across(4, 4), np.eye(4), atol=1e-6)
