"""From tracks to genres."""

import dataclasses

import numpy as np
import pytest

from model.genre_portraits.summary import contrast, summarise
from model.genre_portraits.tracks import RATES, TrackPortrait

PLAIN = TrackPortrait(
    right=True,
    profile=np.full(4, 0.25),
    ranges=np.array([0.5, 0.5]),
    rhythm=np.ones((4, RATES)),
    rates=np.array([0.75, 0.25]),
    gini=0.4,
    percussive=0.5,
    coming_and_going=0.6,
    pulse=0.3,
)


def test_a_clear_difference_leaves_zero_out_and_none_does_not():
    rng = np.random.default_rng(0)
    low, high = rng.normal(0, 0.1, 15), rng.normal(1, 0.1, 100)
    clear = contrast(low, high, seed=0)
    assert clear["high"] < 0
    assert clear["value"] == pytest.approx(low.mean() - high.mean(), abs=1e-5)
    unclear = contrast(low, rng.normal(0, 0.1, 100), seed=0)
    assert unclear["low"] < 0 < unclear["high"]
    assert contrast(low, high, seed=0) == clear


def test_nothing_cannot_be_compared():
    with pytest.raises(ValueError, match="nothing to compare"):
        contrast(np.zeros(0), np.ones(3), seed=0)


def test_a_genre_is_set_beside_the_mean_of_the_others():
    tracks = {
        "metal": [dataclasses.replace(PLAIN, gini=value) for value in (0.1, 0.2, 0.3)],
        "jazz": [PLAIN, PLAIN],
        "pop": [dataclasses.replace(PLAIN, ranges=np.array([0.1, 0.9]))] * 2,
    }
    summary = summarise(tracks, seed=0)
    gini = summary["metal"]["gini"]
    assert (gini["value"], gini["others"], gini["n"]) == (pytest.approx(0.2), 0.4, 3)
    assert gini["difference"]["value"] == pytest.approx(-0.2)
    low, high = summary["jazz"]["ranges"]
    assert low["others"] == pytest.approx((3 * 0.5 + 2 * 0.1) / 5)
    assert high["value"] == 0.5
    assert summary["pop"]["profile"] == [0.25] * 4
    assert np.shape(summary["pop"]["rhythm"]) == (4, RATES)
