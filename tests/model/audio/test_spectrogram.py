"""The front end: librosa's own figures, the training pictures, and the way back to sound."""

import librosa
import numpy as np
import pytest

from model.audio.spectrogram import (
    frame_times,
    istft,
    log_mel,
    mel_filterbank,
    mel_frequencies,
    mel_points,
    stft,
)
from model.constants import FINE_HOP, N_FFT, N_MELS, NETWORK_HOP, SAMPLE_RATE


def test_the_front_end_is_librosas_mel_spectrogram(music):
    power = librosa.feature.melspectrogram(
        y=music, sr=SAMPLE_RATE, n_fft=N_FFT, hop_length=NETWORK_HOP, n_mels=N_MELS
    )
    expected = librosa.power_to_db(power, ref=np.max, top_db=80)
    level = log_mel(music)
    assert level.dtype == np.float32
    np.testing.assert_allclose(level, expected, atol=1e-2)


@pytest.mark.parametrize("hop_length", [FINE_HOP, NETWORK_HOP])
def test_spectra_and_filters_are_librosas(music, hop_length):
    spectrum = librosa.stft(music, n_fft=N_FFT, hop_length=hop_length)
    np.testing.assert_allclose(stft(music, hop_length), spectrum, atol=1e-4)
    filters = librosa.filters.mel(sr=SAMPLE_RATE, n_fft=N_FFT, n_mels=N_MELS)
    np.testing.assert_allclose(mel_filterbank(), filters, atol=1e-6 * filters.max())
    points = librosa.mel_frequencies(n_mels=98, fmin=0.0, fmax=8000.0)
    np.testing.assert_allclose(mel_points(98, 8000.0), points, rtol=1e-9)


@pytest.mark.parametrize("length", [60_000, 100_000, 200_000])
def test_the_way_back_of_any_spectrum_is_librosas(music, length):
    changed = (stft(music) * np.linspace(0, 1, N_FFT // 2 + 1)[:, np.newaxis]).astype(np.complex64)
    expected = librosa.istft(changed, n_fft=N_FFT, hop_length=FINE_HOP, length=length)
    np.testing.assert_allclose(istft(changed, length), expected, atol=1e-5)


def test_thirty_seconds_have_the_pictures_387_frames():
    assert log_mel(np.ones(30 * SAMPLE_RATE, np.float32)).shape == (128, 387)


def test_levels_do_not_depend_on_loudness(music):
    np.testing.assert_allclose(log_mel(music), log_mel(0.001 * music), atol=1e-2)
    assert log_mel(music).max() == 0.0
    assert log_mel(music).min() >= -80.0


def test_silence_has_the_lowest_level_everywhere():
    assert (log_mel(np.zeros(SAMPLE_RATE, np.float32)) == -80.0).all()


def test_a_tone_lights_the_band_at_its_frequency():
    seconds = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    level = log_mel(np.sin(2 * np.pi * 2_000 * seconds).astype(np.float32))
    brightest = mel_frequencies()[level.mean(axis=1).argmax()]
    assert brightest == pytest.approx(2_000, rel=0.02)


@pytest.mark.parametrize("samples", [SAMPLE_RATE, 66_151, 70_000])
def test_the_way_back_gives_the_waveform(samples):
    waveform = np.random.default_rng(3).standard_normal(samples).astype(np.float32) * 0.1
    np.testing.assert_allclose(istft(stft(waveform), samples), waveform, atol=1e-5)


def test_frames_are_centred_at_their_times():
    click = np.zeros(3 * SAMPLE_RATE, np.float32)
    click[SAMPLE_RATE] = 1.0
    level = log_mel(click, FINE_HOP)
    times = frame_times(level.shape[1])
    assert times[level.mean(axis=0).argmax()] == pytest.approx(1.0, abs=FINE_HOP / SAMPLE_RATE)


def test_the_shared_tables_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        mel_filterbank()[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        mel_frequencies()[0] = 1.0


@pytest.mark.data
def test_real_audio_gives_the_stored_pictures(gtzan):
    from model.audio.clip import decode  # noqa: PLC0415
    from model.gtzan.pictures import load_pictures  # noqa: PLC0415

    pictures = load_pictures(gtzan)
    for name in ("blues.00003", "jazz.00010", "rock.00000"):
        path = gtzan / "clips" / f"{name}.ogg"
        level = log_mel(decode(path.read_bytes()).waveform)
        picture = pictures.of([name]).levels(0)
        frames = min(level.shape[1], picture.shape[1])
        difference = level[:, :frames] - picture[:, :frames]
        # The frames of the two fall between each other, hence not 0.
        assert np.abs(difference).mean() < 4.0
        assert abs(difference.mean()) < 2.0
        assert np.corrcoef(level[:, :frames].ravel(), picture[:, :frames].ravel())[0, 1] > 0.95


def test_a_beat_is_no_click_however_short_its_strokes_are():
    """Every half second a stroke of 10 ms, 40 dB above soft noise: what drums alone leave."""
    rng = np.random.default_rng(2)
    sound = rng.normal(scale=1e-3, size=6 * SAMPLE_RATE).astype(np.float32)
    strokes = np.arange(SAMPLE_RATE // 4, len(sound), SAMPLE_RATE // 2)
    for start in strokes:
        sound[start : start + 220] += rng.normal(scale=0.1, size=220).astype(np.float32)
    for hop_length in (NETWORK_HOP, FINE_HOP):
        level = log_mel(sound, hop_length)
        at_strokes = level[:, np.rint(strokes / hop_length).astype(int)].max(axis=0)
        assert level.max() == 0
        assert (at_strokes > np.median(level) + 20).all()
