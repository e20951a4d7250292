"""Each measure against a case worked out by hand."""

import numpy as np
import pytest

from model.evaluation.maps.measures import MEASURES, compare_parts
from model.explain.compactness import complexity, sparseness


def said(*probabilities: float) -> np.ndarray:
    return np.array(probabilities, np.float32)


def test_a_kept_part_that_loses_probability_counts_as_a_drop():
    figures = compare_parts(said(0.8, 0.2), said(0.6, 0.4), said(0.1, 0.9), 0)
    assert figures == pytest.approx({"AI": 0, "AD": 25, "AG": 0, "FF": 0.7, "Fid-In": 1})


def test_a_kept_part_that_gains_probability_counts_as_an_increase_and_a_gain():
    figures = compare_parts(said(0.5, 0.5), said(0.75, 0.25), said(0.5, 0.5), 0)
    assert figures == pytest.approx({"AI": 100, "AD": 0, "AG": 50, "FF": 0, "Fid-In": 1})


def test_a_kept_part_that_is_called_otherwise_breaks_the_fidelity():
    figures = compare_parts(said(0.8, 0.2), said(0.0, 1.0), said(0.9, 0.1), 0)
    assert figures == pytest.approx({"AI": 0, "AD": 100, "AG": 0, "FF": -0.1, "Fid-In": 0})


def test_who_is_sure_already_gains_nothing():
    assert compare_parts(said(1, 0), said(1, 0), said(1, 0), 0)["AG"] == 0


@pytest.mark.parametrize(
    ("magnitudes", "gini"),
    [([1, 1, 1, 1], 0), ([0, 0, 0, 1], 3 / 4), ([1, 2, 3], 2 / 9), ([0, 0], 0)],
)
def test_sparseness_is_the_gini_index_of_the_magnitudes(magnitudes, gini):
    assert sparseness(np.array(magnitudes, np.float32)) == pytest.approx(gini)
    assert sparseness(-3 * np.array(magnitudes[::-1], np.float32)) == pytest.approx(gini)


@pytest.mark.parametrize(
    ("magnitudes", "entropy"),
    [([1, 1, 1, 1], np.log(4)), ([0, 5, 0, 0], 0), ([1, 3], 0.562335), ([0, 0], np.log(2))],
)
def test_complexity_is_the_entropy_of_the_magnitudes(magnitudes, entropy):
    assert complexity(np.array(magnitudes, np.float32)) == pytest.approx(entropy, abs=1e-6)
    assert complexity(-np.array(magnitudes, np.float32)) == pytest.approx(entropy, abs=1e-6)


def test_every_measure_says_how_to_read_it():
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    assert all(measure.what and measure.label for measure in MEASURES)
