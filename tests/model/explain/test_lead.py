"""Lead maps against their definition, and what a softmax makes of them."""

import numpy as np
import pytest

from model.explain.cam import cam
from model.explain.lead import lead

ROWS, COLUMNS, CHANNELS, CLASSES = 4, 6, 9, 5


@pytest.fixture
def head() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    features = np.maximum(rng.standard_normal((ROWS, COLUMNS, CHANNELS)), 0).astype(np.float32)
    return features, rng.standard_normal((CHANNELS, CLASSES)).astype(np.float32)


def test_a_lead_is_the_distance_to_the_strongest_other_class(head):
    maps, leads = cam(*head), lead(*head)
    for index in range(CLASSES):
        others = np.delete(maps, index, axis=0)
        np.testing.assert_allclose(leads[index], maps[index] - others.max(axis=0), atol=1e-5)


def test_no_place_leads_for_two_classes_and_every_place_for_one(head):
    leads = lead(*head)
    np.testing.assert_array_equal((leads > 0).sum(axis=0), 1)
    np.testing.assert_array_equal(leads.argmax(axis=0), cam(*head).argmax(axis=0))


def test_classes_that_are_level_lead_by_nothing():
    features = np.ones((1, 1, 2), np.float32)
    kernel = np.array([[1, 1, 0], [1, 1, 0]], np.float32)
    assert lead(features, kernel).ravel().tolist() == [0, 0, -2]


def test_what_is_added_to_all_scores_alike_changes_no_lead_but_every_cam(head):
    """It changes no probability either: a softmax compares."""
    features, kernel = head
    added = kernel + np.arange(CHANNELS, dtype=np.float32)[:, np.newaxis]
    np.testing.assert_allclose(lead(features, added), lead(features, kernel), atol=1e-3)
    assert np.abs(cam(features, added) - cam(features, kernel)).max() > 1
