"""Portraits of filters: their genre, and where in our samples they answer most."""

import numpy as np
import pytest

from model.evaluation.filters.portraits import _describe, _passages, peaks_over_time


def test_peaks_are_found_stretch_by_stretch():
    maps = np.zeros((2, 10, 1), np.float32)
    maps[1, 3] = 5
    maps[0, 9] = 7
    assert peaks_over_time(maps, 10.0, 4.0)[:, 0].tolist() == [5, 0]
    assert peaks_over_time(maps, 3.0, 4.0)[:, 0].tolist() == [7]


def test_a_filters_genre_is_that_of_most_of_its_strongest_excerpts():
    peaks = np.zeros((10, 2, 2), np.float32)
    labels = np.arange(10) % 5
    peaks[3] = 1  # disco: both excerpts, a tenth of all twenty
    (first, _) = _describe(peaks, labels, {"rock.ogg": np.array([[0, 1], [2, 0]], np.float32)})
    assert (first["genre"], first["purity"]) == ("disco", 1.0)
    assert first["passages"] == [{"sample": "rock.ogg", "start": 2.0, "share": 1.0}]


def test_passages_are_one_a_sample_the_strongest_first():
    silent = np.zeros(2, np.float32)
    found = _passages(
        {"a": np.array([1, 3], np.float32), "b": np.array([6, 0], np.float32), "c": silent}
    )
    assert [(one["sample"], one["start"]) for one in found] == [("b", 0.0), ("a", 2.0)]
    assert found[1]["share"] == pytest.approx(0.5)
    assert not _passages({"c": silent})
