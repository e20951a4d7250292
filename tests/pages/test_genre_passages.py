"""The most rock ten seconds, and the parts of a genre, on figures made for the purpose."""

import json

import numpy as np
import pytest

from model.constants import GENRES
from model.genre_portraits.passages import Course, as_json
from model.verdict_parts import EAR, PICTURES, PartsDictionary
from pages.panels import genre_passages
from pages.session import passages
from tests.pages.driving import open_page, text

SHA256 = "2" * 64


def course(*, peak: float) -> Course:
    """A flat course with a rise of 2.5 s."""
    values = np.zeros(60)
    values[round(peak / 0.25) :][:10] = 3.0
    return Course(values, 0.125, 0.25)


@pytest.fixture
def looked_up(monkeypatch, tmp_path):
    """Passages of two of our samples, and two parts of rock."""
    files = {"rock.ogg": course(peak=4.0), "jazz.ogg": course(peak=9.0)}
    content = {
        "command": passages.COMMAND,
        "model": {"name": "small", "sha256": "0" * 64},
        "seconds": dict.fromkeys(files, 15.0),
        "courses": {name: dict.fromkeys(GENRES, as_json(found)) for name, found in files.items()},
        "parts_sha256": SHA256,
        "parts": {"rock": [[{"sample": "jazz.ogg", "start": 3.0, "adds": 1.0}], []]},
    }
    (tmp_path / "passages.json").write_text(json.dumps(content))
    monkeypatch.setattr(passages, "FOLDER", tmp_path)
    facts = [
        {"head": PICTURES, "name": "steady, 2 to 5 kHz", "share": 0.3},
        {"head": EAR, "name": "moments with guitar", "share": 0.7},
    ]
    card = {
        "sha256": SHA256,
        "genres": {"rock": facts},
        "learned_from": {"rock": {"gtzan": 3, "outside": 4}},
        "limits": "Few songs.",
    }
    monkeypatch.setattr(genre_passages, "load_dictionary", lambda _: PartsDictionary(card, {}))


def titles(app) -> list[str]:
    return [header.value for header in app.header]


def test_the_loop_is_played_and_says_where_it_comes_from(opened, looked_up):
    app = opened("genres")
    assert not app.exception
    assert "The most rock ten seconds" in titles(app)
    found = text(app)
    assert "our sample of rock, 0:04 to 0:06 (in the loop from 0 s)" in found.replace("\u00a0", " ")
    assert "our sample of jazz, 0:09 to 0:12" in found
    assert "Your song" not in found


def test_the_users_own_song_takes_part(listening, looked_up):
    open_page(listening, "genres")
    assert not listening.exception
    found = [line for line in text(listening).splitlines() if "in the loop from" in line]
    # Four seconds have room for one passage.
    assert [("Your song, 0:0" in line) for line in found].count(True) == 1, found
    assert "of your song" in text(listening)


def test_the_parts_of_a_genre_stand_with_their_passages_the_largest_first(opened, looked_up):
    app = opened("genres")
    found = text(app)
    assert "falls into 2 parts" in found
    assert "In 7 rock songs" in found
    assert found.index("Moments with guitar") < found.index("Steady, 2 to 5 kHz")
    assert "Jazz sample, from 0:03 on" in found


def test_passages_of_other_weights_are_not_played(opened, looked_up, monkeypatch, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    content = json.loads((tmp_path / "passages.json").read_text())
    content["model"]["sha256"] = "f" * 64
    (other / "passages.json").write_text(json.dumps(content))
    monkeypatch.setattr(passages, "FOLDER", other)
    app = opened("genres")
    assert not app.exception
    assert "were not looked up for this network" in text(app)
    assert any("genre-passages" in command.value for command in app.code)
