"""What a mask learns from is what the app hears: the same scores, the same masks."""

import numpy as np
import pytest
import tensorflow as tf

from model.audio.masking import mask_in_proportion
from model.audio.spectrogram import log_mel
from model.audio.yamnet_spectrogram import YAMNET_BANDS, yamnet_log_mel
from model.constants import COLUMN_FRAMES, N_MELS, NETWORK_HOP
from model.explain.grid import RelevanceMap
from model.networks.classifier import Classifier, load_checked, load_classifier
from model.networks.loading import with_feature_maps
from model.networks.masks import finer_grid
from model.training.masked_hearing import MaskedHearing

COLUMNS = 14
FRAMES = COLUMNS * COLUMN_FRAMES


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier()


@pytest.fixture(scope="module")
def sound(music) -> np.ndarray:
    return music[: FRAMES * NETWORK_HOP]


@pytest.fixture(scope="module")
def given(sound) -> tuple[tf.Tensor, tf.Tensor]:
    levels = log_mel(sound, NETWORK_HOP)[:, :FRAMES]
    return tf.constant(levels[np.newaxis]), tf.constant(yamnet_log_mel(sound)[np.newaxis])


@pytest.fixture(scope="module")
def hearing(classifier, given) -> MaskedHearing:
    assert classifier.eyes is not None
    rows, columns = classifier.predict(given[0].numpy()[0]).feature_maps.shape[:2]
    pictures, yamnet = (load_checked(name)[1] for name in (classifier.eyes.name, "yamnet"))
    return MaskedHearing(
        with_feature_maps(pictures),
        yamnet,
        classifier,
        FRAMES,
        given[1].shape[-1],
        rows,
        columns,
    )


def test_a_sound_gets_the_scores_and_maps_that_the_app_gives_it(classifier, hearing, given, sound):
    maps, scores = hearing.hear(*given)
    heard = classifier.hear(sound, given[0].numpy()[0])
    np.testing.assert_allclose(scores[0], heard.logits, atol=0.02)
    np.testing.assert_allclose(maps[0, :, :, :-10], heard.feature_maps[:, :, :-10], atol=1e-3)
    # The ear's evidence is moved by a constant there, so that its mean is the score.
    spread = np.asarray(maps[0, :, :, -10:]) - heard.feature_maps[:, :, -10:]
    assert np.abs(spread - spread.mean(axis=(0, 1))).max() < 0.01


def test_a_mask_that_keeps_everything_changes_no_score(hearing, given):
    _, scores = hearing.hear(*given)
    for factor in (1.0, 0.5):  # as loud or half as loud: the same music
        ours, theirs = (factor * tf.ones_like(each) for each in given)
        kept = hearing.hear_masked(*given, ours, theirs)
        np.testing.assert_allclose(kept, scores, atol=0.1)


def test_cells_are_drawn_as_the_app_draws_a_map(classifier, hearing):
    cells = np.random.default_rng(0).random((1, hearing.rows, hearing.columns, 2))
    ours, theirs = hearing.drawn(tf.constant(cells, tf.float32))
    values = cells.reshape(hearing.rows, -1).astype(np.float32)
    drawn = RelevanceMap(values, finer_grid(classifier.grid)).at(np.arange(FRAMES, dtype=float))
    assert ours.shape == (1, N_MELS, FRAMES)
    np.testing.assert_allclose(ours[0], mask_in_proportion(drawn), atol=1e-4)
    assert theirs.shape == (1, YAMNET_BANDS, hearing.moments)


def test_what_is_silenced_is_heard_as_if_it_were_not_there(hearing, given):
    low = tf.cast(tf.range(N_MELS) < N_MELS // 2, tf.float32)[None, :, None]
    low_theirs = tf.cast(tf.range(YAMNET_BANDS) < YAMNET_BANDS // 2, tf.float32)[None, :, None]
    ours, theirs = (tf.ones_like(each) for each in given)
    kept = hearing.hear_masked(*given, ours * low, theirs * low_theirs)
    assert np.abs(kept - hearing.hear(*given)[1]).max() > 0.3
    levels = np.where(low == 1, given[0], given[0] - 90)
    again = hearing.hear_masked(tf.constant(levels), given[1], ours, theirs * low_theirs)
    np.testing.assert_allclose(kept, again, atol=0.05)
