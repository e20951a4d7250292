"""Gradient ascent on a small network whose favourites are known."""

import keras
import numpy as np
import pytest

from model.audio.spectrogram import log_mel_from_stft, mel_filterbank, stft
from model.constants import N_MELS
from model.genre_portraits.ascent import Climb, climb, levels_from, look_at
from model.genre_portraits.canvas import Canvas
from model.genre_portraits.loop import FINER, Loop


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """Scores how loud the low half is above the high half (class 0), and the other way round."""
    level = keras.Input((N_MELS, None, 1))
    halves = keras.layers.AveragePooling2D((N_MELS // 2, 1))(level)
    means = keras.layers.Reshape((2,))(
        keras.layers.GlobalAveragePooling2D()(keras.layers.Permute((2, 3, 1))(halves))
    )
    scores = keras.layers.Dense(2, use_bias=False)
    network = keras.Model(level, scores(means))
    scores.set_weights([np.array([[0.1, -0.1], [-0.1, 0.1]], np.float32)])
    return network


def halves(painted, canvas):
    level = 10 * np.log10(np.asarray(canvas.power(painted)))
    return level[:, : N_MELS // 2].mean(axis=(1, 2)), level[:, N_MELS // 2 :].mean(axis=(1, 2))


def test_each_climber_gets_to_what_its_class_likes(network):
    canvas = Canvas(Loop(2))
    low, high = halves(climb(network, canvas, [0, 1], Climb(moves=12, seed=0)), canvas)
    before_low, before_high = halves(canvas.start(np.random.default_rng(0)), canvas)
    assert (low - high)[0] > (before_low - before_high)[0] + 5
    assert (low - high)[1] < (before_low - before_high)[0] - 5


@pytest.mark.long
def test_the_same_seed_climbs_the_same_way(network):
    canvas = Canvas(Loop(2))
    first, again, other = (
        climb(network, canvas, [0], Climb(moves=3, seed=seed))[0] for seed in (1, 1, 2)
    )
    np.testing.assert_allclose(first, again, rtol=1e-3, atol=0.01)  # dB
    assert np.abs(first - other).max() > 1


def test_levels_are_those_of_the_front_end(music):
    spectrum = stft(music[:44_100])
    power = mel_filterbank() @ np.abs(spectrum) ** 2
    levels = np.asarray(levels_from(power[np.newaxis].astype(np.float32)))[0]
    expected = log_mel_from_stft(spectrum)
    audible = expected > -60
    np.testing.assert_allclose(levels[audible], expected[audible], atol=0.05)


def test_the_network_looks_between_frames_and_around_the_loop():
    ramp = np.arange(32, dtype=np.float32)[np.newaxis, np.newaxis]
    seen = np.asarray(look_at(ramp, 1.25, 9))[0, 0]
    np.testing.assert_allclose(seen, 1.25 + FINER * np.arange(9), rtol=1e-5)
    around = np.asarray(look_at(ramp, 1.25 + 32, 12))[0, 0]
    np.testing.assert_allclose(around[:9], seen, rtol=1e-4)
    assert around[10] == pytest.approx(1.25 + FINER * 10 - 32, abs=1e-3)
