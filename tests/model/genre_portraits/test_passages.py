"""Passages: the strongest are found, do not overlap, and make a loop without a jump."""

import numpy as np
import pytest

from model.constants import SAMPLE_RATE
from model.explain.door import Prediction
from model.explain.grid import MapGrid
from model.genre_portraits.passages import (
    Course,
    Passage,
    as_json,
    from_json,
    genre_course,
    loop_of,
    strongest_passages,
)

STEP = 0.25


def course(*peaks: float, length: int = 80) -> Course:
    """A flat course with a rise of 2.5 s from each of some times on."""
    values = np.zeros(length)
    for height, peak in enumerate(peaks, start=1):
        first = round(peak / STEP)
        values[first : first + 10] += height
    return Course(values, STEP / 2, STEP)


def test_the_strongest_passages_are_where_the_course_is_high():
    found = strongest_passages({"a": (course(3.0, 12.0), 20.0)}, count=2)
    assert [one.start for one in found] == pytest.approx([12.0, 3.0])
    assert [one.strength for one in found] == pytest.approx([2.0, 1.0])
    assert [one.end for one in found] == pytest.approx([14.5, 5.5])


def test_no_two_passages_overlap_and_no_song_has_them_all_where_others_have_some():
    courses = {"a": (course(3.0, 8.0, 13.0), 20.0), "b": (course(1.0), 20.0)}
    found = strongest_passages(courses)
    assert [one.song for one in found].count("a") == 2
    assert len(found) == 4
    for one in found:
        others = [each for each in found if each is not one and each.song == one.song]
        assert all(one.end <= each.start or one.start >= each.end for each in others)


def test_one_song_alone_gives_as_many_as_it_has_and_a_short_one_none():
    assert len(strongest_passages({"a": (course(3.0), 20.0)})) == 4
    assert strongest_passages({"a": (course(length=8), 2.0)}) == []
    assert all(one.end <= 20.0 for one in strongest_passages({"a": (course(17.5), 20.0)}))


def test_the_course_of_a_genre_is_its_log_odds_from_moment_to_moment(small_prediction):
    classifier, prediction = small_prediction
    found = genre_course(classifier, prediction, "b")
    assert len(found.values) == 4
    # Channel 1 speaks for b, in the third column only; the last column is silent.
    assert found.values.argmax() == 2
    assert found.values[3] == found.values[:3].min()


@pytest.fixture
def small_prediction():
    class Two:
        genres = ("a", "b")
        kernel = np.eye(2, dtype=np.float32)
        bias = np.zeros(2, np.float32)
        temperature = 1.0
        grid = MapGrid(1.5, 4, 1.5, 4)

    maps = np.zeros((3, 4, 2), np.float32)
    maps[:, :3, 0] = 1
    maps[:, 2, 1] = 4
    silent = np.array([False, False, False, True])
    logits = maps.mean(axis=(0, 1))
    levels = np.zeros((128, 16), np.float32)
    return Two(), Prediction(logits, np.full(2, 0.5), maps, levels, silent=silent)


def test_a_loop_has_no_jump_and_each_passage_at_one_loudness():
    time = np.arange(20 * SAMPLE_RATE) / SAMPLE_RATE
    songs = {
        "soft": (0.01 * np.sin(2 * np.pi * 220 * time)).astype(np.float32),
        "loud": (0.9 * np.sin(2 * np.pi * 330 * time)).astype(np.float32),
    }
    passages = [Passage("soft", 0.0, 2.5, 2.0), Passage("loud", 17.5, 20.0, 1.0)] * 2
    loop = loop_of(passages, songs)
    assert len(loop) == 10 * SAMPLE_RATE
    parts = loop.reshape(4, -1)[:, SAMPLE_RATE // 2 : -SAMPLE_RATE // 2]
    levels = np.sqrt(np.square(parts).mean(axis=1))
    np.testing.assert_allclose(levels, levels[0], rtol=0.05)
    assert np.abs(loop).max() <= 0.99
    # As steep as the steeper tone anywhere, also from the end to the beginning.
    steps = np.abs(np.diff(np.append(loop, loop[0])))
    assert steps.max() < 1.6 * 2 * np.pi * 330 / SAMPLE_RATE * np.abs(parts).max()


def test_a_course_is_read_as_it_was_written():
    again = from_json(as_json(course(3.0)))
    np.testing.assert_allclose(again.values, course(3.0).values)
    assert (again.first, again.step) == (STEP / 2, STEP)
