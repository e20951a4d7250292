"""Methods and curves on a linear score, whose true relevance is known."""

import numpy as np
import pytest

from model.constants import DYNAMIC_RANGE_DB
from model.evaluation.maps.curves import SHARES, Curves, area_under, versions
from model.explain.baselines import band_means, silence
from model.explain.gradient_input import gradient_times_input
from model.explain.integrated_gradients import integrated_gradients
from model.explain.occlusion import occlusion

MELS, FRAMES = 10, 40
RNG = np.random.default_rng(5)
LEVELS = RNG.uniform(-80, 0, (MELS, FRAMES)).astype(np.float32)
WEIGHTS = RNG.standard_normal((MELS, FRAMES)).astype(np.float32)


def score(levels: np.ndarray) -> np.ndarray:
    return np.einsum("nmt,mt->n", levels, WEIGHTS)


def gradient(levels: np.ndarray) -> np.ndarray:
    return np.broadcast_to(WEIGHTS, levels.shape)


def test_gradient_times_input_gives_every_cell_its_summand():
    relevance = gradient_times_input(gradient, LEVELS)
    np.testing.assert_allclose(relevance, WEIGHTS * (LEVELS + DYNAMIC_RANGE_DB), rtol=1e-5)


@pytest.mark.parametrize("baseline", [silence, band_means])
def test_integrated_gradients_sum_to_what_the_score_gains_over_the_baseline(baseline):
    relevance = integrated_gradients(gradient, LEVELS, baseline(LEVELS), steps=3)
    np.testing.assert_allclose(relevance, WEIGHTS * (LEVELS - baseline(LEVELS)), atol=1e-3)
    gained = score(LEVELS[np.newaxis]) - score(baseline(LEVELS)[np.newaxis])
    assert relevance.sum() == pytest.approx(gained.item(), rel=1e-3)


def test_integrated_gradients_integrate_what_bends():
    def of_squares(levels):
        return 2 * levels

    relevance = integrated_gradients(of_squares, LEVELS, silence(LEVELS), steps=4)
    np.testing.assert_allclose(relevance, LEVELS**2 - DYNAMIC_RANGE_DB**2, rtol=1e-3, atol=0.1)


def test_occlusion_gives_every_patch_the_sum_of_its_summands():
    found = occlusion(score, LEVELS, silence(LEVELS), patch=(5, 10))
    summands = WEIGHTS * (LEVELS + DYNAMIC_RANGE_DB)
    by_patch = summands.reshape(2, 5, 4, 10).sum(axis=(1, 3))
    np.testing.assert_allclose(found.values, by_patch, rtol=1e-3, atol=0.1)
    assert (found.grid.band_offset, found.grid.band_stride) == (2.0, 5.0)
    assert (found.grid.frame_offset, found.grid.frame_stride) == (4.5, 10.0)


def test_band_means_leave_a_band_its_level_and_nothing_else():
    np.testing.assert_allclose(
        band_means(LEVELS), np.tile(LEVELS.mean(axis=1), (FRAMES, 1)).T, rtol=1e-6
    )


# Deletion and insertion


def test_cells_are_replaced_in_the_order_of_relevance():
    first, second = np.zeros((4, 5), np.float32), np.ones((4, 5), np.float32)
    relevance = np.arange(20, 0, -1, dtype=np.float32).reshape(4, 5)
    batch = versions(first, second, relevance)
    for version, share in zip(batch, SHARES, strict=True):
        assert version.ravel().tolist() == [1.0] * round(20 * share) + [0.0] * (
            20 - round(20 * share)
        )


def test_areas_are_those_worked_out_by_hand():
    """One of twenty cells decides: deleted first it leaves nothing, deleted last all."""
    levels = np.zeros((4, 5), np.float32)
    deciding = np.zeros((4, 5), np.float32)
    deciding[2, 3] = 1.0
    curves = Curves(lambda batch: batch[:, 2, 3] / DYNAMIC_RANGE_DB + 1, levels)
    best, worst = curves.follow(deciding), curves.follow(-deciding)
    assert area_under(best["deletion-silence"]) == pytest.approx(0.05 / 2)
    assert area_under(best["insertion-silence"]) == pytest.approx(1 - 0.05 / 2)
    # The last cell goes between 65 and 100 %: with the last share.
    assert area_under(worst["deletion-silence"]) == pytest.approx(1 - 0.35 / 2)
    assert area_under(worst["insertion-silence"]) == pytest.approx(0.35 / 2)
    # A cell at the mean of its band is not missed.
    assert area_under(best["deletion-mean"]) == pytest.approx(1.0)


def test_a_random_order_has_no_advantage_and_the_true_one_has():
    """Along a random order a linear score goes straight from one end to the other."""
    levels = RNG.uniform(-80, 0, (64, 100)).astype(np.float32)
    weights = np.where(RNG.random((64, 100)) < 0.1, 1.0, 0.0).astype(np.float32)
    full = float((weights * (levels + 80)).sum())

    def probability(batch):
        return np.einsum("nmt,mt->n", batch + 80, weights) / full

    curves = Curves(probability, levels)
    random = curves.follow(RNG.random(levels.shape, np.float32))
    true = curves.follow(weights * (levels + 80))
    for name in ("deletion-silence", "insertion-silence"):
        assert area_under(random[name]) == pytest.approx(0.5, abs=0.03)
    assert area_under(true["deletion-silence"]) < 0.1
    assert area_under(true["insertion-silence"]) > 0.9


def test_both_ways_end_where_the_other_begins():
    curves = Curves(lambda batch: batch.mean(axis=(1, 2)), LEVELS).follow(WEIGHTS)
    for baseline in ("silence", "mean"):
        deletion, insertion = curves[f"deletion-{baseline}"], curves[f"insertion-{baseline}"]
        assert deletion[0] == insertion[-1]
        assert deletion[-1] == insertion[0]
