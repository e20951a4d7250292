"""Accuracy, interval and confusion against figures worked out by hand."""

import numpy as np
import pytest

from model.evaluation.verdicts.accuracy import measure
from model.uncertainty import interval

CLASSES = ("a", "b", "c")
LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 2])
VERDICTS = np.array([0, 0, 0, 1, 1, 1, 0, 0])


def test_counts_and_shares_are_those_worked_out_by_hand():
    result = measure(LABELS, VERDICTS, CLASSES)
    assert result.confusion.tolist() == [[3, 1, 0], [1, 2, 0], [1, 0, 0]]
    assert result.n == 8
    assert result.accuracy == pytest.approx(5 / 8)
    figures = result.per_class()
    without = {name: {**row, "recall_interval": None} for name, row in figures.items()}
    assert without == {
        "a": {"precision": 3 / 5, "recall": 3 / 4, "recall_interval": None, "support": 4},
        "b": {"precision": 2 / 3, "recall": 2 / 3, "recall_interval": None, "support": 3},
        "c": {"precision": None, "recall": 0.0, "recall_interval": None, "support": 1},
    }
    assert figures["a"]["recall_interval"] == list(interval(3, 4))


def test_a_class_without_tracks_has_no_recall():
    figures = measure(np.array([0, 0]), np.array([0, 1]), CLASSES).per_class()["b"]
    assert figures == {"precision": 0.0, "recall": None, "recall_interval": None, "support": 0}


def test_the_interval_is_clopper_and_pearsons():
    # 5 of 8: the classical table of exact limits.
    low, high = measure(LABELS, VERDICTS, CLASSES).interval
    assert low == pytest.approx(0.2449, abs=1e-4)
    assert high == pytest.approx(0.9148, abs=1e-4)


def test_json_and_text_say_the_same():
    result = measure(LABELS, VERDICTS, CLASSES)
    figures = result.as_json()
    assert set(figures) == {"n", "accuracy", "interval", "per_genre", "classes", "confusion"}
    assert "62.5 % of 8 tracks" in result.as_text()
    assert "24.5 to 91.5 %" in result.as_text()


@pytest.mark.parametrize(("labels", "verdicts"), [([], []), ([0, 1], [0])])
def test_labels_and_verdicts_must_fit(labels, verdicts):
    with pytest.raises(ValueError, match="verdicts"):
        measure(np.array(labels, int), np.array(verdicts, int), CLASSES)
