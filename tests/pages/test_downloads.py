"""What Listen offers to take along: the names, and what the buttons make when they are asked."""

import io
import json
import zipfile

import pytest
import streamlit as st

from tests.pages.driving import ROCK, set_on_stage, tone_wav, upload


@pytest.fixture
def offered(monkeypatch) -> dict:
    """Name of each file that the page offers, and what makes it."""
    files = {}
    monkeypatch.setattr(
        st, "download_button", lambda _, make, name, *__, **___: files.update({name: make})
    )
    return files


def test_everything_can_be_taken_along_as_it_is_set(app, offered):
    upload(app, tone_wav(ROCK), "my.song.wav")
    assert not app.exception
    assert {name: make()[:4] for name, make in offered.items()} == {
        "my.song-regions-rock-kept.wav": b"RIFF",
        "my.song-regions-rock-rest.wav": b"RIFF",
        "my.song-regions-rock.png": b"\x89PNG",
        "my.song-regions-rock.csv": b"quan",
        "my.song-regions-rock.json": b"{\n  ",
        "my.song-regions-rock-labels.txt": b"0.00",
        "my.song-regions-rock-layer.svl": b"<?xm",
        "my.song-regions-rock.zip": b"PK\x03\x04",
    }
    box = {"firstBand": 100, "lastBand": 127, "firstFrame": 10, "lastFrame": 60}
    set_on_stage(app, "stage", box=box, threshold=0.55)
    assert offered["my.song-box.wav"]().startswith(b"RIFF")
    assert offered["my.song-all-but-the-box.wav"]().startswith(b"RIFF")
    numbers = json.loads(offered["my.song-regions-rock.json"]())
    assert (numbers["class"], numbers["method"], numbers["threshold"]) == ("rock", "regions", 0.55)
    assert numbers["box"]["relevance_share"] > 0
    with zipfile.ZipFile(io.BytesIO(offered["my.song-regions-rock.zip"]())) as archive:
        assert "box.wav" in archive.namelist()


def test_files_of_one_map_for_all_classes_name_no_class(app, offered):
    upload(app, tone_wav(ROCK))
    offered.clear()
    app.segmented_control(key="method").set_value("crm").run()
    assert {"song-crm-kept.wav", "song-crm.png", "song-crm.zip"} <= set(offered)
