"""The ear's evidence adds up to its scores, lies where the sound is, and is none without it."""

from dataclasses import astuple, replace

import numpy as np
import pytest

from model.audio.musicnn_spectrogram import MUSICNN_HOP, MUSICNN_RATE, musicnn_log_mel
from model.audio.yamnet_spectrogram import yamnet_log_mel
from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.explain.cam import cam
from model.networks import assembled
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from model.networks.ear import Ear, EarWeights
from model.networks.places import PLACED, PLACED_ROWS, TOGETHER, across
from model.networks.shipped import WeightsError, read_card
from model.networks.tagger import TAGGER_FIRST_FRAME, TAGGER_FRAMES, Tagger
from model.networks.trunk import Trunk, saturated

CLASSES = 10
CHANNELS = 7
UNITS = 5
TAGS = 6


class LoudBands:
    """Stands in for YAMNet: how loud some bands of each row are around each column."""

    def predict_on_batch(self, batch: np.ndarray) -> np.ndarray:
        levels = np.exp(batch[0, :, :, 0])
        centres = PLACED.centres(PLACED.count(levels))
        columns = np.stack([levels[:, max(0, c - 8) : c + 8].mean(axis=1) for c in centres])
        return columns.reshape(1, len(columns), PLACED_ROWS, -1).swapaxes(1, 2)[..., :CHANNELS]


class Halves:
    """Stands in for what lies behind: two rows, for every other column."""

    def predict_on_batch(self, batch: np.ndarray) -> np.ndarray:
        return batch[:, ::2, 1::2]


class LoudFrames:
    """Stands in for musicnn: the levels of some bands, frame by frame."""

    def predict_on_batch(self, batch: np.ndarray) -> np.ndarray:
        return batch[:, :: 96 // TAGS, :, 0][:, :TAGS].swapaxes(1, 2)[:, np.newaxis]


def some_weights(rng: np.random.Generator, channels: int) -> EarWeights:
    shapes = ((channels, UNITS), UNITS, (UNITS, CLASSES), CLASSES)
    return EarWeights(*(rng.standard_normal(shape).astype(np.float32) for shape in shapes))


@pytest.fixture
def ear() -> Ear:
    rng = np.random.default_rng(0)
    yamnet, tags = some_weights(rng, CHANNELS), some_weights(rng, 2 * TAGS)
    return Ear(Trunk(LoudBands(), Halves()), yamnet, Tagger(LoudFrames()), tags)


@pytest.fixture(scope="module")
def eyes() -> Classifier:
    found = load_classifier().eyes
    assert found is not None
    return found


@pytest.fixture
def both(eyes, ear) -> Classifier:
    kernel = np.concatenate([eyes.kernel, np.eye(CLASSES, dtype=np.float32)])
    return replace(eyes, kernel=kernel, ear=ear, eyes=eyes)


def test_activations_are_brought_between_0_and_1():
    values = saturated(np.array([0.0, 0.1, 1e6], np.float32))
    np.testing.assert_allclose(values, [0.0, 0.5, 1.0], atol=1e-6)


def test_the_score_is_the_mean_of_the_units_through_the_dense_layer(ear, music):
    answers = ear.answers(music)
    given = (
        saturated(answers.yamnet.values)[:, answers.yamnet.counts],
        answers.tagger.values[:, answers.tagger.counts],
    )
    assert [len(one) for one in given] == [PLACED_ROWS, 1]
    expected = np.zeros(CLASSES, np.float32)
    for weights, one in zip((ear.weights, ear.tagger_weights), given, strict=True):
        units = np.maximum(one @ weights.units_kernel + weights.units_bias, 0)
        assert 0.1 < (units > 0).mean() < 0.9
        expected += units.mean(axis=(0, 1)) @ weights.kernel + weights.bias
    np.testing.assert_allclose(ear.scores(music), expected, rtol=1e-4, atol=1e-5)
    for rows in (8, 9):
        read = ear.hear(music).on_map(rows, np.arange(2.0, 70.0, 4.0))
        np.testing.assert_allclose(read.mean(axis=(0, 1)), expected, rtol=1e-4, atol=1e-5)


def test_silence_around_music_is_no_evidence_and_changes_no_score(ear, music):
    silence = np.zeros(round(6.4 * SAMPLE_RATE), np.float32)
    padded = np.concatenate([silence, music, silence])
    heard = ear.hear(padded)
    for evidence in heard.evidence:
        frames = evidence.columns.frames(evidence.values.shape[1])
        seconds = frames * NETWORK_HOP / SAMPLE_RATE
        before, behind = seconds < 6.0, seconds > 6.4 + len(music) / SAMPLE_RATE + 0.4
        assert before.sum() > 15
        assert behind.sum() > 15
        assert evidence.values.any()
        assert not evidence.values[:, before | behind].any()
    alone = ear.scores(music)
    assert np.abs(heard.scores - alone).max() < 0.1 * np.ptp(alone)


def test_every_score_of_both_together_is_the_mean_of_its_map_and_its_bias(both, eyes, ear, music):
    heard = both.hear(music)
    maps = cam(heard.feature_maps, both.kernel)
    np.testing.assert_allclose(
        maps.mean(axis=(1, 2)) + both.bias, heard.logits, rtol=1e-4, atol=1e-4
    )
    seen = eyes.hear(music)
    expected = seen.logits + ear.scores(music)
    np.testing.assert_allclose(heard.logits, expected, rtol=1e-4, atol=1e-4)
    assert heard.probabilities.sum() == pytest.approx(1.0, abs=1e-5)


def test_a_picture_without_sound_is_judged_by_the_network_on_pictures_alone(both, eyes, music):
    seen = eyes.hear(music)
    again = both.predict(seen.levels)
    np.testing.assert_allclose(again.logits, seen.logits, atol=1e-5)
    assert again.feature_maps.shape[-1] == len(both.kernel)
    assert not again.feature_maps[..., -CLASSES:].any()
    maps = cam(again.feature_maps, both.kernel)
    np.testing.assert_allclose(
        maps.mean(axis=(1, 2)) + both.bias, seen.logits, rtol=1e-4, atol=1e-4
    )


def test_the_ear_hears_a_waveform_as_yamnet_is_given_it(ear, music):
    answers, levels = ear.answers(music), yamnet_log_mel(music)
    assert answers.yamnet.values.shape == (PLACED_ROWS, levels.shape[1] // 16, CHANNELS)
    assert answers.tagger.values.shape == (1, levels.shape[1] // 32, 2 * TAGS)
    for heard in (answers.yamnet, answers.tagger):
        assert heard.counts.shape == heard.values.shape[1:2]
        assert heard.values.min() >= 0.0


def test_the_tagger_answers_for_the_moments_for_which_yamnet_does():
    centres = (TAGGER_FIRST_FRAME + TAGGER_FRAMES * np.arange(9) + (TAGGER_FRAMES - 1) / 2) * (
        MUSICNN_HOP / MUSICNN_RATE
    )
    seconds = TOGETHER.frames(9) * NETWORK_HOP / SAMPLE_RATE
    assert np.abs(centres - seconds).max() < 0.02


def test_the_tagger_tells_the_mean_and_the_largest_of_a_column(ear, music):
    levels = musicnn_log_mel(music)[:: 96 // TAGS][:TAGS].T
    column = levels[TAGGER_FIRST_FRAME + 3 * TAGGER_FRAMES :][:TAGGER_FRAMES]
    tags = ear.tagger.answers(music, 5)
    np.testing.assert_allclose(tags[3], [*column.mean(axis=0), *column.max(axis=0)], rtol=1e-5)
    # Beyond the end the last frame goes on.
    beyond = ear.tagger.answers(music, 1000)[-1]
    np.testing.assert_allclose(beyond, np.tile(levels[-1], 2), rtol=1e-5)


def test_yamnet_alone_is_the_ear_without_what_the_tagger_adds(ear, music):
    alone = ear.by_yamnet_alone()
    by_tagger = replace(ear, weights=EarWeights(*(0 * each for each in astuple(ear.weights))))
    np.testing.assert_allclose(
        alone.scores(music) + by_tagger.scores(music), ear.scores(music), atol=1e-4
    )


def test_units_through_the_kernel_are_the_evidence_but_for_a_constant(ear, music):
    heard, frames = ear.hear(music), np.arange(2.0, 70.0, 4.0)
    through = ear.units_on_map(heard.answers, frames) @ ear.kernel + ear.bias
    assert len(through) == PLACED_ROWS
    apart = np.tensordot(across(PLACED_ROWS, 8), through, 1) - heard.on_map(8, frames)
    assert np.ptp(apart, axis=(0, 1)).max() < 1e-3


def test_the_shipped_ear_fits_the_networks_beside_it_and_adds_up(music):
    shipped = load_classifier()
    assert shipped.name == "two-ears-random"
    assert shipped.eyes is not None
    assert shipped.eyes.name == shipped.card["pictures"]["name"]
    assert shipped.ear is not None
    heard = shipped.hear(music)
    maps = cam(heard.feature_maps, shipped.kernel)
    np.testing.assert_allclose(
        maps.mean(axis=(1, 2)) + shipped.bias, heard.logits, rtol=1e-4, atol=1e-4
    )
    assert np.abs(heard.logits - shipped.predict(heard.levels).logits).max() > 0.1


@pytest.mark.parametrize(
    ("part", "name"), [("trunk", "yamnet"), ("tagger", "musicnn-msd"), ("pictures", "pictures")]
)
def test_an_ear_made_for_other_weights_is_refused(part, name):
    card = read_card("two-ears-random")
    card[part]["sha256"] = "0" * 64
    with pytest.raises(WeightsError, match=f"other weights {name}"):
        assembled._with_ear(card)
