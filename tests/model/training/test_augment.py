"""Augmentation changes a picture as a room or a player might, and never its form."""

from dataclasses import replace

import numpy as np
import pytest

from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.training.augment import Augmentation, augment, mask, mix_pairs, recolour, resampled_crop

HOW = Augmentation(frames=60, band_limit=0.5, noise=0.5)


@pytest.fixture
def level() -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.uniform(-DYNAMIC_RANGE_DB, 0, (N_MELS, 387)).astype(np.float32)


def test_every_excerpt_looks_like_the_front_ends_output(level):
    for seed in range(30):
        rng = np.random.default_rng(seed)
        changed = recolour(resampled_crop(level, rng, HOW), rng, HOW)
        assert changed.shape == (N_MELS, 60)
        assert changed.dtype == np.float32
        assert changed.max() == pytest.approx(0.0, abs=1e-4)
        assert changed.min() >= -DYNAMIC_RANGE_DB


def test_the_same_generator_gives_the_same_excerpt(level):
    one, same, other = (augment(level, np.random.default_rng(s), HOW) for s in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).mean() > 1


def test_a_plain_excerpt_is_a_piece_of_the_picture(level):
    how = Augmentation.none(50)
    cut = resampled_crop(level, np.random.default_rng(4), how)
    starts = [s for s in range(387 - 50 + 1) if np.array_equal(level[:, s : s + 50], cut)]
    assert len(starts) == 1
    plain = augment(level, np.random.default_rng(4), how)
    np.testing.assert_allclose(plain, np.maximum(cut - cut.max(), -80), atol=1e-4)


def test_the_input_is_left_as_it_was(level):
    before = level.copy()
    for seed in range(5):
        augment(level, np.random.default_rng(seed), HOW)
    np.testing.assert_array_equal(level, before)


def test_a_short_clip_is_stretched_to_the_wanted_length(level):
    assert augment(level[:, :30], np.random.default_rng(0), HOW).shape == (N_MELS, 60)


def test_masks_hide_stripes_and_nothing_else(level):
    how = replace(HOW, masks=1, mask_bands=10, mask_frames=10)
    hidden = mask(level, np.random.default_rng(6), how)
    changed = hidden != level
    rows, columns = changed.all(axis=1), changed.all(axis=0)
    assert 0 < rows.sum() <= 10
    assert 0 < columns.sum() <= 10
    np.testing.assert_array_equal(changed, rows[:, None] | columns[None, :])


def test_mixing_keeps_the_sum_of_the_targets_and_the_stronger_songs_part(level):
    levels = np.stack([level[:, i : i + 20] for i in range(8)])
    targets = np.eye(8, dtype=np.float32)
    mixed, shares = mix_pairs(levels, targets, np.random.default_rng(8), replace(HOW, mixup=0.4))
    assert mixed.shape == levels.shape
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
    assert (np.diag(shares) >= 0.5).all()
    assert (shares < 1).any()
    same, kept = mix_pairs(levels, targets, np.random.default_rng(8), replace(HOW, mixup=0.0))
    np.testing.assert_array_equal(same, levels)
    np.testing.assert_array_equal(kept, targets)
