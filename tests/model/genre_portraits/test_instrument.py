"""The instrument: what its strokes are said to sound like is what they sound like."""

import numpy as np
import pytest

from model.audio.spectrogram import mel_filterbank, stft
from model.genre_portraits.instrument import Instrument, string_frequencies, tents
from model.genre_portraits.loop import STEPS, Loop
from model.genre_portraits.synthesis import render

SILENT = -200.0  # dB


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return Instrument(Loop(3))


@pytest.fixture
def nothing(instrument):
    """Playing with every stroke silent."""
    start = instrument.start(np.random.default_rng(0))
    return [np.full_like(start[0], SILENT), np.full_like(start[1], SILENT), start[2] * 0]


def mel_power(sound: np.ndarray) -> np.ndarray:
    return mel_filterbank() @ np.abs(stft(sound)) ** 2


def decibels(power: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(power, 1e-20))


def test_a_loop_is_whole_frames_and_steps_long():
    loop = Loop(6)
    assert loop.frames == STEPS * 6
    assert loop.samples == 512 * loop.frames
    assert loop.beats_per_minute == pytest.approx(107.67, abs=0.01)
    assert loop.repeats(6.5) * loop.samples / 22_050 >= 6.5


def test_a_stroke_falls_by_its_decay_and_goes_around():
    loop = Loop(4)
    slow = loop.decays(decay=0.5, attack=0.004)
    fall = 10 * np.log10(slow[0, 40] / slow[0, 20])
    assert fall == pytest.approx(-20 * np.log10(np.e) * 20 * 512 / 22_050 / 0.5, rel=0.01)
    np.testing.assert_allclose(slow[5], np.roll(slow[0], 20))


@pytest.mark.parametrize(("kind", "string"), [(0, 12), (1, 3), (2, 20)])
def test_a_string_sounds_as_its_model_says(instrument, nothing, kind, string):
    nothing[0][0, kind, string, [0, 8, 16, 24]] = -10.0
    nothing[2][0, kind] = np.linspace(6, -6, nothing[2].shape[2])
    said = instrument.full_power * np.asarray(instrument.power(nothing))[0]
    heard = mel_power(render(instrument, nothing, repeats=2, seed=0))
    frames = slice(instrument.loop.frames, 2 * instrument.loop.frames - 4)
    said, heard = decibels(said[:, : instrument.loop.frames - 4]), decibels(heard[:, frames])
    loud = said > said.max() - 30
    wrong = np.abs(said - heard)[loud]
    assert wrong.mean() < 1.0
    # What is left is the click of the stroke itself, in the bands between the harmonics.
    assert np.quantile(wrong, 0.95) < 3.0


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_a_drum_sounds_as_its_model_says(instrument, nothing, kind):
    nothing[1][0, kind, 6] = -20.0
    said = instrument.full_power * np.asarray(instrument.power(nothing))[0]
    heard = mel_power(render(instrument, nothing, repeats=4, seed=0))
    # Noise is what it is on average only.
    said, heard = decibels(said.mean(axis=1)), decibels(heard.mean(axis=1))
    inside = said > said.max() - 6
    assert np.abs(said - heard)[inside].max() < 1.5


def test_strings_are_tuned_and_their_bands_cover_the_axis():
    frequencies = string_frequencies()
    assert frequencies[0] == pytest.approx(55.0)
    assert frequencies[-1] == pytest.approx(55.0 * 2**5)
    np.testing.assert_allclose(tents(12).sum(axis=0), 1.0, atol=1e-6)


def test_up_to_three_strings_at_once_cost_nothing(instrument, nothing):
    nothing[0][0, 1, [4, 9, 14]] = 0.0
    assert float(np.asarray(instrument.penalty(nothing))[0]) == pytest.approx(0.0, abs=1e-4)
    nothing[0][0, 1, 4:16] = 0.0
    assert float(np.asarray(instrument.penalty(nothing))[0]) == pytest.approx(np.log(4), abs=1e-3)
