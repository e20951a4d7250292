"""What carries a score, on maps and sounds whose figures are known."""

import numpy as np
import pytest

from model.audio.spectrogram import mel_frequencies
from model.constants import N_MELS
from model.genre_portraits.tracks import (
    FRAME_RATE,
    RANGE_EDGES_HZ,
    measure,
    percussive_share,
    pulse_of,
    rates,
    relevant_onsets,
    rhythm_of,
)

ROWS, COLUMNS, FRAMES = 32, 48, 384


def drawn(cells: np.ndarray) -> np.ndarray:
    return np.kron(cells, np.ones((N_MELS // ROWS, FRAMES // COLUMNS))).astype(np.float32)


def beats(rate: float) -> np.ndarray:
    """Levels that jump up at a rate in Hz, and fall slowly."""
    phase = (np.arange(FRAMES) / FRAME_RATE * rate) % 1
    return np.tile((-40 - 30 * phase).astype(np.float32), (N_MELS, 1))


def test_relevance_is_found_in_its_range():
    cells = np.zeros((ROWS, COLUMNS), np.float32)
    cells[20] = 1.0
    portrait = measure(cells, drawn(cells), beats(2.0), right=True)
    bands = mel_frequencies()[80:84]
    index = int(np.digitize(bands, RANGE_EDGES_HZ)[0] - 1)
    assert portrait.profile[20] == pytest.approx(1.0)
    assert portrait.ranges[index] == pytest.approx(1.0)
    assert portrait.ranges.sum() == pytest.approx(1.0)
    assert portrait.rates.sum() == pytest.approx(1.0)
    assert portrait.coming_and_going == pytest.approx(0.0, abs=1e-6)
    assert portrait.gini == pytest.approx(1 - 1 / ROWS)


def test_relevance_half_of_the_time_comes_and_goes():
    cells = np.zeros((ROWS, COLUMNS), np.float32)
    cells[:, ::2] = 1.0
    portrait = measure(cells, drawn(cells), beats(2.0), right=False)
    assert portrait.coming_and_going == pytest.approx(1.0)
    assert portrait.gini == pytest.approx(0.5)


@pytest.mark.parametrize("rate", [1.0, 2.0, 4.0])
def test_rhythm_peaks_at_the_beat(rate):
    rhythm = rhythm_of(relevant_onsets(np.ones((N_MELS, FRAMES), np.float32), beats(rate), ROWS))
    assert rhythm.shape == (ROWS, len(rates()))
    strong = rates()[rhythm.sum(axis=0) > 0.5 * rhythm.sum(axis=0).max()]
    # A train of onsets has its rate and the multiples of it.
    assert np.abs(strong / rate - np.rint(strong / rate)).max() * rate < 0.25
    assert np.abs(strong - rate).min() < 0.15


def test_onsets_count_only_where_there_is_relevance():
    relevance = np.zeros((N_MELS, FRAMES), np.float32)
    relevance[:4] = 1.0
    onsets = relevant_onsets(relevance, beats(2.0), ROWS)
    assert onsets[0].any()
    assert not onsets[1:].any()


def test_pulse_tells_a_beat_from_chance():
    beat = np.maximum(np.diff(beats(2.0)[0]), 0)
    chance = np.random.default_rng(0).random(FRAMES)
    assert pulse_of(beat) > 0.6
    assert pulse_of(chance) < 0.3
    assert pulse_of(np.ones(FRAMES)) == 0.0


def test_clicks_are_percussive_and_tones_are_not():
    clicks = np.full((N_MELS, FRAMES), -80.0, np.float32)
    clicks[:, ::32] = 0.0
    tones = np.full((N_MELS, FRAMES), -80.0, np.float32)
    tones[::24] = 0.0
    assert percussive_share((clicks > -1).astype(np.float32), clicks) > 0.95
    assert percussive_share((tones > -1).astype(np.float32), tones) < 0.05


def test_silence_has_no_rhythm():
    still = np.zeros((ROWS, FRAMES))
    assert not rhythm_of(still).any()
    assert pulse_of(still.sum(axis=0)) == 0.0
