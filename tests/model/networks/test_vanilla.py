"""The vanilla network's shape, and that it learns."""

import keras
import numpy as np
import pytest

from model.constants import N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.networks.vanilla import vanilla


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(1)
    return vanilla()


def levels(frames: int, batch: int = 1) -> np.ndarray:
    return np.random.default_rng(0).uniform(-80, 0, (batch, N_MELS, frames, 1)).astype(np.float32)


@pytest.mark.parametrize("seconds", [3, 10, 30])
def test_any_length_from_three_seconds_gives_ten_scores(network, seconds):
    frames = 1 + seconds * SAMPLE_RATE // NETWORK_HOP
    assert network.predict_on_batch(levels(frames)).shape == (1, 10)


def test_it_has_three_convolutions_and_is_small(network):
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds.count("Conv2D") == 3
    assert kinds[-1] == "Dense"
    assert network.count_params() < 200_000


def test_the_order_of_the_bands_matters_and_the_level_does_not(network):
    level = levels(64)
    scores = network.predict_on_batch(level)
    np.testing.assert_allclose(network.predict_on_batch(level - 6), scores, atol=1e-4)
    assert np.abs(network.predict_on_batch(level[:, ::-1]) - scores).max() > 1e-3


@pytest.mark.long
def test_it_learns_where_on_the_frequency_axis_a_stripe_is():
    keras.utils.set_random_seed(2)
    small = vanilla(dropout=0.0)
    labels = np.arange(40) % 10
    pictures = levels(40, batch=40) * 0.25 - 60
    for picture, label in zip(pictures, labels, strict=True):
        picture[12 * label : 12 * label + 6] = -5
    small.compile(
        keras.optimizers.Adam(5e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    small.fit(pictures, labels, epochs=25, batch_size=20, verbose=0)
    assert (small.predict_on_batch(pictures).argmax(axis=1) == labels).mean() > 0.9
