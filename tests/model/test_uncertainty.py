"""The exact interval against published limits, and between whole numbers."""

import pytest

from model.uncertainty import interval, share


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
