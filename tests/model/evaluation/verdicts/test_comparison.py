"""Rows of the comparison, against figures worked out by hand."""

import numpy as np
import pytest

from model.evaluation.verdicts.comparison import difference, summarise
from model.evaluation.verdicts.runs import find_runs
from model.uncertainty import interval


def test_runs_are_summed_up():
    right = np.array([[1, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 0]], bool)
    figures = summarise(right)
    assert figures["n"] == 4
    assert figures["accuracies"] == [0.75, 0.5, 0.5]
    assert figures["mean"] == pytest.approx(7 / 12)
    assert figures["spread"] == pytest.approx(np.std([0.75, 0.5, 0.5], ddof=1))
    assert figures["interval"] == list(interval(7 / 3, 4))
    assert summarise(right[:1])["spread"] is None


def test_a_difference_is_taken_track_by_track():
    rng = np.random.default_rng(0)
    reference = rng.random((1, 400)) < 0.8
    worse = reference & (rng.random((1, 400)) < 0.9)
    figures = difference(worse, reference)
    low, high = figures["interval"]
    lost = (reference & ~worse).mean()
    assert figures["mean"] == pytest.approx(-lost)
    # The normal approximation for a share of tracks that were lost.
    deviation = np.sqrt(lost * (1 - lost) / 400)
    assert (low, high) == pytest.approx(
        (-lost - 1.96 * deviation, -lost + 1.96 * deviation), abs=4e-3
    )
    assert difference(reference, reference) == {"mean": 0.0, "interval": [0.0, 0.0]}


def make_run(folder, name, *networks):
    (folder / name).mkdir()
    for network in networks:
        (folder / name / f"{network}.keras").write_bytes(b"")


def test_finished_runs_are_found_by_name_protocol_and_seed(tmp_path):
    make_run(tmp_path, "vanilla-random-seed10", "stage0", "stage1", "vanilla-random")
    make_run(tmp_path, "vanilla-random-seed2", "vanilla-random")
    make_run(tmp_path, "vanilla-random-seed3", "stage0")
    make_run(tmp_path, "vanilla-filtered-seed2", "vanilla-filtered")
    make_run(tmp_path, "old-vanilla-random-seed2", "vanilla-random")
    make_run(tmp_path, "vanilla-random-seed4")
    found = find_runs(tmp_path, "vanilla", "random")
    assert [run.seed for run in found] == [2, 10]
    assert found[0].weights == tmp_path / "vanilla-random-seed2" / "vanilla-random.keras"


def test_without_a_folder_there_are_no_runs(tmp_path):
    assert find_runs(tmp_path / "runs", "vanilla", "random") == []
