"""Other versions of a recording are what they say they are, and are drawn anew each time."""

from dataclasses import replace

import numpy as np
import pytest

from model.constants import SAMPLE_RATE
from model.training.sound_variation import (
    SoundVariation,
    changed_speed,
    coded,
    compressed,
    noise_like,
    room_response,
    spectral_curve,
    vary_sound,
)

NOTHING = SoundVariation(*12 * (0,))
HERTZ = np.linspace(0, SAMPLE_RATE / 2, 1001).astype(np.float32)


def rng(*seed: int) -> np.random.Generator:
    return np.random.default_rng(seed or 0)


def peak_hz(waveform: np.ndarray) -> float:
    return float(np.abs(np.fft.rfft(waveform)).argmax()) * SAMPLE_RATE / len(waveform)


def at_peak(waveform: np.ndarray) -> np.ndarray:
    return waveform / np.abs(waveform).max()


def test_without_a_change_only_the_gain_is_another(music):
    for seed in range(4):
        changed = vary_sound(music, NOTHING, rng(seed))
        np.testing.assert_allclose(at_peak(changed), at_peak(music), atol=1e-3)


def test_two_versions_of_one_recording_differ_and_a_seed_repeats_one(music):
    how = SoundVariation(codec=0.0)
    first, again, second = (vary_sound(music, how, rng(*seed)) for seed in ((7, 1), (7, 1), (7, 2)))
    np.testing.assert_array_equal(first, again)
    assert first.shape != second.shape or np.abs(first - second).max() > 0.01


def test_every_change_really_happens(music):
    lengths = len(music)
    plain = at_peak(vary_sound(music, NOTHING, rng(3)))
    for name in ("compression", "band_limit", "phone", "noise", "room", "codec", "click", "offset"):
        changed = vary_sound(music, replace(NOTHING, **{name: 1.0}), rng(3))
        size = min(len(changed), lengths)
        assert np.abs(at_peak(changed)[:size] - plain[:size]).max() > 0.01, name
    for name in ("equaliser_db", "tilt_db"):
        changed = vary_sound(music, replace(NOTHING, **{name: 6.0}), rng(3))
        assert np.abs(at_peak(changed) - plain).max() > 0.01, name
    assert len(vary_sound(music, replace(NOTHING, silence=1.0), rng(3))) > lengths
    assert len({len(vary_sound(music, replace(NOTHING, speed=0.1), rng(i))) for i in range(6)}) > 1


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_speed_moves_pitch_and_length(tone, factor):
    faster = changed_speed(tone, factor)
    assert len(faster) == pytest.approx(len(tone) / factor, abs=2)
    assert peak_hz(faster) == pytest.approx(440 * factor, abs=1)


def test_compression_brings_loud_and_quiet_together(tone):
    quiet_then_loud = np.concatenate([0.05 * tone, tone])
    squeezed = compressed(quiet_then_loud, ratio=4.0, threshold_db=-20.0)
    assert np.abs(squeezed).max() == pytest.approx(np.abs(tone).max(), rel=1e-3)
    half = len(tone)
    before = 20 * np.log10(np.std(tone) / np.std(0.05 * tone))
    after = 20 * np.log10(np.std(squeezed[half:]) / np.std(squeezed[:half]))
    # 26 dB apart, of which the upper 20 are divided by four.
    assert before == pytest.approx(26.0, abs=0.1)
    assert after == pytest.approx(11.0, abs=0.5)


def test_a_band_limit_takes_the_highs_away():
    how = replace(NOTHING, band_limit=1.0)
    for seed in range(8):
        curve = spectral_curve(HERTZ, how, rng(seed))
        decibels = 20 * np.log10(np.maximum(curve, 1e-6))
        assert decibels[HERTZ > 10_500].max() < -18
        assert abs(decibels[np.abs(HERTZ - 1_500).argmin()]) < 0.5


def test_the_equaliser_is_smooth_and_as_strong_as_it_is_told_to_be():
    how = replace(NOTHING, equaliser_db=3.0)
    curves = np.stack([20 * np.log10(spectral_curve(HERTZ, how, rng(i))) for i in range(200)])
    assert curves[:, 40:].std() == pytest.approx(3.0, abs=0.7)
    assert np.abs(np.diff(curves, axis=1)).max() < 3.0


@pytest.mark.parametrize("ratio", [10.0, 30.0])
def test_noise_lies_as_far_below_as_it_should(music, ratio):
    for seed in range(4):
        noise = noise_like(music, ratio, rng(seed))
        found = 10 * np.log10(np.square(music).mean() / np.square(noise).mean())
        assert found == pytest.approx(ratio, abs=0.01)


def test_a_room_answers_later_and_dies_away():
    response = room_response(0.5, -6.0, rng())
    assert response[0] == 1.0
    assert np.square(response[1:]).sum() == pytest.approx(10**-0.6, rel=1e-3)
    early, late = np.array_split(np.square(response[1:]), 2)
    assert late.sum() < 0.05 * early.sum()


@pytest.mark.parametrize("codec", [0, 1])
def test_a_codec_keeps_the_music_and_loses_a_little(music, codec):
    decoded = coded(0.5 * music, codec, 0.92)
    assert len(decoded) == pytest.approx(len(music), abs=0.1 * SAMPLE_RATE)
    spectra = [np.abs(np.fft.rfft(wave, 2**17))[:20_000] for wave in (0.5 * music, decoded)]
    likeness = np.corrcoef(spectra)[0, 1]
    assert 0.9 < likeness < 0.99999
