"""The network on song statistics: its preparation of numbers, and how it is stored."""

import keras
import numpy as np
import pytest

from model.audio.song_statistics import SONG_STATISTICS
from model.networks.loading import load_network
from model.networks.statistics_network import LogOfSome, song_network


def test_only_variances_are_taken_as_logarithms():
    values = np.full((2, len(SONG_STATISTICS)), 5.0, np.float32)
    logs = keras.Model((network := song_network()).inputs, network.get_layer("log").output)
    for name, value in zip(SONG_STATISTICS, logs.predict_on_batch(values)[0], strict=True):
        assert value == pytest.approx(np.log(5) if name.endswith("_var") else 5), name


def test_no_variance_at_all_and_negative_means_stay_finite():
    layer = LogOfSome([True, False])
    answer = np.asarray(layer(np.array([[0.0, -3.0]], np.float32)))
    assert answer[0] == pytest.approx([np.log(1e-12), -3.0])


def test_it_is_stored_and_loaded_in_safe_mode(tmp_path):
    network = song_network()
    network.get_layer("standardise").adapt(
        np.random.default_rng(0).normal(3.0, 2.0, (50, len(SONG_STATISTICS))).astype(np.float32)
    )
    network.save(tmp_path / "song.keras")
    values = np.random.default_rng(1).random((3, len(SONG_STATISTICS)), np.float32)
    np.testing.assert_allclose(
        load_network(tmp_path / "song.keras").predict_on_batch(values),
        network.predict_on_batch(values),
        atol=1e-4,
    )
    assert network.output_shape == (None, 10)
