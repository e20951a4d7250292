"""Each alteration does to a sound what its name says."""

import numpy as np
import pytest

from model.audio.clip import AudioError, decode
from model.constants import SAMPLE_RATE
from model.evaluation.verdicts import alterations
from model.evaluation.verdicts.alterations import (
    ALTERATIONS,
    amplified,
    as_mp3,
    band_limited,
    by_phone,
    played_at,
    with_noise,
)


def power(waveform: np.ndarray) -> float:
    return float(np.mean(np.square(waveform, dtype=np.float64)))


def tone(hertz: float, seconds: float = 4.0) -> np.ndarray:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (0.25 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def test_every_alteration_gives_a_file_that_the_app_reads(music):
    rng = np.random.default_rng(0)
    for alteration in ALTERATIONS:
        clip = decode(alteration.encode(music, rng))
        speed = float(alteration.key.removeprefix("speed")) if "speed" in alteration.key else 1.0
        assert clip.seconds == pytest.approx(len(music) / SAMPLE_RATE / speed, abs=0.1)
    assert len({alteration.key for alteration in ALTERATIONS}) == len(ALTERATIONS) == 8


def test_mp3_is_small_and_sounds_alike(music):
    data = as_mp3(music)
    assert len(data) == pytest.approx(64_000 / 8 * len(music) / SAMPLE_RATE, rel=0.1)
    decoded = decode(data).waveform[: len(music)]
    one, other = (np.abs(np.fft.rfft(wave, 2**17)) for wave in (decoded, music))
    assert np.corrcoef(one, other)[0, 1] > 0.95


def test_without_ffmpeg_the_message_says_what_to_install(music, monkeypatch):
    monkeypatch.setattr(alterations, "find_ffmpeg", lambda: None)
    with pytest.raises(AudioError, match="imageio-ffmpeg"):
        as_mp3(music)


def test_the_band_limit_keeps_what_is_below_and_cuts_what_is_above():
    kept, cut = band_limited(tone(2_000)), band_limited(tone(6_000))
    assert power(kept) == pytest.approx(power(tone(2_000)), rel=0.01)
    assert power(cut) < 1e-4 * power(tone(6_000))


def test_a_telephone_keeps_the_middle_only():
    kept = by_phone(tone(1_000))
    assert power(kept) == pytest.approx(power(tone(1_000)), rel=0.05)
    assert power(by_phone(tone(80))) < 1e-3 * power(tone(80))
    assert power(by_phone(tone(6_000))) < 1e-3 * power(tone(6_000))
    # 8 bits: no more than 256 different samples.
    assert len(np.unique(kept)) <= 256


def test_noise_lies_as_far_below_as_it_says():
    clean = tone(440)
    noise = with_noise(clean, np.random.default_rng(1), 20.0) - clean
    assert 10 * np.log10(power(clean) / power(noise)) == pytest.approx(20.0, abs=0.1)


def test_the_same_seed_makes_the_same_noise():
    one, same, other = (with_noise(tone(440), np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_gain_is_exact_until_it_clips():
    np.testing.assert_allclose(amplified(tone(440), -12.0), tone(440) * 10**-0.6, rtol=1e-5)
    loud = amplified(tone(440), 18.0)
    assert np.abs(loud).max() == 1.0
    assert (np.abs(loud) == 1.0).mean() > 0.3


@pytest.mark.parametrize("speed", [0.9, 1.1])
def test_speed_moves_length_and_pitch(speed):
    played = played_at(tone(1_000), speed)
    assert len(played) == pytest.approx(len(tone(1_000)) / speed, abs=2)
    peak = np.abs(np.fft.rfft(played)).argmax() * SAMPLE_RATE / len(played)
    assert peak == pytest.approx(1_000 * speed, abs=1)
