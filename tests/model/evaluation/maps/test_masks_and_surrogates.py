"""What a map keeps, and the map that knows nothing."""

import numpy as np
import pytest

from model.audio.masking import mask_from_relevance, mask_in_proportion
from model.evaluation.maps.masks import (
    area_rule,
    below_outliers,
    most_relevant,
    proportional_mask,
    quieter,
    ranking,
    threshold_rule,
)
from model.evaluation.maps.surrogate import surrogate
from model.evaluation.maps.variants import MAP_VARIANTS, MASK_VARIANTS


def test_equal_areas_are_equal_whatever_the_scale_and_the_ties():
    rng = np.random.default_rng(0)
    for relevance in (rng.random((10, 20)), -(rng.random((10, 20)) ** 9), np.zeros((10, 20))):
        mask = most_relevant(relevance.astype(np.float32), 0.2)
        assert mask.sum() == 40
        assert relevance[mask == 1].min() >= relevance[mask == 0].max()


def test_the_ranking_begins_with_the_most_relevant_and_keeps_ties_in_order():
    assert ranking(np.array([[1, 3], [3, 2]], np.float32)).tolist() == [1, 2, 3, 0]


def test_the_threshold_rule_is_the_apps_own_mask():
    relevance = np.random.default_rng(1).random((8, 9)).astype(np.float32)
    for smooth, mask in ((True, mask_from_relevance), (False, mask_in_proportion)):
        found = threshold_rule(0.3).mask_for(smooth)(relevance)
        np.testing.assert_array_equal(found, mask(relevance, 0.3))
    rule = area_rule()
    assert rule.mask_for(False) is rule.mask_for(True), "equal areas are equal for all maps"
    assert area_rule(0.25).mask(relevance).mean() == pytest.approx(0.25)


def test_quieter_is_a_tenth_of_the_amplitude_at_20_decibels():
    rule = threshold_rule()
    turned_down = quieter(rule, 20)
    assert turned_down.floor == pytest.approx(0.1)
    assert turned_down.mask is rule.mask
    assert "20 dB quieter" in turned_down.label


def test_rules_and_variants_have_names_of_their_own():
    assert len({rule.name for rule in MASK_VARIANTS}) == len(MASK_VARIANTS)
    assert all(name == variant.name for name, variant in MAP_VARIANTS.items())


def test_a_proportional_mask_is_the_share_of_the_peak():
    relevance = np.array([[-1, 0, 1, 4]], np.float32)
    np.testing.assert_allclose(proportional_mask(relevance, 1), [[0, 0, 0.25, 1]])
    np.testing.assert_allclose(proportional_mask(relevance, 0.5), [[0, 0, 0.5, 1]])
    assert not proportional_mask(-np.ones((2, 2), np.float32), 1).any()


def test_one_hot_cell_raises_no_bar():
    relevance = np.ones((100, 10), np.float32)
    relevance[0, 0] = 1000.0
    assert mask_from_relevance(relevance, 0.4).sum() == 1
    assert below_outliers(relevance, 0.4).all()


def neighbours(values: np.ndarray) -> float:
    """Correlation of cells side by side in time."""
    return float(np.corrcoef(values[:, :-1].ravel(), values[:, 1:].ravel())[0, 1])


def test_a_surrogate_has_the_same_values_and_smoothness_elsewhere():
    rng = np.random.default_rng(2)
    white = rng.standard_normal((31, 97))
    smooth = (white[:, :-2] + white[:, 1:-1] + white[:, 2:]).astype(np.float32) ** 3
    other = surrogate(smooth, np.random.default_rng(3))
    np.testing.assert_array_equal(np.sort(other, axis=None), np.sort(smooth, axis=None))
    assert abs(np.corrcoef(other.ravel(), smooth.ravel())[0, 1]) < 0.15
    assert neighbours(smooth) > 0.4
    assert neighbours(other) == pytest.approx(neighbours(smooth), abs=0.05)
    assert abs(neighbours(rng.permuted(smooth))) < 0.1


def test_a_surrogate_is_the_same_for_the_same_seed_only():
    values = np.random.default_rng(4).random((5, 6)).astype(np.float32)
    one, again, other = (surrogate(values, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
