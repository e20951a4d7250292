"""Measures of filters on answers made up by hand, whose figures can be worked out."""

import numpy as np
import pytest

from model.evaluation.filters.answers import COLUMNS, SECONDS_A_COLUMN, Answers, _by_excerpt
from model.evaluation.filters.measures import (
    agreement,
    categories,
    deletion,
    live,
    mutual_information,
    new_artists,
    purity,
    spread_of_rows,
    time_extent,
)

TRACKS, EXCERPTS = 20, 2
LABELS = np.repeat([0, 1], TRACKS // 2)


def answers(means: np.ndarray, rows: np.ndarray | None = None) -> Answers:
    """Answers whose peaks are the means, alike in both excerpts of a track."""
    peaks = np.repeat(means[:, np.newaxis], EXCERPTS, axis=1).astype(np.float32)
    return Answers(
        tuple(f"track{index}" for index in range(TRACKS)),
        LABELS,
        means.astype(np.float32),
        peaks,
        np.zeros(peaks.shape, np.int64) if rows is None else rows,
        np.full(peaks.shape, 0.25, np.float32),
        np.stack([means[:, 0], -means[:, 0]], axis=1).astype(np.float32),
    )


# Filter 0 answers to class 0 alone, filter 1 to a track of each class, filter 2 never.
MEANS = np.zeros((TRACKS, 3))
MEANS[:10, 0] = np.arange(1, 11)
MEANS[[0, 19], 1] = 1


def test_purity_counts_the_commonest_genre_of_the_top_excerpts():
    shares, commonest = purity(answers(MEANS), 2)
    # A tenth of 40 excerpts: those of two tracks.
    assert shares[:2].tolist() == [1.0, 0.5]
    assert commonest[0] == 0
    assert categories(answers(MEANS), 2)[0] == 0
    assert live(answers(MEANS)).tolist() == [True, True, False]


def test_mutual_information_is_a_bit_for_a_filter_that_tells_two_classes_apart():
    found = mutual_information(answers(MEANS), 2)
    assert found[0] == pytest.approx(1.0)
    assert found[2] == pytest.approx(0.0)
    assert 0 <= found[1] < 0.2


def test_spread_and_extent_are_in_bands_and_seconds():
    rows = np.zeros((TRACKS, EXCERPTS, 3), np.int64)
    rows[9, :, 0] = 4  # one of the two tracks that filter 0 answers to most
    found = answers(MEANS, rows)
    assert spread_of_rows(found)[0] == pytest.approx(2 * 4)
    assert time_extent(found) == pytest.approx(0.25 * COLUMNS * SECONDS_A_COLUMN)


def test_an_excerpt_knows_its_peak_its_row_and_how_long_it_lasts():
    maps = np.zeros((1, 5, 2 * COLUMNS + 3, 1), np.float32)
    maps[0, 3, :8, 0] = 2
    maps[0, 1, COLUMNS : COLUMNS + 4, 0] = 4
    maps[0, 0, COLUMNS : COLUMNS + 16, 0] = 1
    maps[0, 0, -1, 0] = 9  # beyond the last whole excerpt
    peaks, rows, extents = _by_excerpt(maps)
    assert peaks[0, :, 0].tolist() == [2, 4]
    assert rows[0, :, 0].tolist() == [3, 1]
    np.testing.assert_allclose(extents[0, :, 0], [8 / COLUMNS, 4 / COLUMNS])


def test_the_same_filters_in_another_order_agree():
    rng = np.random.default_rng(0)
    means = rng.random((TRACKS, 3))
    assert agreement(answers(means), answers(means[:, [2, 0, 1]])) == pytest.approx(1.0)
    other = rng.random((TRACKS, 3))
    assert agreement(answers(means), answers(other)) < 0.6


def test_deleting_a_genres_filters_takes_what_they_add_to_its_score():
    kernel = np.array([[2.0, 0], [1, 1], [5, 5]], np.float32)
    made = answers(MEANS)
    own, random = deletion(made, kernel, np.array([0, 1, 1]), np.random.default_rng(1), draws=300)
    unit = made.scores.std()
    np.testing.assert_allclose(own[:10], 2 * MEANS[:10, 0] / unit, rtol=1e-5)
    assert own[19] == pytest.approx(1 / unit)
    # One filter of three, drawn anew each time: a third of all that is added.
    assert random[5] == pytest.approx(2 * 6 / unit / 3, rel=0.2)


def test_new_artists_are_known_and_were_not_learned_from():
    artists = {"a": "1", "b": "2", "c": "1"}
    assert new_artists(["b", "c", "d"], ["a"], artists) == ["b"]
