"""Fine maps against hand-computed cases, and what they explain against the probabilities."""

from typing import Any

import numpy as np
import pytest

from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.explain.fine import fine, log_odds_weights
from model.explain.grid import INPUT_GRID
from model.networks.classifier import softmax

LOGITS = np.array([2.0, -1.0, 0.5, 1.0], np.float32)


@pytest.mark.parametrize("temperature", [1.0, 0.6])
@pytest.mark.parametrize("members", [[0], [2], [1, 3]])
def test_the_weights_are_the_derivative_of_the_log_odds(members, temperature):
    def log_odds(logits: np.ndarray) -> float:
        share = softmax(logits.astype(np.float64), temperature)[members].sum(dtype=np.float64)
        return float(np.log(share / (1 - share)))

    chosen = np.isin(np.arange(4), members)
    weights = log_odds_weights(LOGITS, chosen, temperature)
    step = 0.01
    for index in range(4):
        change = step * np.eye(4)[index]
        slope = (log_odds(LOGITS + change) - log_odds(LOGITS - change)) / (2 * step)
        assert weights[index] / temperature == pytest.approx(slope, abs=1e-3)
    assert weights[chosen].sum() == pytest.approx(1)
    assert weights[~chosen].sum() == pytest.approx(-1)


def test_a_class_that_is_certain_still_has_weights():
    weights = log_odds_weights(np.array([90.0, 1.0, 0.0], np.float32), np.array([1, 0, 0]) > 0)
    assert weights[0] == 1
    assert weights[1] == pytest.approx(-1 / (1 + np.exp(-1)), rel=1e-5)


def toy(**changes: Any) -> np.ndarray:
    """Two channels that count for two classes, on a grid as fine as the input."""
    levels = np.full((N_MELS, 2), 20 - DYNAMIC_RANGE_DB, np.float32)
    features = np.zeros((N_MELS, 2, 2), np.float32)
    features[10, 0] = (3, 1)  # 3 for the class, 1 for the other
    features[20, 1] = (1, 3)
    features[30, 0] = (5, 0)
    features[40, 0] = (5, 0)
    gradient = np.zeros((N_MELS, 2), np.float32)
    gradient[10, 0] = gradient[20, 1] = 0.4
    gradient[30, 0] = -0.4
    given: dict[str, Any] = {
        "feature_maps": features,
        "kernel": np.eye(2, dtype=np.float32),
        "grid": INPUT_GRID,
        "levels": levels,
        "gradient": gradient,
        "weights": np.array([1, -1], np.float32),
        "cap": 1e9,
    }
    return fine(**(given | changes))


def test_it_is_the_geometric_mean_of_what_is_positive_in_both():
    expected = np.zeros((N_MELS, 2), np.float32)
    # A lead of 3 - 1; a derivative of 0.4 per dB at 20 dB above silence. Elsewhere the other
    # class is ahead, the derivative is negative, or there is none.
    expected[10, 0] = np.sqrt(2 * 8)
    np.testing.assert_allclose(toy(), expected, rtol=1e-6)


def test_no_single_level_counts_for_more_than_the_cap():
    gradient = np.zeros((N_MELS, 2), np.float32)
    gradient[10, 0], gradient[40, 0] = 100.0, 0.001
    mean = 20 * (100.0 + 0.001) / (2 * N_MELS)
    found = toy(gradient=gradient, cap=2.0)
    assert found[10, 0] == pytest.approx(np.sqrt(2 * 2 * mean), rel=1e-5)
    assert found[40, 0] == pytest.approx(np.sqrt(5 * 0.02), rel=1e-5)


def test_silence_and_the_other_class_s_places_carry_nothing():
    silent = np.full((N_MELS, 2), -DYNAMIC_RANGE_DB, np.float32)
    assert not toy(levels=silent).any()
    swapped = toy(weights=np.array([-1, 1], np.float32))
    assert swapped[20, 1] > 0
    assert swapped[10, 0] == 0
