"""The converted starting weights answer as musicnn's own graph does."""

from pathlib import Path

import numpy as np

from model.networks import load_network
from model.training.convert_musicnn import STARTING_WEIGHTS


def test_the_conversion_reproduces_the_published_networks_activations():
    # make_musicnn_golden.py ran the published graph on this input.
    power = np.random.default_rng(1234).uniform(0, 4, (1, 187, 96)).astype(np.float32)
    activations = load_network(STARTING_WEIGHTS).predict_on_batch(power[..., np.newaxis])
    with np.load(Path(__file__).with_name("musicnn_golden.npz")) as golden:
        for index, activation in enumerate(activations, start=1):
            expected = golden[f"conv{index}"]
            scale = np.abs(expected).max()
            assert expected.size > 50
            np.testing.assert_allclose(
                activation[0, ::9, ::5, ::8] / scale, expected / scale, atol=1e-4
            )
