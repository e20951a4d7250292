"""What the tagger is given: its bands, its frames and its one loudness."""

import librosa
import numpy as np
import soxr

from model.audio.musicnn_spectrogram import (
    MUSICNN_BANDS,
    MUSICNN_HOP,
    MUSICNN_RATE,
    musicnn_log_mel,
)
from model.constants import SAMPLE_RATE


def test_levels_are_those_of_its_authors_front_end_at_one_loudness(music):
    levels = musicnn_log_mel(music)
    resampled = soxr.resample(music, SAMPLE_RATE, MUSICNN_RATE)
    power = librosa.feature.melspectrogram(
        y=resampled, sr=MUSICNN_RATE, n_fft=512, hop_length=MUSICNN_HOP, n_mels=MUSICNN_BANDS
    )
    assert levels.shape == power.shape
    ours = (10**levels - 1) / 10_000
    inside = slice(3, -3)
    gain = np.median(ours[:, inside] / power[:, inside])
    loud = power[:, inside] > 1e-3 * power.max()
    np.testing.assert_allclose(ours[:, inside][loud], gain * power[:, inside][loud], rtol=2e-3)
    loudness = np.sqrt(gain) * np.sqrt(np.mean(np.square(resampled)))
    assert 0.07 < loudness < 0.14


def test_gain_and_a_constant_offset_change_nothing(music):
    levels = musicnn_log_mel(music)
    np.testing.assert_allclose(musicnn_log_mel(0.01 * music), levels, atol=1e-3)
    with_offset = musicnn_log_mel(0.3 * music + np.float32(0.4))
    np.testing.assert_allclose(with_offset[:, 5:-5], levels[:, 5:-5], atol=0.05)


def test_silence_is_nothing():
    assert not musicnn_log_mel(np.zeros(SAMPLE_RATE, np.float32)).any()
