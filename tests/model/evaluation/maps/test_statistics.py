"""Means, their intervals, and differences track by track."""

import numpy as np
import pytest

from model.evaluation.maps.observations import Observations
from model.uncertainty import bootstrap, counted


def test_the_bootstrap_of_one_figure_has_no_width():
    row = bootstrap(np.full(7, 0.25), seed=0)
    assert row == pytest.approx({"value": 0.25, "low": 0.25, "high": 0.25, "n": 7})


def test_the_interval_is_that_of_the_mean():
    """For many draws of a normal variable: two standard errors to each side."""
    values = np.random.default_rng(1).standard_normal(400)
    row = bootstrap(values, seed=2)
    error = values.std() / 20
    assert row["low"] == pytest.approx(values.mean() - 1.96 * error, abs=0.15 * error)
    assert row["high"] == pytest.approx(values.mean() + 1.96 * error, abs=0.15 * error)
    assert row == bootstrap(values, seed=2)


def test_all_of_a_few_tracks_are_no_certainty():
    """Clopper and Pearson: with 16 of 16, the share may be as low as the 16th root of 0.025."""
    row = counted(np.ones(16))
    assert row == pytest.approx(
        {"value": 1, "low": 0.025 ** (1 / 16), "high": 1, "n": 16}, abs=1e-5
    )
    none = counted(np.zeros(16), one=100.0)
    assert (none["value"], none["low"]) == (0, 0)
    assert none["high"] == pytest.approx(100 * (1 - row["low"]), abs=0.01)


def test_shares_are_told_from_other_measures_by_name():
    observations = Observations(("method", "measure"), "random", {"AI": 100.0})
    for track in "abcd":
        observations.add(("cam", "AI"), track, 100.0)
        observations.add(("cam", "AG"), track, 100.0)
    increase, gain = observations.rows(seed=0)
    assert increase["low"] == pytest.approx(100 * 0.025**0.25, abs=0.01)
    assert gain["low"] == 100


def test_nothing_has_no_mean():
    with pytest.raises(ValueError, match="nothing"):
        bootstrap(np.array([]), seed=0)


def test_methods_are_compared_with_the_reference_on_the_same_tracks():
    observations = Observations(("method", "measure"), reference="random")
    for track, figure in enumerate([1.0, 2.0, 6.0]):
        observations.add(("cam", "FF"), str(track), figure)
    for track, figure in enumerate([0.5, 1.5]):
        observations.add(("random", "FF"), str(track), figure)
    cam, random = observations.rows(seed=0)
    assert (cam["method"], cam["measure"], cam["value"], cam["n"]) == ("cam", "FF", 3.0, 3)
    difference = cam["over_reference"]
    assert difference == {"value": 0.5, "low": 0.5, "high": 0.5, "n": 2}
    assert "over_reference" not in random


def test_figures_of_one_track_are_averaged_before_tracks_are():
    observations = Observations(("method",), reference="")
    for figure in (0.0, 1.0):
        observations.add(("cam",), "a", figure)
    observations.add(("cam",), "b", 1.0)
    (row,) = observations.rows(seed=0)
    assert (row["value"], row["n"]) == (0.75, 2)


def test_every_genre_counts_alike_in_a_mean_over_genres():
    """Three tracks of blues and one of jazz: 1/3 of blues, all of jazz."""
    observations = Observations(("method",), "", genre_of=lambda track: track.split(".")[0])
    for number, figure in enumerate([1.0, 0.0, 0.0]):
        observations.add(("cam",), f"blues.{number}", figure)
    observations.add(("cam",), "jazz.0", 1.0)
    (row,) = observations.rows(seed=0)
    assert row["value"] == 0.5
    assert row["over_genres"] == pytest.approx(2 / 3, abs=1e-4)
