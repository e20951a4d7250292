"""What a mask learns from is what the app hears: the same scores, the same masks."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from model.audio.masking import mask_in_proportion
from model.audio.musicnn_spectrogram import (
    MUSICNN_BANDS,
    MUSICNN_HOP,
    MUSICNN_RATE,
    musicnn_log_mel,
)
from model.audio.spectrogram import log_mel, mel_filterbank, mel_points
from model.audio.yamnet_spectrogram import (
    YAMNET_BANDS,
    YAMNET_HOP,
    YAMNET_RATE,
    yamnet_centres,
    yamnet_log_mel,
)
from model.constants import COLUMN_FRAMES, N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.explain.grid import RelevanceMap, finer_grid
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from model.networks.loading import with_feature_maps
from model.networks.places import PLACED_LAYER
from model.networks.shipped import load_checked
from model.training.masked_hearing import MaskedHearing, Three

COLUMNS = 14
FRAMES = COLUMNS * COLUMN_FRAMES


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier()


@pytest.fixture(scope="module")
def sound(music) -> np.ndarray:
    return music[: FRAMES * NETWORK_HOP]


@pytest.fixture(scope="module")
def given(sound) -> Three:
    levels = log_mel(sound, NETWORK_HOP)[:, :FRAMES]
    found = levels, yamnet_log_mel(sound), musicnn_log_mel(sound)
    return tuple(tf.constant(each[np.newaxis]) for each in found)


@pytest.fixture(scope="module")
def hearing(classifier, given) -> MaskedHearing:
    assert classifier.eyes is not None
    rows, columns = classifier.predict(given[0].numpy()[0]).feature_maps.shape[:2]
    names = (classifier.eyes.name, "yamnet", "musicnn-msd")
    pictures, yamnet, tagger = (load_checked(name)[1] for name in names)
    return MaskedHearing(
        with_feature_maps(pictures),
        keras.Model(yamnet.inputs, yamnet.get_layer(PLACED_LAYER).output),
        tagger,
        classifier,
        FRAMES,
        given[1].shape[-1],
        given[2].shape[-1],
        rows,
        columns,
    )


def test_a_sound_gets_the_scores_and_maps_that_the_app_gives_it(classifier, hearing, given, sound):
    maps, scores = hearing.hear(given)
    heard = classifier.hear(sound, given[0].numpy()[0])
    np.testing.assert_allclose(scores[0], heard.logits, atol=0.02)
    np.testing.assert_allclose(maps[0, :, :, :-10], heard.feature_maps[:, :, :-10], atol=1e-3)
    # The ear's evidence is moved by a constant there, so that its mean is the score.
    spread = np.asarray(maps[0, :, :, -10:]) - heard.feature_maps[:, :, -10:]
    assert np.abs(spread - spread.mean(axis=(0, 1))).max() < 0.01


def test_a_mask_that_keeps_everything_changes_no_score(hearing, given):
    _, scores = hearing.hear(given)
    for factor in (1.0, 0.5):  # as loud or half as loud: the same music
        masks = tuple(factor * tf.ones_like(each) for each in given)
        kept = hearing.hear_masked(given, masks)
        np.testing.assert_allclose(kept, scores, atol=0.1)


def test_cells_are_drawn_as_the_app_draws_a_map(classifier, hearing):
    cells = np.random.default_rng(0).random((1, hearing.rows, hearing.columns, 2))
    ours, theirs, third = hearing.drawn(tf.constant(cells, tf.float32))
    values = cells.reshape(hearing.rows, -1).astype(np.float32)
    drawn = RelevanceMap(values, finer_grid(classifier.grid)).at(np.arange(FRAMES, dtype=float))
    assert ours.shape == (1, N_MELS, FRAMES)
    np.testing.assert_allclose(ours[0], mask_in_proportion(drawn), atol=1e-4)
    assert theirs.shape == (1, YAMNET_BANDS, hearing.moments)
    assert third.shape == (1, MUSICNN_BANDS, hearing.instants)


def test_a_cell_is_the_same_moment_and_pitch_in_all_three(hearing):
    cells = np.zeros((1, hearing.rows, hearing.columns, 2), np.float32)
    cells[0, 12, 5, 0] = 1.0
    edges = np.linspace(0, SAMPLE_RATE / 2, mel_filterbank().shape[1])
    hertz = (
        edges[mel_filterbank().argmax(axis=1)],
        yamnet_centres(),
        mel_points(MUSICNN_BANDS + 2, MUSICNN_RATE / 2)[1:-1],
    )
    steps = NETWORK_HOP / SAMPLE_RATE, YAMNET_HOP / YAMNET_RATE, MUSICNN_HOP / MUSICNN_RATE
    found = []
    for mask, bands, step in zip(hearing.drawn(tf.constant(cells)), hertz, steps, strict=True):
        by_band, by_frame = np.sum(mask[0], axis=1), np.sum(mask[0], axis=0)
        moment = np.average(np.arange(len(by_frame)), weights=by_frame) * step
        found.append((bands[by_band.argmax()], moment))
    for pitch, moment in found[1:]:
        assert pitch == pytest.approx(found[0][0], rel=0.1)
        assert moment == pytest.approx(found[0][1], abs=0.05)


def test_what_is_silenced_is_heard_as_if_it_were_not_there(hearing, given):
    low = [
        tf.cast(tf.range(bands) < bands // 2, tf.float32)[None, :, None]
        for bands in (N_MELS, YAMNET_BANDS, MUSICNN_BANDS)
    ]
    ones = [tf.ones_like(each) for each in given]
    masks = tuple(one * each for one, each in zip(ones, low, strict=True))
    kept = hearing.hear_masked(given, masks)
    assert np.abs(kept - hearing.hear(given)[1]).max() > 0.3
    levels = np.where(low[0] == 1, given[0], given[0] - 90)
    again = hearing.hear_masked((tf.constant(levels), *given[1:]), (ones[0], *masks[1:]))
    np.testing.assert_allclose(kept, again, atol=0.05)
