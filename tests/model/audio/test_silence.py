"""Silence decides nothing: not its place, not its length, not the hiss in it."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from model.analysis import Analysis, analyse
from model.audio.clip import AudioError, Clip, decode
from model.audio.excerpt import prepare, sound_after, sound_start
from model.audio.silence import (
    Reading,
    reading_of,
    repeated_sound,
    runs_of,
    sounding_frames,
    sounding_stretches,
)
from model.audio.spectrogram import log_mel, log_mel_from_stft, stft
from model.constants import COLUMN_FRAMES, GENRES, N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.explain.cam import cam
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from tests.conftest import ROOT

SILENCE = np.zeros(12 * SAMPLE_RATE, np.float32)


@pytest.fixture(scope="module")
def samples() -> dict[str, np.ndarray]:
    """The shipped samples' first 18 s, by genre: with 12 s of silence they fill a window."""
    return {
        genre: decode((ROOT / "assets" / "samples" / f"{genre}.ogg").read_bytes()).waveform[
            : 18 * SAMPLE_RATE
        ]
        for genre in GENRES
    }


def analysed(waveform: np.ndarray, start: float = 0.0) -> Analysis:
    return analyse(prepare(Clip(waveform, "clip.wav", "0" * 64), start), load_classifier())


@pytest.fixture(scope="module")
def alone(samples: dict[str, np.ndarray]) -> Callable[[str], Analysis]:
    """What the network makes of a sample with nothing around it, asked once."""
    return cache(lambda genre: analysed(samples[genre]))


def pulses(*stretches: tuple[int, int], frames: int = 120) -> np.ndarray:
    """A picture at -10 dB in some stretches of frames and at the bottom elsewhere."""
    levels = np.full((N_MELS, frames), -80, np.float32)
    for first, end in stretches:
        levels[:, first:end] = -10
    return levels


def test_runs_begin_and_end_where_flags_do():
    assert runs_of(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs_of(np.zeros(3, bool)) == []


def test_a_rest_belongs_to_the_music_and_a_silence_does_not():
    sounding = sounding_frames(pulses((20, 60), (68, 120)))
    assert runs_of(sounding) == [(20, 120)]


def test_nothing_but_silence_is_no_silence():
    assert sounding_frames(pulses()).all()
    assert reading_of(pulses(), COLUMN_FRAMES) is None
    assert sounding_stretches(np.zeros(5 * SAMPLE_RATE, np.float32)) == []


def test_a_picture_without_silence_is_read_as_it_is(music):
    assert reading_of(log_mel(music), COLUMN_FRAMES) is None
    assert load_classifier().predict(log_mel(music)).silent is None


def test_columns_in_silence_are_left_out_and_the_others_keep_their_places():
    reading = reading_of(pulses((42, 100)), COLUMN_FRAMES)
    assert reading is not None
    # Of column 10 two frames are silent: the first that sounds stands for them.
    assert reading.frames.tolist() == [42, 42, *range(42, 100)]
    assert reading.columns.tolist() == list(range(10, 25))
    assert reading.n_columns == 30


def test_the_network_gets_at_least_what_it_needs():
    reading = reading_of(pulses((50, 60)), COLUMN_FRAMES)
    assert reading is not None
    assert len(reading.frames) >= 39
    assert set(range(50, 60)) <= set(reading.frames.tolist())


def test_maps_and_derivatives_go_where_they_belong():
    reading = Reading(np.array([4, 4, 5, 6, 7, 8, 9, 10]), np.array([1, 2]), 4)
    maps = np.arange(1, 5, dtype=np.float32).reshape(1, 2, 2)
    whole = reading.whole_map(maps)
    np.testing.assert_allclose(whole.mean(axis=(0, 1)), maps.mean(axis=(0, 1)))
    assert (whole[:, [0, 3]] == 0).all()
    # A frame that is read twice counts twice.
    gradient = reading.whole_gradient(np.ones((1, 8), np.float32), 12)
    assert gradient[0].tolist() == [0, 0, 0, 0, 2, 1, 1, 1, 1, 1, 1, 0]
    by_map = reading.whole_map_gradient(np.ones((1, 2, 2), np.float32))
    assert (by_map * whole).sum() == pytest.approx(maps.sum())


def test_a_training_picture_is_as_long_without_its_silence():
    levels = pulses((40, 100))
    levels[3, 40:100] = -np.arange(60)
    whole = repeated_sound(levels)
    assert whole.shape == levels.shape
    assert whole[3].tolist() == (2 * (-np.arange(60)).tolist())


def test_where_the_sound_begins_is_known(samples):
    late = np.concatenate([SILENCE, SILENCE, SILENCE, samples["pop"]])
    clip = Clip(late, "clip.wav", "0" * 64)
    assert sound_start(clip) == 36
    with pytest.raises(AudioError) as raised:
        prepare(clip, 2.0)
    assert raised.value.code == "silent"
    assert sound_after(clip, 2.0) == 36
    assert sound_after(clip, 40.0) is None
    assert sound_start(Clip(samples["pop"], "clip.wav", "0" * 64)) == 0


@pytest.mark.parametrize(
    "genre",
    [*GENRES[:2], *(pytest.param(genre, marks=pytest.mark.long) for genre in GENRES[2:])],
)
def test_silence_around_a_sample_keeps_its_verdict(samples, alone, genre):
    expected = alone(genre).prediction
    before = analysed(np.concatenate([SILENCE, samples[genre]])).prediction
    behind = analysed(np.concatenate([samples[genre], SILENCE])).prediction
    for other in (before, behind):
        assert other.logits.argmax() == expected.logits.argmax()
        # A soft end may lose a column to the silence behind it.
        np.testing.assert_allclose(other.probabilities, expected.probabilities, atol=0.1)


@pytest.mark.long
def test_hiss_before_the_music_is_silence_too(samples, alone):
    noise = np.random.default_rng(0).standard_normal(len(SILENCE))
    for genre in ("classical", "disco", "rock"):
        music = samples[genre]
        hiss = (noise * 10 ** (-60 / 20) * np.sqrt(np.square(music).mean())).astype(np.float32)
        heard = analysed(np.concatenate([hiss, music])).prediction
        assert heard.silent is not None
        assert heard.logits.argmax() == alone(genre).prediction.logits.argmax()


def test_the_map_is_complete_on_what_counts_and_empty_in_silence(samples, alone):
    rock = samples["rock"]
    gap = np.concatenate([rock[: 8 * SAMPLE_RATE], SILENCE, rock[8 * SAMPLE_RATE :]])
    analysis = analysed(gap)
    prediction, classifier = analysis.prediction, analysis.classifier
    maps = cam(prediction.feature_maps, classifier.kernel)
    np.testing.assert_allclose(
        maps.mean(axis=(1, 2)) + classifier.bias, prediction.logits, atol=1e-3
    )
    assert not prediction.counts.all()
    assert (maps[:, :, ~prediction.counts] == 0).all()
    assert prediction.logits.argmax() == alone("rock").prediction.logits.argmax()
    fine = analysis.map("fine", "rock").values
    silent = slice(round(9 * SAMPLE_RATE / NETWORK_HOP), round(19 * SAMPLE_RATE / NETWORK_HOP))
    assert (fine[:, silent] == 0).all()
    assert (fine > 0).any()


def test_the_fine_map_is_that_of_the_music_alone(samples, alone):
    late = analysed(np.concatenate([SILENCE, samples["jazz"]]))
    expected, found = (one.map("fine", "jazz").values for one in (alone("jazz"), late))
    place = np.flatnonzero(late.prediction.counts)[0] * COLUMN_FRAMES
    width = min(expected.shape[1], found.shape[1] - place)
    moved = found[:, place : place + width]
    assert np.corrcoef(moved.ravel(), expected[:, :width].ravel())[0, 1] > 0.95


def test_an_excerpt_that_begins_silent_is_moved_onto_the_grid(samples):
    waveform = np.concatenate([SILENCE, samples["pop"]])
    excerpt = prepare(Clip(waveform, "clip.wav", "0" * 64))
    assert 0 <= excerpt.start < COLUMN_FRAMES * NETWORK_HOP / SAMPLE_RATE
    assert excerpt.sound is not None
    assert excerpt.sound[0] % (COLUMN_FRAMES * NETWORK_HOP) == 0
    first = round(excerpt.start * SAMPLE_RATE)
    np.testing.assert_array_equal(excerpt.waveform, waveform[first : first + 30 * SAMPLE_RATE])
    assert excerpt.levels.shape[1] == 1 + len(excerpt.waveform) // NETWORK_HOP


@pytest.mark.long
def test_the_shipped_networks_have_cells_of_four_frames():
    for name in ("earmark-random", "earmark-filtered"):
        classifier: Classifier = load_classifier(name)
        assert classifier.grid.frame_stride == COLUMN_FRAMES


def clicking(music: np.ndarray, *times: float) -> np.ndarray:
    """A recording 40 dB down, with clicks of 30 samples at full scale."""
    quiet = 0.01 * music
    for time in times:
        quiet[round(time * SAMPLE_RATE) :][:30] = 1.0
    return quiet


@pytest.mark.parametrize("times", [(5.0,), (0.0,), (0.0, 2.0, 2.2, 9.0)])
def test_clicks_set_no_reference(samples, times):
    music = samples["rock"]
    plain, clicked = log_mel(music), log_mel(clicking(music, *times))
    assert np.abs(clicked - plain).mean() < 0.5
    assert np.median(np.abs(clicked - plain)) < 0.01
    seen = log_mel_from_stft(stft(clicking(music, *times)))
    assert np.median(np.abs(seen - log_mel_from_stft(stft(music)))) < 0.01
    assert np.median(seen, axis=0).max() > -10, "a click is shown, in all bands"


@pytest.mark.parametrize("genre", ["blues", "classical", "jazz", "rock"])
def test_a_click_changes_no_verdict(samples, alone, genre):
    expected = alone(genre).prediction
    clicked = analysed(clicking(samples[genre], 5.0)).prediction
    assert clicked.logits.argmax() == expected.logits.argmax()
    assert clicked.silent is None or not clicked.silent.any()


def test_music_sets_its_own_reference(samples):
    for music in samples.values():
        level = log_mel(music)
        assert level.max() == 0
        assert (level == 0).sum() == 1, "something was cut"


@pytest.mark.data
def test_the_pictures_of_gtzan_hold_no_click_and_one_silence(gtzan):
    from model.gtzan.pictures import load_pictures  # noqa: PLC0415

    pictures = load_pictures(gtzan)
    read = {
        name
        for index, name in enumerate(pictures.names)
        if reading_of(pictures.levels(index), COLUMN_FRAMES) is not None
    }
    assert read == {"hiphop.00038"}
