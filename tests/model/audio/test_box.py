"""A box on the spectrogram: its ends, what it keeps and what it holds."""

import numpy as np
import pytest

from model.audio.box import Region
from model.audio.spectrogram import mel_frequencies, stft
from model.constants import FINE_HOP, N_MELS, SAMPLE_RATE

FRAMES = 40


def test_neighbouring_boxes_meet():
    low, high = Region(0, 63, 0, 9), Region(64, N_MELS - 1, 10, FRAMES - 1)
    assert low.hertz[0] == low.seconds[0] == 0
    assert low.hertz[1] == high.hertz[0]
    assert low.seconds[1] == pytest.approx(high.seconds[0])
    assert high.hertz[1] == SAMPLE_RATE / 2


def test_its_cells_centres_lie_in_it():
    region = Region(20, 30, 5, 8)
    centres = mel_frequencies()
    low, high = region.hertz
    assert centres[19] < low < centres[20]
    assert centres[30] < high < centres[31]
    begin, end = region.seconds
    assert (end - begin) * SAMPLE_RATE == pytest.approx(4 * FINE_HOP)


def test_share_counts_only_what_speaks_for_the_class():
    relevance = np.full((N_MELS, FRAMES), -5, np.float32)
    relevance[10:20, 10:20] = 2
    relevance[40, 5] = 200
    assert Region(0, 29, 0, FRAMES - 1).share(relevance) == pytest.approx(0.5)
    assert Region(10, 14, 10, 19).share(relevance) == pytest.approx(0.25)
    assert Region(0, N_MELS - 1, 0, FRAMES - 1).share(relevance) == pytest.approx(1)
    assert Region(60, 70, 0, 5).share(relevance) == 0
    assert Region(60, 70, 0, 5).share(-np.abs(relevance)) == 0


def test_the_sound_of_a_box_is_the_sound_in_it():
    seconds = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    low, high = (np.sin(2 * np.pi * hertz * seconds).astype(np.float32) for hertz in (300, 5000))
    spectrum = stft(low + high)
    bands = np.searchsorted(mel_frequencies(), [200, 450])
    sounds = Region(bands[0], bands[1], 0, 85).split(low + high, spectrum)
    inner = slice(4096, -4096)
    np.testing.assert_allclose(sounds.kept[inner], low[inner], atol=1e-3)
    np.testing.assert_allclose(sounds.rest[inner], high[inner], atol=1e-3)


@pytest.mark.parametrize("cells", [(5, 4, 0, 1), (0, N_MELS, 0, 1), (-1, 4, 0, 1), (0, 1, 3, 2)])
def test_what_is_no_box_is_refused(cells):
    with pytest.raises(ValueError, match="no box"):
        Region(*cells)
