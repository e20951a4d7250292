"""What YAMNet is given: its bands, its frames and its one loudness."""

import numpy as np
import pytest

from model.audio.yamnet_spectrogram import (
    YAMNET_BANDS,
    YAMNET_HOP,
    YAMNET_RATE,
    yamnet_filterbank,
    yamnet_log_mel,
)
from model.constants import SAMPLE_RATE

BINS_HZ = np.linspace(0, YAMNET_RATE / 2, 257)


def centre_hz(band: int) -> float:
    """Centre of a band by the formula of the HTK mel scale."""
    low, high = (1127 * np.log(1 + hz / 700) for hz in (125.0, 7500.0))
    return float(700 * (np.exp((low + (band + 1) * (high - low) / 65) / 1127) - 1))


def test_filters_are_triangles_between_their_neighbours_centres():
    filters = yamnet_filterbank()
    assert filters.shape == (YAMNET_BANDS, 257)
    assert filters.max() <= 1.0
    assert not filters[:, BINS_HZ < 125.0].any()
    assert not filters[:, BINS_HZ > 7500.0].any()
    for band in (20, 40, 62):
        inside = np.flatnonzero(filters[band])
        assert BINS_HZ[inside[0]] >= centre_hz(band - 1)
        assert BINS_HZ[inside[-1]] <= centre_hz(band + 1)
        assert abs(BINS_HZ[filters[band].argmax()] - centre_hz(band)) <= YAMNET_RATE / 512


@pytest.mark.parametrize("band", [10, 30, 50])
def test_a_tone_is_loudest_in_its_band(band):
    t = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * centre_hz(band) * t).astype(np.float32)
    levels = yamnet_log_mel(tone)
    assert levels.shape == (YAMNET_BANDS, 1 + (3 * YAMNET_RATE - 400) // YAMNET_HOP)
    assert (levels[:, 20:-20].argmax(axis=0) == band).all()


def test_gain_and_a_constant_offset_change_nothing(music):
    levels = yamnet_log_mel(music)
    np.testing.assert_allclose(yamnet_log_mel(0.01 * music), levels, atol=1e-3)
    with_offset = yamnet_log_mel(0.3 * music + np.float32(0.4))
    # The first and last frames hear the resampler's edges.
    np.testing.assert_allclose(with_offset[:, 5:-5], levels[:, 5:-5], atol=0.02)


def test_silence_around_and_a_click_change_the_loudness_little(music):
    levels = yamnet_log_mel(music)
    quiet = 0.05 * music
    padded = np.concatenate([np.zeros(10 * SAMPLE_RATE, np.float32), quiet])
    inside = yamnet_log_mel(padded)[:, -levels.shape[1] :]
    assert np.abs(np.median(inside - levels)) < 0.15
    clicked = quiet.copy()
    clicked[60_000] = 1.0
    assert np.abs(np.median(yamnet_log_mel(clicked) - levels)) < 0.1


def test_silence_is_at_the_floor():
    levels = yamnet_log_mel(np.zeros(SAMPLE_RATE, np.float32))
    np.testing.assert_allclose(levels, np.log(0.001), rtol=1e-5)
