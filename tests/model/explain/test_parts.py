"""Parts: they hold all that speaks for a genre, and those that are known are found again."""

import numpy as np
import pytest

from model.explain.parts import contributions, divide

RNG = np.random.default_rng(11)
CLASSES, CHANNELS, CELLS = 3, 12, 60
KERNEL = RNG.normal(size=(CHANNELS, CLASSES)).astype(np.float32)
FEATURES = RNG.gamma(0.5, size=(CELLS, CHANNELS)).astype(np.float32)
DICTIONARY = RNG.gamma(0.3, size=(4, CHANNELS)).astype(np.float32)


@pytest.mark.parametrize("updates", [0, 1, 30])
def test_the_parts_hold_all_that_speaks_for_a_class_in_every_cell(updates):
    for index in range(CLASSES):
        found = divide(FEATURES, KERNEL, index, DICTIONARY, updates)
        assert found.maps.shape == (4, CELLS)
        assert found.maps.min() >= 0
        speaks = contributions(FEATURES, KERNEL[:, index]).sum(axis=1)
        np.testing.assert_allclose(found.maps.sum(axis=0), speaks, rtol=1e-4, atol=1e-5)


def test_a_part_carries_the_mean_of_its_map_and_the_parts_together_all_positive_channels():
    found = divide(FEATURES, KERNEL, 1, DICTIONARY)
    np.testing.assert_allclose(found.carried[:, 1], found.maps.mean(axis=1), rtol=1e-4)
    speaks = KERNEL[:, 1] > 0
    every = FEATURES[:, speaks].mean(axis=0) @ KERNEL[speaks]
    np.testing.assert_allclose(found.carried.sum(axis=0), every, rtol=1e-4, atol=1e-5)


def test_activations_that_are_known_are_found_again():
    # Two parts with channels of their own, and one that they share.
    made_of = np.array([[3, 1, 0, 0, 1], [0, 0, 2, 2, 1]], np.float32)
    active = RNG.gamma(0.7, size=(2, 40)).astype(np.float32)
    kernel = np.array([[2.0], [0.5], [1.0], [4.0], [1.0]], np.float32)
    features = active.T @ made_of / kernel.T
    found = divide(features, kernel, 0, made_of, updates=200)
    expected = active * made_of.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.maps, expected, rtol=0.02, atol=0.02)


def test_the_scale_of_a_part_says_nothing():
    scaled = DICTIONARY * np.array([[1], [10], [0.1], [5]], np.float32)
    one, other = (divide(FEATURES, KERNEL, 0, parts).maps for parts in (DICTIONARY, scaled))
    np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)


def test_where_nothing_speaks_for_a_class_no_part_has_anything():
    found = divide(FEATURES, -np.abs(KERNEL), 0, DICTIONARY)
    assert not found.maps.any()
    assert not found.carried.any()


def test_silent_cells_stay_silent():
    features = FEATURES.copy()
    features[5] = 0
    assert not divide(features, KERNEL, 0, DICTIONARY).maps[:, 5].any()


def test_parts_of_another_layer_are_refused():
    with pytest.raises(ValueError, match="12 channels, the layer has 5"):
        divide(FEATURES[:, :5], KERNEL[:5], 0, DICTIONARY)


def test_what_the_parts_describe_exactly_is_in_its_place_and_what_they_lack_is_not():
    kernel = np.ones((4, 1), np.float32)
    made_of = np.array([[1, 1, 0, 0]], np.float32)
    fitting = np.array([[2, 2, 0, 0], [5, 5, 0, 0]], np.float32)
    assert divide(fitting, kernel, 0, made_of).misplaced < 0.01
    assert divide(fitting[:, ::-1].copy(), kernel, 0, made_of).misplaced > 0.99
