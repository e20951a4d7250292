"""Right verdicts apart for artists that were and were not learned from."""

import numpy as np

from model.evaluation.verdicts.artists import by_artist
from model.gtzan.artists import read_artists

ARTISTS = {"a.1": "7", "a.2": "7", "a.3": "8", "b.1": "9"}


def test_familiar_and_new_artists_are_counted_apart():
    names = ("a.2", "a.3", "b.1", "c.1")
    right = np.array([True, False, True, True])
    figures = by_artist(names, right, ["a.1"], ARTISTS)
    assert (figures["familiar"]["n"], figures["familiar"]["share"]) == (1, 1.0)
    assert (figures["new"]["n"], figures["new"]["share"]) == (2, 0.5)
    assert figures["unknown"] == 1


def test_a_group_without_tracks_is_left_out():
    figures = by_artist(("c.1",), np.array([True]), ["a.1"], ARTISTS)
    assert figures == {"unknown": 1}


def test_the_list_of_artists_is_read_and_may_be_missing(tmp_path):
    assert read_artists(tmp_path) == {}
    (tmp_path / "splits").mkdir()
    text = "rock.00001\t12\nrock.00002\t13\n"
    (tmp_path / "splits" / "artist_groups.tsv").write_text(text, encoding="utf-8")
    assert read_artists(tmp_path) == {"rock.00001": "12", "rock.00002": "13"}
