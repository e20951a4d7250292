"""The main job: a clip in, verdict, maps and sounds out."""

from dataclasses import replace

import numpy as np
import pytest

from model.analysis import analyse
from model.audio.clip import AudioError, Clip
from model.audio.excerpt import prepare
from model.audio.masking import mask_from_relevance, mask_in_proportion
from model.constants import DYNAMIC_RANGE_DB, GENRES, SAMPLE_RATE
from model.explain.grid import RelevanceMap
from model.explain.methods import METHODS, MORE_METHODS, QUICK_METHODS
from model.genres import members_of
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier


@pytest.fixture(scope="module")
def clip(music) -> Clip:
    return Clip(waveform=music, name="music.wav", sha256="0" * 64, notes=())


@pytest.fixture(scope="module")
def analysis(clip):
    return analyse(prepare(clip), load_classifier())


def long_clip(music: np.ndarray, repeats: int) -> Clip:
    return Clip(waveform=np.tile(music, repeats), name="long.wav", sha256="1" * 64, notes=())


def test_an_excerpt_has_one_spectrogram_with_its_axes(clip):
    excerpt = prepare(clip)
    assert excerpt.seconds == pytest.approx(6.0)
    assert excerpt.log_mel.shape == (len(excerpt.frequencies), len(excerpt.times))
    assert excerpt.stft.shape[1] == len(excerpt.times)
    assert excerpt.times[0] == 0
    assert excerpt.times[-1] == pytest.approx(6.0, abs=0.05)


def test_a_long_clip_is_looked_at_through_a_window(music):
    excerpt = prepare(long_clip(music, 10), start=20.0)
    assert excerpt.seconds == pytest.approx(30.0)
    assert excerpt.times[0] == pytest.approx(20.0)
    np.testing.assert_array_equal(
        excerpt.waveform[:100], np.tile(music, 10)[20 * SAMPLE_RATE :][:100]
    )


def test_a_start_near_the_end_leaves_three_seconds(clip):
    excerpt = prepare(clip, start=5.9)
    assert excerpt.start == pytest.approx(3.0)
    assert excerpt.seconds == pytest.approx(3.0)


@pytest.mark.parametrize("start", [-1.0, 6.0, 100.0, float("nan")])
def test_a_start_outside_the_clip_is_refused_with_the_bounds(clip, start):
    with pytest.raises(AudioError, match=r"between 0 and 3\.0 s") as caught:
        prepare(clip, start)
    assert caught.value.code == "start"


def test_a_silent_stretch_of_a_song_is_named(music):
    waveform = np.concatenate([music, np.zeros(40 * SAMPLE_RATE, np.float32)])
    with pytest.raises(AudioError, match="another part") as caught:
        prepare(Clip(waveform, "pause.wav", "2" * 64, ()), start=10.0)
    assert caught.value.code == "silent"


def test_the_ranking_holds_every_genre_with_the_best_first(analysis):
    genres, probabilities = zip(*analysis.verdict.ranking, strict=True)
    assert sorted(genres) == sorted(GENRES)
    assert list(probabilities) == sorted(probabilities, reverse=True)
    assert analysis.verdict.top == genres[0]
    assert sum(probabilities) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("method", QUICK_METHODS)
def test_relevance_fits_the_spectrogram_and_the_shared_scale(analysis, method):
    maps = np.stack([analysis.relevance(method, genre) for genre in GENRES])
    assert maps.shape == (10, *analysis.excerpt.log_mel.shape)
    assert maps.dtype == np.float32
    assert 0.5 * analysis.peak(method) < maps.max() <= analysis.peak(method) * (1 + 1e-5)
    if not METHODS[method].per_class:
        np.testing.assert_array_equal(maps, np.broadcast_to(maps[:1], maps.shape))


def test_a_map_as_drawn_still_adds_up_to_the_score(analysis):
    """Interpolation moves the mean of a CAM only a little, at the borders."""
    classifier = analysis.classifier
    for index, genre in enumerate(GENRES):
        drawn = analysis.relevance("cam", genre).mean() + classifier.bias[index]
        scale = np.abs(analysis.relevance("cam", genre)).max()
        assert drawn == pytest.approx(analysis.prediction.logits[index], abs=0.1 * float(scale))


@pytest.mark.parametrize("method", [*QUICK_METHODS, "gradient-input"])
def test_the_sounds_follow_the_mask(analysis, method):
    genre = analysis.verdict.top
    sounds = analysis.sounds(method, genre, threshold=0.3)
    keep = mask_from_relevance if METHODS[method].smooth else mask_in_proportion
    np.testing.assert_array_equal(
        analysis.mask(method, genre, 0.3), keep(analysis.relevance(method, genre), 0.3)
    )
    np.testing.assert_allclose(sounds.kept + sounds.rest, analysis.excerpt.waveform, atol=1e-5)
    more = analysis.sounds(method, genre, threshold=0.1)
    assert more.kept_share > sounds.kept_share > 0


def test_merged_genres_have_summed_probabilities_and_maps(analysis):
    merged = analysis.merged
    assert merged.merged.classes == merged.classes
    assert set(merged.classes) == {name for name, _ in merged.verdict.ranking}
    assert "rock+metal" in merged.classes
    own = dict(analysis.verdict.ranking)
    for name, probability in merged.verdict.ranking:
        members = members_of(name)
        assert probability == pytest.approx(sum(own[genre] for genre in members), abs=1e-5)
        for method in ("cam", "crm", "crm-class"):
            expected = sum(analysis.relevance(method, genre) for genre in members)
            if not METHODS[method].per_class:
                expected = analysis.relevance(method, members[0])
            scale = float(np.abs(expected).max())
            np.testing.assert_allclose(
                merged.relevance(method, name), expected, atol=1e-5 * scale + 1e-12
            )


def test_a_fine_map_is_asked_for_once_and_explains_the_log_odds(analysis, monkeypatch):
    asked = []
    gradients = Classifier.gradients

    def noted(classifier, levels, weights):
        asked.append(weights)
        return gradients(classifier, levels, weights)

    monkeypatch.setattr(Classifier, "gradients", noted)
    fresh = replace(analysis)
    index = analysis.classifier.genres.index("jazz")
    for _ in range(2):
        found = fresh.map("fine", "jazz")
        fresh.relevance("fine", "jazz")
    (weights,) = asked
    assert weights[index] == 1
    assert weights.sum() == pytest.approx(0, abs=1e-5)
    levels = analysis.prediction.levels
    assert found.values.shape == levels.shape
    assert not found.values[levels <= -DYNAMIC_RANGE_DB].any(), "silence carries nothing"
    assert found.values.min() == 0
    assert found.values.max() > 0


def test_the_fine_map_of_merged_genres_is_of_their_joint_odds(analysis, monkeypatch):
    weights = []

    def noted(classifier, levels, given):
        weights.append(given)
        return np.zeros_like(levels), np.zeros(0), np.zeros(0)

    monkeypatch.setattr(Classifier, "gradients", noted)
    replace(analysis.merged).map("fine", "rock+metal")
    genres = np.array(analysis.classifier.genres)
    assert set(genres[weights[0] > 0]) == {"rock", "metal"}


@pytest.mark.parametrize("method", MORE_METHODS)
def test_the_methods_that_cost_more_explain_the_same_verdict(analysis, method):
    short = analyse(prepare(analysis.excerpt.clip, 0.0, 3.0), analysis.classifier)
    drawn = short.relevance(method, short.verdict.top)
    assert drawn.shape == short.excerpt.log_mel.shape
    assert drawn.max() > 0
    assert short.seconds(method) > 0
    assert analysis.seconds("cam") == 0


def test_merged_genres_lead_together(analysis):
    """A group is ahead where its summed CAM is, however its members stand to each other."""
    merged = analysis.merged
    cams = np.stack([merged.map("cam", name).values for name in merged.classes])
    for index, name in enumerate(merged.classes):
        expected = cams[index] - np.delete(cams, index, axis=0).max(axis=0)
        np.testing.assert_allclose(merged.map("lead", name).values, expected, atol=1e-4)


def test_the_sound_of_merged_genres_is_that_of_the_summed_map(analysis):
    merged = analysis.merged
    mask = mask_from_relevance(merged.relevance("cam", "rock+metal"), 0.3)
    np.testing.assert_array_equal(merged.mask("cam", "rock+metal", 0.3), mask)
    sounds = merged.sounds("cam", "rock+metal", 0.3)
    np.testing.assert_allclose(sounds.kept + sounds.rest, analysis.excerpt.waveform, atol=1e-5)
    assert merged.merged is merged.merged, "made once, so that its maps are"


def test_a_map_is_drawn_once_and_few_are_remembered(analysis, monkeypatch):
    drawn = []
    at = RelevanceMap.at

    def draw(found, frames):
        drawn.append(found)
        return at(found, frames)

    monkeypatch.setattr(RelevanceMap, "at", draw)
    analysis = replace(analysis)
    for _ in range(3):
        for genre in GENRES:
            analysis.mask("cam", genre)
    assert len(drawn) == len(GENRES)
    with pytest.raises(ValueError, match="read-only"):
        analysis.relevance("cam", "rock")[0, 0] = 1.0
    for method in QUICK_METHODS:
        for genre in GENRES:
            analysis.relevance(method, genre)
    assert analysis._drawn.cache_info().currsize <= 11
