"""From a map to sound: masks, complementary parts, one loudness for all."""

import io
import wave

import numpy as np
import pytest

from model.audio.masking import mask_for_stft, mask_from_relevance, mask_in_proportion, split
from model.audio.spectrogram import istft, mel_filterbank, mel_frequencies, stft
from model.constants import N_MELS, SAMPLE_RATE


@pytest.fixture
def some_mask(music):
    rng = np.random.default_rng(5)
    relevance = rng.standard_normal((N_MELS, stft(music).shape[1])).astype(np.float32)
    return mask_from_relevance(relevance, 0.3)


def pcm(data: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22050)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float) / 2**15


def test_a_mask_keeps_what_reaches_the_share_of_the_peak():
    relevance = np.array([[-5.0, 0.0, 0.3, 0.4, 0.5, 1.0]], np.float32)
    mask = mask_from_relevance(relevance, threshold=0.4, edge=0.1)
    np.testing.assert_allclose(mask, [[0, 0, 0, 0.5, 1, 1]], atol=1e-6)


def test_a_masks_scale_does_not_matter_and_its_edge_is_soft():
    relevance = np.linspace(0, 1, 1001, dtype=np.float32)[np.newaxis]
    mask = mask_from_relevance(relevance, 0.5, edge=0.2)
    scaled = mask_from_relevance(1e-9 * relevance, 0.5, edge=0.2)
    np.testing.assert_allclose(scaled, mask, atol=1e-4)
    assert (np.diff(mask[0]) >= -1e-6).all()
    assert np.diff(mask[0]).max() < 0.01


@pytest.mark.parametrize("threshold", [0.0, 0.02, 0.5, 0.98, 1.0])
@pytest.mark.parametrize("keep", [mask_from_relevance, mask_in_proportion])
def test_the_peak_is_kept_and_what_speaks_against_is_not_at_any_threshold(keep, threshold):
    relevance = np.array([[-1.0, 0.0, 1.0]], np.float32)
    np.testing.assert_allclose(keep(relevance, threshold), [[0, 0, 1]], atol=1e-6)


@pytest.mark.parametrize("relevance", [np.zeros((4, 5)), -np.ones((4, 5))])
@pytest.mark.parametrize("keep", [mask_from_relevance, mask_in_proportion])
def test_nothing_is_kept_where_nothing_speaks_for_the_class(keep, relevance):
    assert not keep(relevance.astype(np.float32)).any()


def test_in_proportion_half_is_kept_at_the_threshold_and_all_at_twice_that():
    relevance = np.array([[-5.0, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0]], np.float32)
    mask = mask_in_proportion(relevance, threshold=0.4)
    np.testing.assert_allclose(mask, [[0, 0, 0.25, 0.5, 0.75, 1, 1]], atol=1e-6)
    mask = mask_in_proportion(relevance, threshold=0.7)
    np.testing.assert_allclose(mask, [[0, 0, 0, 0, 1 / 3, 2 / 3, 1]], atol=1e-6)
    assert mask.dtype == np.float32


def test_in_proportion_a_threshold_out_of_range_is_refused():
    for threshold in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="threshold"):
            mask_in_proportion(np.ones((2, 2), np.float32), threshold)


@pytest.mark.parametrize("arguments", [(-0.1, 0.1), (1.1, 0.1), (float("nan"), 0.1), (0.4, 0.0)])
def test_a_threshold_or_edge_out_of_range_is_refused(arguments):
    with pytest.raises(ValueError, match=r"threshold|edge"):
        mask_from_relevance(np.ones((2, 2), np.float32), *arguments)


def test_a_constant_mask_stays_constant_on_the_stft():
    mask = np.full((N_MELS, 3), 0.7, np.float32)
    np.testing.assert_allclose(mask_for_stft(mask), 0.7, atol=1e-5)


def test_the_stft_mask_is_the_bands_weighted_mean():
    mask = np.random.default_rng(2).random((N_MELS, 4), np.float32)
    filters = mel_filterbank()
    covered = filters.sum(axis=0) > 0
    expected = (filters.T @ mask)[covered] / filters.sum(axis=0)[covered, np.newaxis]
    np.testing.assert_allclose(mask_for_stft(mask)[covered], expected, atol=1e-5)
    np.testing.assert_allclose(mask_for_stft(mask)[0], mask[0], atol=1e-5)


def test_kept_and_rest_are_the_original(music, some_mask):
    sounds = split(music, stft(music), some_mask)
    np.testing.assert_allclose(sounds.kept + sounds.rest, music, atol=1e-5)
    assert 0.01 < sounds.kept_share < 0.99


def test_the_rest_is_what_the_complementary_mask_keeps(music, some_mask):
    sounds = split(music, stft(music), some_mask)
    complement = istft((1 - mask_for_stft(some_mask)) * stft(music), len(music))
    np.testing.assert_allclose(sounds.rest, complement, atol=1e-5)


def test_masking_a_band_keeps_that_band_of_the_sound():
    seconds = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    low = 0.3 * np.sin(2 * np.pi * 300 * seconds).astype(np.float32)
    high = 0.3 * np.sin(2 * np.pi * 4_000 * seconds).astype(np.float32)
    spectrum = stft(low + high)
    mask = np.zeros((N_MELS, spectrum.shape[1]), np.float32)
    mask[mel_frequencies() < 1_000] = 1.0
    sounds = split(low + high, spectrum, mask)
    middle = slice(SAMPLE_RATE, 2 * SAMPLE_RATE)
    np.testing.assert_allclose(sounds.kept[middle], low[middle], atol=2e-3)
    np.testing.assert_allclose(sounds.rest[middle], high[middle], atol=2e-3)


def test_a_bed_is_the_rest_so_much_quieter_and_the_sum_stays_the_original(music, some_mask):
    alone = split(music, stft(music), some_mask)
    bedded = alone.with_bed(20.0)
    np.testing.assert_allclose(bedded.kept + bedded.rest, music, atol=1e-6)
    np.testing.assert_allclose(bedded.kept - alone.kept, 0.1 * alone.rest, atol=1e-6)


def test_all_three_sounds_share_one_gain_and_none_clips(some_mask, music):
    loud = music / np.abs(music).max() * 1.5
    sounds = split(loud, stft(loud), some_mask)
    assert sounds.gain < 1
    original, kept, rest = (pcm(sounds.wav(part)) for part in ("original", "kept", "rest"))
    np.testing.assert_allclose(kept + rest, original, atol=2 / 2**15)
    np.testing.assert_allclose(original, sounds.gain * loud, atol=1 / 2**15)


def test_quiet_music_is_not_made_louder(music, some_mask):
    quiet = 0.01 * music
    sounds = split(quiet, stft(quiet), some_mask)
    assert sounds.gain == 1.0
    np.testing.assert_allclose(pcm(sounds.wav("original")), quiet, atol=1 / 2**15)
