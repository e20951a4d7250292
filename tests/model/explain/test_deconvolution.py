"""Deconvolution: exact where there is no ReLU, and by hand where there is one."""

import keras
import numpy as np
import pytest

from model.constants import N_MELS
from model.explain.deconvolution import (
    Convolution,
    Pooling,
    Rectification,
    deconvolve,
    explain_filter,
    one_filter,
)
from model.networks.flagship import flagship
from model.networks.layer_steps import DECONVOLVED, LayerSteps
from model.networks.loading import described

tf = pytest.importorskip("tensorflow")
FRAMES = 40
LEVELS = np.random.default_rng(5).uniform(-80, 0, (N_MELS, FRAMES)).astype(np.float32)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """A flagship with random weights and normalisations."""
    keras.utils.set_random_seed(4)
    made = flagship()
    rng = np.random.default_rng(4)
    for index in range(3):
        layer = made.get_layer(f"norm{index}")
        gamma, beta, mean, variance = layer.get_weights()
        # Factors of either sign.
        drawn = rng.normal(size=gamma.shape)
        layer.set_weights([drawn, beta, mean, np.abs(drawn) + 0.5 * variance])
    return made


@pytest.fixture(scope="module")
def linear(network: keras.Model) -> keras.Model:
    """The same without ReLU in the convolutions that are taken back."""
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    for name in DECONVOLVED:
        copy.get_layer(name).activation = keras.activations.linear
    return keras.models.clone_model(copy)


@pytest.mark.parametrize("layer", DECONVOLVED)
def test_without_relu_it_is_the_adjoint(linear, layer):
    """The gradient of a linear map is its adjoint: <A x, y> differentiated by x."""
    answers, steps = LayerSteps(described(linear)).steps_below(layer, LEVELS)
    assert not any(isinstance(step, Rectification) for step in steps)
    channel = int(np.abs(answers).mean(axis=(0, 1)).argmax())
    chosen = one_filter(answers, channel)
    compressed = keras.Model(linear.inputs, linear.get_layer("log_power").output)
    above = keras.Model(linear.get_layer("norm0").input, linear.get_layer(layer).output)
    pixels = tf.constant(compressed(LEVELS[np.newaxis, ..., np.newaxis]).numpy())
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        answer = tf.reduce_sum(above(pixels, training=False) * chosen[np.newaxis])
    expected = tape.gradient(answer, pixels).numpy()[0, :, :, 0]
    assert np.abs(expected).max() > 0
    found = deconvolve(chosen, steps)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


def test_relu_cuts_off_what_is_negative_on_the_way_back():
    kernel = np.array([1.0, -2.0], np.float32).reshape(1, 1, 1, 2)
    down = Convolution(kernel, (1, 1), ((0, 0), (0, 0)), (1, 2))
    answers = np.array([[[3.0, 0.0], [0.0, 1.0]]], np.float32)
    assert deconvolve(answers, [down]).tolist() == [[3.0, -2.0]]
    assert deconvolve(answers, [down, Rectification()]).tolist() == [[3.0, 0.0]]


def test_a_maximum_goes_back_to_where_it_was():
    maps = np.array([1, 4, 5, 2, 9], np.float32).reshape(5, 1, 1)
    pooling = Pooling.of(maps, 2)
    back = pooling.back(np.array([10, 20], np.float32).reshape(2, 1, 1))
    # The fifth row fills no block.
    assert back[:, 0, 0].tolist() == [0, 10, 20, 0, 0]
    alike = Pooling.of(np.ones((2, 1, 1), np.float32), 2)
    assert alike.switches.sum() == 1


def test_a_stride_leaves_out_what_was_left_out():
    kernel = np.ones((1, 1, 1, 1), np.float32)
    step = Convolution(kernel, (2, 1), ((0, 0), (0, 0)), (4, 1))
    back = step.back(np.array([1, 2], np.float32).reshape(2, 1, 1))
    assert back[:, 0, 0].tolist() == [1, 0, 2, 0]


def test_a_filter_is_taken_back_to_every_level_of_the_clip(network):
    steps = LayerSteps(described(network))
    answers, _ = steps.steps_below("conv3", LEVELS)
    channel = int(answers.mean(axis=(0, 1)).argmax())
    found = explain_filter(steps, LEVELS, "conv3", channel)
    assert found.values.shape == LEVELS.shape
    assert found.values.min() >= 0
    assert found.values.max() > 0


def test_random_weights_make_another_picture(network):
    """A filter of other weights below is another filter, though both copy their input in part."""
    others = keras.models.clone_model(network)
    both = [LayerSteps(described(each)) for each in (network, others)]
    strength = [each.steps_below("conv2", LEVELS)[0].mean(axis=(0, 1)) for each in both]
    channel = int(np.minimum(*strength).argmax())
    first, second = (explain_filter(each, LEVELS, "conv2", channel).values for each in both)
    assert first.any()
    assert second.any()
    assert np.corrcoef(first.ravel(), second.ravel())[0, 1] < 0.95


def test_a_filter_that_answers_nowhere_leaves_nothing(network):
    steps = LayerSteps(described(network))
    answers, below = steps.steps_below("conv1", LEVELS)
    assert not deconvolve(np.zeros_like(answers), below).any()
    with pytest.raises(ValueError, match="conv4"):
        steps.steps_below("conv4", LEVELS)
