"""Intervals against published limits, and what clusters of tracks do to them."""

import numpy as np
import pytest

from model.uncertainty import bootstrap, clustered, interval, paired, share


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        # Classical tables of exact binomial limits.
        (5, 8, 0.2449, 0.9148),
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (81, 263, 0.2527, 0.3676),
    ],
)
def test_the_interval_is_clopper_and_pearsons(right, n, low, high):
    assert interval(right, n) == pytest.approx((low, high), abs=1e-4)


def test_a_mean_over_runs_lies_between_its_neighbours():
    low, high = interval(5.5, 8)
    assert interval(5, 8)[0] < low < interval(6, 8)[0]
    assert interval(5, 8)[1] < high < interval(6, 8)[1]


def test_a_share_comes_with_its_number_and_interval():
    assert share(5, 8) == {"n": 8, "share": 0.625, "interval": list(interval(5, 8))}


@pytest.mark.parametrize(("right", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_what_has_no_share_is_refused(right, n):
    with pytest.raises(ValueError, match="no share"):
        interval(right, n)


RIGHT = np.repeat([1.0, 0.0, 1.0, 1.0, 0.0, 1.0], 25)


def width(figures: dict[str, float | int]) -> float:
    return figures["high"] - figures["low"]


def test_clusters_of_one_track_each_give_the_plain_bootstrap():
    alone = clustered(RIGHT, [str(index) for index in range(len(RIGHT))])
    plain = bootstrap(RIGHT, seed=0)
    assert alone["value"] == plain["value"]
    assert width(alone) == pytest.approx(width(plain), rel=0.1)


def test_tracks_that_are_right_together_make_the_interval_wider():
    """25 tracks of an artist, all right or all wrong, say no more than one track of each."""
    artists = np.repeat(list("abcdef"), 25).tolist()
    together = clustered(RIGHT, artists)
    assert together["clusters"] == 6
    assert together["n"] == len(RIGHT)
    one_each = bootstrap(RIGHT[::25], seed=0)
    assert width(together) == pytest.approx(width(one_each), rel=0.05)
    assert width(together) > 3 * width(bootstrap(RIGHT, seed=0))


def test_a_large_cluster_counts_for_all_its_tracks():
    figures = clustered(np.array([1.0, 1.0, 1.0, 0.0]), ["a", "a", "a", "b"])
    assert figures["value"] == 0.75
    assert (figures["low"], figures["high"]) == (0, 1)


def test_figures_without_clusters_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        clustered(np.ones(3), ["a"])


def test_pairs_are_compared_by_the_binomial_of_those_that_differ():
    first, second = np.array([1, 1, 1, 1, 1, 1, 0.0]), np.array([0, 0, 0, 0, 0, 1, 0.0])
    # Five against none: 2 / 2^5.
    assert paired(first, second) == {"first": 5, "second": 0, "chance": 0.0625}
    assert paired(first, first) == {"first": 0, "second": 0, "chance": 1.0}
    with pytest.raises(ValueError, match="no pairs"):
        paired(first, second[1:])
