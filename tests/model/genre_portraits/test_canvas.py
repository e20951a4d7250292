"""A free spectrogram, and its way to sound."""

import numpy as np
import pytest

from model.audio.spectrogram import mel_filterbank, stft
from model.constants import N_MELS
from model.genre_portraits.canvas import BRUSHES, Canvas, bins_from_bands, griffin_lim
from model.genre_portraits.loop import Loop


def test_bins_are_found_that_give_the_bands():
    bins = np.random.default_rng(0).exponential(size=(mel_filterbank().shape[1], 6))
    power = (mel_filterbank() @ bins).astype(np.float32)
    found = bins_from_bands(power)
    assert found.min() > 0
    assert np.abs(10 * np.log10((mel_filterbank() @ found) / power)).mean() < 0.5


def test_sound_has_the_spectrogram_it_was_made_from(tone):
    power = mel_filterbank() @ np.abs(stft(tone[: 40 * 512])) ** 2
    sound = griffin_lim(power.astype(np.float32), seed=0)
    assert len(sound) == 40 * 512
    heard = mel_filterbank() @ np.abs(stft(sound)) ** 2
    # Nearly all of a tone's power lies in the same bands as before.
    shares = [array[:, 5:-5].sum(axis=1) / array[:, 5:-5].sum() for array in (power, heard)]
    assert np.abs(shares[0] - shares[1]).sum() < 0.1
    assert heard[:, 5:-5].sum() == pytest.approx(power[:, 5:-5].sum(), rel=0.2)


def test_a_flat_stroke_paints_a_flat_picture():
    canvas = Canvas(Loop(1))
    painted = [
        np.zeros((2, N_MELS // bands, canvas.loop.frames // frames), np.float32)
        for bands, frames in BRUSHES
    ]
    painted[0][1] = -30.0
    power = np.asarray(canvas.power(painted))
    assert power.shape == (2, N_MELS, canvas.loop.frames)
    np.testing.assert_allclose(10 * np.log10(power[1]), -30.0, atol=1e-3)
    assert not np.asarray(canvas.penalty(painted)).any()
