"""EfficientNet-Lite0 on spectrograms: its shape, and how its starting weights get in."""

import keras
import numpy as np
import pytest

from model.constants import N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.networks.efficientnet_lite import (
    N_CONVOLUTIONS,
    efficientnet_backbone,
    efficientnet_lite,
    start_from_imagenet,
)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(1)
    return efficientnet_lite()


def levels(frames: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-80, 0, (1, N_MELS, frames, 1)).astype(np.float32)


@pytest.mark.parametrize("seconds", [3, 10, 30])
def test_any_length_from_three_seconds_gives_ten_scores(network, seconds):
    frames = 1 + seconds * SAMPLE_RATE // NETWORK_HOP
    assert network.predict_on_batch(levels(frames)).shape == (1, 10)


def test_the_image_is_grey_and_about_from_minus_1_to_1(network):
    image = keras.Model(network.inputs, network.get_layer("image").output)
    grey = image.predict_on_batch(levels(60))
    assert grey.shape == (1, N_MELS, 60, 3)
    np.testing.assert_array_equal(grey[..., 0], grey[..., 2])
    assert grey.mean() == pytest.approx(0, abs=1e-3)
    assert grey.std() == pytest.approx(0.5, abs=1e-3)


def test_starting_weights_reach_every_convolution(network):
    keras.utils.set_random_seed(2)
    backbone = efficientnet_backbone()
    start_from_imagenet(network, backbone)
    convolutions = [layer.name for layer in network.layers if layer.name.startswith("conv")]
    assert len(convolutions) == N_CONVOLUTIONS
    inner = keras.Model(network.get_layer("image").output, network.get_layer("evidence").output)
    image = np.random.default_rng(3).uniform(-1, 1, (1, N_MELS, 39, 3)).astype(np.float32)
    features = inner.predict_on_batch(image)
    assert features.std() > 0
    expected = backbone.predict_on_batch(image)
    np.testing.assert_allclose(features, expected, rtol=1e-3, atol=1e-4 * expected.std())
