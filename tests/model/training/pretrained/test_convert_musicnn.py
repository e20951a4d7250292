"""The converted starting weights answer as musicnn's own graphs do."""

from pathlib import Path

import numpy as np
import pytest

from model.networks.loading import load_network
from model.networks.musicnn import MIDDLES
from model.training.pretrained.convert_musicnn import MUSICNN_WEIGHTS, VGG_WEIGHTS, convert_musicnn

# make_musicnn_golden.py ran the published graphs on this input.
POWER = np.random.default_rng(1234).uniform(0, 4, (1, 187, 96)).astype(np.float32)


@pytest.fixture(scope="module")
def golden() -> dict[str, np.ndarray]:
    with np.load(Path(__file__).with_name("musicnn_golden.npz")) as stored:
        return dict(stored)


def assert_close(activation: np.ndarray, expected: np.ndarray) -> None:
    scale = np.abs(expected).max()
    assert expected.size > 50
    np.testing.assert_allclose(activation / scale, expected / scale, atol=1e-4)


def test_the_vgg_reproduces_the_published_networks_activations(golden):
    activations = load_network(VGG_WEIGHTS).predict_on_batch(POWER[..., np.newaxis])
    for index, activation in enumerate(activations, start=1):
        assert_close(activation[0, ::9, ::5, ::8], golden[f"conv{index}"])


def test_musicnn_without_its_dead_filters_reproduces_the_published_networks_middle(golden):
    ours = POWER.swapaxes(1, 2)[..., np.newaxis]
    middle = load_network(MUSICNN_WEIGHTS).predict_on_batch(ours)[0, 0]
    for name, layer in zip(MIDDLES, np.split(middle, len(MIDDLES), axis=1), strict=True):
        assert_close(layer[::6, ::4], golden[name])


def test_another_checkpoint_than_the_architecture_fits_is_refused():
    rng = np.random.default_rng(0)
    variables = {
        f"batch_normalization{suffix}/{part}": np.ones(4, np.float32)
        for suffix in ("", "_1")
        for part in ("gamma", "beta", "moving_mean", "moving_variance")
    }
    variables["batch_normalization/gamma"] = np.ones(1, np.float32)
    for part in ("beta", "moving_mean", "moving_variance"):
        variables[f"batch_normalization/{part}"] = np.ones(1, np.float32)
    for suffix, shape in (("", (7, 38, 1, 4)), ("_5", (7, 561, 1, 64))):
        variables[f"conv2d{suffix}/kernel"] = rng.standard_normal(shape).astype(np.float32)
        variables[f"conv2d{suffix}/bias"] = np.zeros(shape[-1], np.float32)
    with pytest.raises(ValueError, match="alive"):
        convert_musicnn(variables)
