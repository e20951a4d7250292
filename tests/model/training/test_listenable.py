"""Learning masks: the parts of the loss on cases worked out by hand, and the excerpts drawn."""

import numpy as np
import pytest
import tensorflow as tf

from model.constants import GENRES, N_MELS
from model.gtzan.labelled_songs import LabelledSong
from model.networks.assembled import load_classifier
from model.training.listenable import (
    Excerpts,
    MaskRecipe,
    elsewhere,
    energy_kept,
    learning_of,
    log_odds,
    log_probability,
    misplaced,
    roughness,
)
from tests.model.training.own_songs import own_songs


@pytest.fixture(scope="module")
def songs() -> list[LabelledSong]:
    return own_songs()


def test_all_of_the_mask_in_the_other_song_costs_one_and_none_of_it_nothing():
    keep = np.zeros((3, 4, 5, 2), np.float32)
    keep[0, :, :2], keep[1, :, 3:], keep[2] = 1, 1, 1
    other = np.zeros((3, 10), np.float32)
    other[:2, :5] = 1  # the third excerpt is one song
    assert float(misplaced(keep[:1], other[:1])) == pytest.approx(1)
    assert float(misplaced(keep[1:2], other[1:2])) == pytest.approx(0)
    assert float(misplaced(keep, other)) == pytest.approx(0.5)
    assert float(misplaced(keep[2:], other[2:])) == 0


def test_energy_is_counted_by_power_and_by_the_square_of_the_mask():
    levels = np.full((1, N_MELS, 4), -80, np.float32)
    levels[:, 10], levels[:, 20] = 0, -3.0103
    mask = np.zeros_like(levels)
    assert float(energy_kept(levels, mask + 0.5)[0]) == pytest.approx(0.25, abs=1e-4)
    mask[:, 20] = 1  # half as loud as the other band
    assert float(energy_kept(levels, mask)[0]) == pytest.approx(1 / 3, abs=1e-3)


def test_probabilities_of_a_class_and_of_all_others_add_up_to_one():
    scores = tf.constant(np.random.default_rng(0).normal(size=(5, 4)), tf.float32)
    one = tf.one_hot([0, 1, 2, 3, 0], 4)
    own = np.exp(log_probability(scores, one))
    others = np.exp(log_probability(scores, one, of_others=True))
    np.testing.assert_allclose(own + others, 1, atol=1e-5)
    np.testing.assert_allclose(own, tf.reduce_sum(tf.nn.softmax(scores) * one, 1), atol=1e-5)


def test_log_odds_are_those_of_one_class_against_all_others():
    scores = np.log(np.array([[0.2, 0.3, 0.5]], np.float32)) + 7
    one = tf.one_hot([2], 3)
    assert float(log_odds(scores, one)[0]) == pytest.approx(0, abs=1e-5)
    assert float(log_odds(scores, tf.one_hot([0], 3))[0]) == pytest.approx(np.log(0.25), abs=1e-5)


def test_a_mask_elsewhere_has_the_same_values_at_other_moments():
    keep = np.random.default_rng(0).random((2, 6, 10, 2)).astype(np.float32)
    for _ in range(8):
        moved = np.asarray(elsewhere(keep))
        assert moved.shape == keep.shape
        for before, after in zip(keep, moved, strict=True):
            assert not np.array_equal(before, after)
            np.testing.assert_array_equal(np.sort(before, axis=None), np.sort(after, axis=None))


def test_a_checkerboard_is_rougher_than_a_plane():
    board = (np.indices((6, 8)).sum(axis=0) % 2).astype(np.float32).reshape(1, 6, 4, 2)
    assert float(roughness(board)) == pytest.approx(2)
    assert float(roughness(np.ones_like(board))) == 0


def test_two_joined_songs_say_which_half_is_the_other_one(songs):
    recipe = MaskRecipe(batch=6, joined=1.0, altered=0.0, silent=0.0)
    batch = Excerpts(songs, recipe).batch()
    for genre, other in zip(batch["genre"], batch["other"], strict=True):
        half = len(other) // 2
        assert 0 <= genre < len(GENRES)
        assert sorted((other[:half].mean(), other[half:].mean())) == [0, 1]
    assert (batch["bed"] >= 10 ** (-60 / 20)).all()
    assert (batch["bed"] <= 10 ** (-20 / 20)).all()


def test_one_song_has_no_other_half_and_its_class_is_left_to_the_network(songs):
    batch = Excerpts(songs, MaskRecipe(batch=4, joined=0.0, altered=1.0, silent=1.0)).batch()
    assert (batch["genre"] == -1).all()
    assert not batch["other"].any()
    assert not batch["bed"].any()
    assert np.isfinite(batch["levels"]).all()
    assert np.isfinite(batch["bands"]).all()


@pytest.mark.long
def test_a_step_teaches_the_decoder_and_leaves_the_network_as_it_is(songs):
    classifier = load_classifier()
    recipe = MaskRecipe(steps=10, batch=2, rate=0.01)
    excerpts = Excerpts(songs, recipe)
    learning = learning_of(classifier, recipe, excerpts)
    before = [np.array(each) for each in learning.decoder.get_weights()]
    frozen = [np.array(each) for each in learning.network_weights()]
    batch = excerpts.batch()
    # What is left and what is kept elsewhere take turns.
    losses = [learning.step(batch, number)["loss"] for number in (2, 3) * 4]
    for turn in (losses[::2], losses[1::2]):
        assert turn[-1] < turn[0], "on one batch, over and over"
    changed = [
        not np.allclose(old, new)
        for old, new in zip(before, learning.decoder.get_weights(), strict=True)
    ]
    assert sum(changed) >= len(changed) - 1, "all but the fixed sum"
    for old, new in zip(frozen, learning.network_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
