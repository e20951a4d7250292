"""Temperature and calibration error against cases whose answer is known."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from model.evaluation.verdicts.calibration import expected_calibration_error, reliability
from model.training.temperature import fit_temperature, negative_log_likelihood


def calibrated(n: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose softmax is exactly how the labels were drawn."""
    rng = np.random.default_rng(7)
    logits = rng.normal(scale=2.0, size=(n, 4))
    thresholds = softmax(logits, axis=1).cumsum(axis=1)
    labels = (rng.random((n, 1)) > thresholds[:, :-1]).sum(axis=1)
    return logits, labels


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_a_known_overconfidence(factor):
    logits, labels = calibrated()
    assert fit_temperature(factor * logits, labels) == pytest.approx(factor, rel=0.05)


def test_the_temperature_is_where_the_likelihood_is_highest():
    logits, labels = calibrated(200)
    best = fit_temperature(logits, labels)
    least = negative_log_likelihood(logits, labels, best)
    assert least < negative_log_likelihood(logits, labels, 1.02 * best)
    assert least < negative_log_likelihood(logits, labels, 0.98 * best)


def test_a_network_that_is_never_wrong_gets_a_bounded_temperature():
    assert fit_temperature(np.array([[9.0, 0.0], [0.0, 9.0]]), np.array([0, 1])) >= 0.01


def test_no_tracks_have_no_temperature():
    with pytest.raises(ValueError, match="no tracks"):
        fit_temperature(np.empty((0, 3)), np.empty(0, int))


def test_the_likelihood_is_that_of_the_true_classes():
    logits = np.array([[1.0, 0.0], [0.0, 3.0]])
    expected = -(log_softmax([0.5, 0.0])[0] + log_softmax([0.0, 1.5])[0]) / 2
    assert negative_log_likelihood(logits, np.array([0, 0]), 2.0) == pytest.approx(expected)


def test_the_calibration_error_is_that_worked_out_by_hand():
    # One bin: 0.95 and 0.93 claimed, one of two right; another: 0.55 claimed, right.
    confidence = np.array([0.95, 0.93, 0.55])
    right = np.array([True, False, True])
    assert expected_calibration_error(confidence, right) == pytest.approx(
        2 / 3 * (0.94 - 0.5) + 1 / 3 * (1 - 0.55)
    )


def test_the_bins_hold_every_track_once_with_its_interval():
    logits, labels = calibrated(300)
    figures = reliability(logits, labels)
    assert sum(bin_["n"] for bin_ in figures["bins"]) == 300
    for bin_ in figures["bins"]:
        if bin_["n"]:
            assert bin_["low"] < bin_["confidence"] <= bin_["high"]
            assert bin_["interval"][0] <= bin_["accuracy"] <= bin_["interval"][1]
        else:
            assert bin_["accuracy"] is None


def test_temperature_brings_the_error_down_to_what_chance_explains():
    logits, labels = calibrated(2_000)
    sure = reliability(3 * logits, labels)
    mended = reliability(3 * logits, labels, fit_temperature(3 * logits, labels))
    assert sure["ece"] > 0.1
    assert mended["ece"] < 2 * mended["ece_by_chance"] < 0.05
    assert mended["nll"] < sure["nll"]


def test_the_same_seed_gives_the_same_figures():
    logits, labels = calibrated(50)
    assert reliability(logits, labels, seed=3) == reliability(logits, labels, seed=3)
    assert reliability(logits, labels, seed=3) != reliability(logits, labels, seed=4)
