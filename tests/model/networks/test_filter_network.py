"""Filters on the flagship's mixing layer: shapes, an exact CAM, and what is saved."""

import keras
import numpy as np
import pytest

from model.explain.cam import cam
from model.networks.filter_network import FORMS, filter_head, mixing_trunk
from model.networks.flagship import flagship
from model.networks.geometry import map_grid
from model.networks.loading import described, load_network, with_feature_maps
from model.networks.part_filters import PartFilters

LEVELS = np.random.default_rng(1).uniform(-80, 0, (1, 128, 90, 1)).astype(np.float32)
LABELS = np.eye(10, dtype=np.float32)[:1]


@pytest.fixture(scope="module")
def trunk() -> keras.Model:
    keras.utils.set_random_seed(0)
    return mixing_trunk(flagship())


@pytest.mark.parametrize("form", FORMS)
def test_the_mean_of_the_maps_is_the_score_also_after_saving(form, trunk, tmp_path):
    head = filter_head(form, filters=7, columns=8)
    learning = head.learning((trunk.output_shape[1], 8, trunk.output_shape[3]))
    maps = trunk.predict_on_batch(LEVELS)
    assert learning([maps[:, :, :8], LABELS], training=True).shape == (1, 10)
    network = head.behind(trunk)
    scores = network.predict_on_batch(LEVELS)
    network.save(tmp_path / "network.keras")
    again = load_network(tmp_path / "network.keras")
    found, same = with_feature_maps(again).predict_on_batch(LEVELS)
    np.testing.assert_allclose(same, scores, atol=1e-4)
    assert found.shape[-1] == 7
    assert found.min() >= 0
    kernel, bias = again.layers[-1].get_weights()
    means = cam(found[0], kernel).mean(axis=(1, 2))
    np.testing.assert_allclose(means + bias, scores[0], atol=1e-4)
    assert map_grid(described(again)).band_stride == 4
    on_maps = head.on_maps((trunk.output_shape[1], None, trunk.output_shape[3]))
    np.testing.assert_allclose(on_maps.predict_on_batch(maps)[1], scores, atol=1e-4)


def test_a_form_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="rows"):
        filter_head("columns")  # type: ignore[arg-type]


def test_a_long_map_is_taken_window_by_window():
    maps = np.random.default_rng(2).random((2, 5, 11, 3)).astype(np.float32)
    filters = PartFilters(classes=2, places="cells", columns=4)
    whole = np.asarray(filters(maps))
    assert whole.shape == maps.shape
    for start in (0, 4):
        alone = np.asarray(filters(maps[:, :, start : start + 4]))
        np.testing.assert_allclose(whole[:, :, start : start + 4], alone, atol=1e-6)
    # The last window is filled up with zeros, so its peak is one of its own cells.
    assert (whole[:, :, 8:].max(axis=(1, 2)) > 0).all()
