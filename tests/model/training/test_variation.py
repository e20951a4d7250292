"""Other versions of a clip's picture are what they say they are."""

import numpy as np
import pytest

from model.audio.spectrogram import mel_frequencies
from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.training.variation import Variation, vary


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def stripes() -> np.ndarray:
    """Silence with a tone at band 60 and a click at frame 40 of 81."""
    level = np.full((N_MELS, 81), -DYNAMIC_RANGE_DB, np.float32)
    level[60] = -10
    level[:, 40] = 0
    return level


def test_without_a_change_a_picture_stays_as_it_is():
    changed = vary(stripes(), Variation(equaliser_db=0.0), rng())
    np.testing.assert_allclose(changed, stripes(), atol=1e-4)


@pytest.mark.parametrize("pitch", [0.8, 1.25])
def test_pitch_moves_tones_and_not_clicks(pitch):
    changed = vary(stripes(), Variation(pitch=pitch, equaliser_db=0.0), rng())
    hertz = mel_frequencies()
    found = hertz[changed[:, 10].argmax()]
    spacing = hertz[61] - hertz[59]
    assert found == pytest.approx(pitch * hertz[60], abs=spacing)
    assert changed.shape == (N_MELS, 81)
    assert (changed[:100].argmax(axis=1) == 40).all()


@pytest.mark.parametrize("speed", [0.8, 1.25])
def test_speed_moves_clicks_and_not_tones(speed):
    changed = vary(stripes(), Variation(speed=speed, equaliser_db=0.0), rng())
    assert changed.shape == (N_MELS, int(80 / speed) + 1)
    assert changed[5].argmax() == pytest.approx(40 / speed, abs=0.5)
    assert changed[:, 10].argmax() == 60


def test_the_equaliser_colours_all_frames_alike():
    level = np.full((N_MELS, 8), -40, np.float32)
    changed = vary(level, Variation(equaliser_db=3.0), rng())
    np.testing.assert_allclose(changed, np.repeat(changed[:, :1], 8, axis=1))
    assert changed.max() == 0
    assert 3 < np.ptp(changed) < 25
    assert (vary(level, Variation(), rng()) == vary(level, Variation(), rng())).all()


def test_nothing_falls_below_the_range():
    level = np.linspace(-DYNAMIC_RANGE_DB, 0, N_MELS, dtype=np.float32)[:, np.newaxis]
    changed = vary(np.repeat(level, 9, axis=1), Variation(1.1, 0.9, 20.0), rng())
    assert changed.min() == -DYNAMIC_RANGE_DB
    assert changed.max() == 0
    assert changed.dtype == np.float32
