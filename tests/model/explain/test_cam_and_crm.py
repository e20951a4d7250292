"""CAM and CRM against their definitions: completeness, removal one by one, shapes, signs."""

import numpy as np
import pytest

from model.explain.cam import cam
from model.explain.crm import crm
from model.explain.crm_per_class import crm_per_class

ROWS, COLUMNS, CHANNELS, CLASSES = 5, 7, 11, 10


@pytest.fixture
def head() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    features = np.maximum(rng.standard_normal((ROWS, COLUMNS, CHANNELS)), 0).astype(np.float32)
    kernel = rng.standard_normal((CHANNELS, CLASSES)).astype(np.float32)
    bias = rng.standard_normal(CLASSES).astype(np.float32)
    return features, kernel, bias


def scores(features: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return features.mean(axis=(0, 1)) @ kernel + bias


def test_the_mean_of_a_cam_and_the_bias_make_the_score(head):
    features, kernel, bias = head
    maps = cam(features, kernel)
    assert maps.shape == (CLASSES, ROWS, COLUMNS)
    np.testing.assert_allclose(maps.mean(axis=(1, 2)) + bias, scores(*head), atol=1e-4)


def test_crm_is_what_removing_every_cell_costs_all_scores(head):
    features, kernel, bias = head
    whole = scores(*head)
    by_removal = np.zeros((ROWS, COLUMNS))
    by_removal_per_class = np.zeros((CLASSES, ROWS, COLUMNS))
    for row in range(ROWS):
        for column in range(COLUMNS):
            without = features.copy()
            without[row, column] = 0
            loss = whole - scores(without, kernel, bias)
            by_removal[row, column] = np.sum(loss**2)
            by_removal_per_class[:, row, column] = np.sign(loss) * loss**2
    np.testing.assert_allclose(crm(features, kernel), by_removal, rtol=1e-3, atol=1e-7)
    np.testing.assert_allclose(
        crm_per_class(features, kernel), by_removal_per_class, rtol=1e-3, atol=1e-7
    )


def test_the_classes_terms_have_the_cams_sign_and_sum_to_the_crm(head):
    features, kernel, _ = head
    terms = crm_per_class(features, kernel)
    assert terms.shape == (CLASSES, ROWS, COLUMNS)
    np.testing.assert_array_equal(np.sign(terms), np.sign(cam(features, kernel)))
    assert (terms < 0).any()
    np.testing.assert_allclose(np.abs(terms).sum(axis=0), crm(features, kernel), rtol=1e-5)


def test_a_cell_without_features_has_no_relevance(head):
    features, kernel, _ = head
    features[2, 3] = 0
    assert crm(features, kernel)[2, 3] == 0
    assert not cam(features, kernel)[:, 2, 3].any()
