"""The main job gives for one synthetic clip what it gave when the weights were shipped."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.model.golden.drift import drift
from tests.model.golden.make_golden import GOLDEN, measure


@pytest.fixture(scope="module")
def measured() -> dict[str, np.ndarray]:
    return measure()


@pytest.fixture(scope="module")
def golden() -> dict[str, np.ndarray]:
    with np.load(GOLDEN) as stored:
        return dict(stored)


@pytest.mark.parametrize(
    "name", ["log_mel", "logits", "probabilities", "cam", "crm", "crm-class", "kept", "rest"]
)
def test_nothing_has_drifted(measured, golden, name):
    """Smooth functions of the input: rounding moves them by some 1e-6."""
    expected = golden[name]
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(measured[name] / scale, expected / scale, atol=1e-4)


def test_the_fine_map_has_not_drifted(measured, golden):
    assert not drift(measured["fine"], golden["fine"])


def at_kinks(fine: np.ndarray, cells: int, change: float) -> np.ndarray:
    """A map of which some cells, among them silent ones, have moved."""
    moved = fine.copy()
    places = np.random.default_rng(0).choice(fine.size, cells, replace=False)
    moved.flat[places] = np.abs(moved.flat[places] - np.float32(change))
    return moved


def test_rounding_at_kinks_is_no_drift(golden):
    """As seen on another make of CPU: 4 of 352 cells off by up to 1.5e-4; and ten times that."""
    fine = golden["fine"]
    assert fine.size == 352
    for cells, change in ((4, 1.5e-4), (4, 1.5e-3), (40, 1.5e-4)):
        assert not drift(at_kinks(fine, cells, change), fine)


@pytest.mark.parametrize(
    "change",
    [
        lambda fine: 1.01 * fine,
        lambda fine: np.minimum(fine, 0.8 * fine.max()),
        lambda fine: fine**1.05 * fine.max() ** -0.05,
        lambda fine: np.roll(fine, 1, axis=1),
        lambda fine: np.roll(fine, 1, axis=0),
        lambda fine: fine + 0.001 * fine.max(),
        lambda fine: np.where(np.arange(fine.shape[1]) % 8, fine, 0),
        lambda fine: at_kinks(fine, 20, 0.02),
        lambda fine: -fine,
    ],
    ids=["gain", "cap", "power", "frame", "band", "floor", "missing columns", "noise", "sign"],
)
def test_a_change_of_the_fine_map_is_a_drift(golden, change: Callable[[np.ndarray], np.ndarray]):
    assert drift(change(golden["fine"]), golden["fine"])
