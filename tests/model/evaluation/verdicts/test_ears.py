"""A verdict that needs its evidence falls when that moves; one that a gate decides does not."""

import numpy as np
import pytest

from model.evaluation.verdicts.ears import (
    CONDITIONS,
    Insides,
    gate_of,
    look_inside,
    rearranged,
    right_by_condition,
    verdicts,
)
from tests.model.evaluation.listeners import listener

# Two channels speak for two classes.
KERNEL, BIAS = np.eye(2, dtype=np.float32), np.zeros(2, np.float32)
LABELS = np.arange(8) % 2


def song(label: int, *, gate_decides: bool) -> Insides:
    """Evidence for both classes, that for the right one where the gate is open."""
    found = np.zeros((4, 6, 2), np.float32)
    gate = np.zeros((1, 6, 2), np.float32)
    if gate_decides:
        found[:] = 1
        gate[..., label] = 1
    else:
        gate[:, :3] = 1
        found[:, :3, label] = 1
        found[:, 3:, 1 - label] = 1.6
    return Insides(found, gate, np.zeros(2, np.float32))


def test_cells_move_and_none_is_lost():
    found = np.arange(48, dtype=np.float32).reshape(4, 6, 2)
    moved = rearranged(found, np.random.default_rng(0))
    assert not np.array_equal(moved, found)
    assert sorted(map(tuple, moved.reshape(-1, 2))) == sorted(map(tuple, found.reshape(-1, 2)))


def test_a_gate_fits_any_number_of_columns():
    gate = np.arange(3, dtype=np.float32).reshape(1, 3, 1)
    assert gate_of(gate, 5).ravel().tolist() == [0, 1, 2, 0, 1]
    assert gate_of(gate, 2).ravel().tolist() == [0, 1]


def test_a_verdict_that_rests_on_evidence_falls_when_it_is_rearranged():
    songs = [song(label, gate_decides=False) for label in LABELS.tolist()]
    found = verdicts(songs, KERNEL, BIAS)
    assert list(found) == list(CONDITIONS)
    assert (found["pictures"] == LABELS).all()
    assert (found["rearranged"] == LABELS).mean() < 0.5
    assert (found["other-gate"] == LABELS).all()


def test_a_verdict_of_the_gate_alone_is_that_of_the_other_songs_gate():
    songs = [song(label, gate_decides=True) for label in LABELS.tolist()]
    found = verdicts(songs, KERNEL, BIAS)
    assert (found["rearranged"] == LABELS).all()
    rows = {row["key"]: row for row in right_by_condition(found, LABELS)}
    assert rows["other-gate"]["accuracy"] < 1
    assert rows["rearranged"]["mean_over_genres"] == 1


def test_the_ear_of_another_song_decides_where_it_is_surer():
    silent = np.zeros((1, 1, 2), np.float32)
    ears = [Insides(silent, silent, np.eye(2, dtype=np.float32)[label]) for label in (0, 1)]
    found = verdicts(ears, KERNEL, BIAS)
    assert found["both"].tolist() == found["ear"].tolist() == [0, 1]
    assert found["other-ear"].tolist() == [1, 0]


def test_without_an_ear_there_is_nothing_to_swap():
    with pytest.raises(ValueError, match="has no ear"):
        look_inside(None, listener(lambda _: 0), [])
