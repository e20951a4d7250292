"""How parts are compared, and how songs are put into halves."""

import numpy as np
import pytest

from model.evaluation.maps.verdict_parts import _halves, matched_cosine

PARTS = np.array([[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 3]], np.float32)


def test_the_same_parts_in_another_order_and_scale_are_alike():
    matched, mixed_up = matched_cosine(PARTS, 5 * PARTS[[2, 0, 1]])
    assert matched == pytest.approx(1)
    assert mixed_up == pytest.approx(0)


def test_each_part_has_one_partner_only():
    # Both of these are like the first part; only one of them may be its pair.
    others = np.array([[1, 0, 0, 0], [1, 0, 0, 0.1], [0, 1, 1, 0]], np.float32)
    matched, mixed_up = matched_cosine(PARTS, others)
    assert matched == pytest.approx((1 + 1 + 0.1 / np.hypot(1, 0.1)) / 3, abs=1e-3)
    assert mixed_up > 0.1


def test_no_artist_is_in_both_halves_and_the_halves_are_alike_in_size():
    groups = ["a", "b", "a", "c", "d", "b", "e", "e"]
    first, second = _halves(groups)
    assert sorted([*first, *second]) == list(range(len(groups)))
    assert not {groups[i] for i in first} & {groups[i] for i in second}
    assert abs(len(first) - len(second)) <= 2
