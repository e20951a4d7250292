"""What rock sounds like: the page, on portraits and sounds made for the purpose."""

import io
import json
from typing import Any

import numpy as np
import pytest
import soundfile
import streamlit

from model.constants import GENRES, SAMPLE_RATE
from model.networks.shipped import DEFAULT_MODEL, read_card
from pages.session import genre_portraits
from tests.pages.driving import ROCK, figures, open_page, stages, text, tone_wav, upload
from tests.pages.test_genre_findings import AVERAGES, figure, genre

ROWS_HZ = np.geomspace(50, 10_000, 31).tolist()
RATES_HZ = np.linspace(0.4, 6.4, 30).tolist()


def sound(name: str, file: str, kind: str) -> dict:
    heard = dict.fromkeys(GENRES, 0.01)
    # The last of rock's sounds is heard as metal.
    heard["metal" if (name, kind) == ("rock", "spectrogram") else name] = 0.91
    return {
        "file": file,
        "kind": kind,
        "beats_per_minute": 107.7,
        "probability_of_spectrogram": 0.97,
        "probabilities_of_sound": heard,
    }


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Portraits in which rock lies between 2 and 8 kHz."""
    file = io.BytesIO()
    beep = 0.1 * np.sin(np.arange(4 * SAMPLE_RATE) / 10)
    soundfile.write(file, beep, SAMPLE_RATE, format="OGG", subtype="VORBIS")
    ranges = [figure(0.1, 0.1, sure=False)] * 7
    ranges[4], ranges[5] = figure(0.25, 0.15), figure(0.3, 0.2)
    averages = {name: genre(ranges=ranges) for name in GENRES}
    for figures_of_genre in averages.values():
        figures_of_genre["rhythm"] = np.ones((31, 30)).tolist()
        figures_of_genre["profile"] = [1 / 31] * 31
        figures_of_genre |= {"tracks": 15, "right": 12}
    content: dict[str, Any] = {
        "command": genre_portraits.COMMAND,
        "model": {"name": DEFAULT_MODEL, "sha256": read_card()["sha256"]},
        "portraits": {
            **AVERAGES,
            "contrast_level": 0.99,
            "seconds_per_cell": 0.31,
            "frames_per_second": 12.9,
            "rows_hz": ROWS_HZ,
            "rates_hz": RATES_HZ,
            "genres": averages,
        },
        "sounds": {},
    }
    for name in GENRES:
        content["sounds"][name] = [
            sound(name, f"{name}-{index}.ogg", kind)
            for index, kind in enumerate(("instrument", "instrument", "spectrogram"), start=1)
        ]
        for one in content["sounds"][name]:
            (tmp_path / one["file"]).write_bytes(file.getvalue())
    monkeypatch.setattr(genre_portraits, "FOLDER", tmp_path)

    def write() -> None:
        (tmp_path / "genres.json").write_text(json.dumps(content), encoding="utf-8")

    write()
    return content, write


def title(app):
    return app.title[0].value


def test_a_genre_is_played_told_and_drawn(opened, made):
    app = opened("genres")
    assert not app.exception
    assert title(app) == "What rock sounds like"
    assert len(app.get("audio")) == 3
    assert "Rock: from 2 to 8 kHz" in [h.value.replace("\u00a0", " ") for h in app.header]
    prose = text(app)
    assert "55 % against 35 %" in prose
    assert "hears **rock, 91 %** in this sound" in prose
    assert "hears **metal, 91 %**, and rock, 1 % in this sound" in prose
    assert "it names 12 of them right" in prose
    assert "python -m model genre-sounds" in prose
    assert len(figures(app)) == 3


def test_made_sounds_are_of_a_kind_that_every_browser_plays(opened, made, monkeypatch):
    played = []
    monkeypatch.setattr(
        streamlit, "audio", lambda data, kind, **options: played.append((data, kind))
    )
    app = opened("genres")
    assert not app.exception
    assert len(played) == 3
    content, _ = made
    for (data, kind), sound in zip(played, content["sounds"]["rock"], strict=True):
        assert kind == "audio/wav"
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
        assert soundfile.info(io.BytesIO(data)).format == "WAV"
        expected, expected_rate = soundfile.read(genre_portraits.FOLDER / sound["file"])
        assert rate == expected_rate
        np.testing.assert_allclose(samples, expected, atol=2 / 2**15)


def test_another_genre_is_one_click_or_a_link_away(opened, made):
    app = opened("genres")
    app.pills(key="of").set_value("hiphop").run()
    assert not app.exception
    assert title(app) == "What hip hop sounds like"


def test_a_link_chooses_the_genre(app, made):
    app.query_params["of"] = "jazz"
    open_page(app, "genres")
    assert title(app) == "What jazz sounds like"


def test_our_own_sample_of_the_genre_is_explained(opened, made):
    app = opened("genres")
    ((header, _),) = stages(app)
    assert header["panels"][0]["title"] == "What speaks for rock"


def test_the_clip_at_hand_is_shown_as_all_genres_the_most_probable_first(app, made):
    upload(app, tone_wav(ROCK))
    open_page(app, "genres")
    assert not app.exception
    _, (header, _) = stages(app)
    titles = [panel["title"].replace("\u00a0", " ") for panel in header["panels"]]
    assert len(titles) == len(GENRES)
    assert titles[0].startswith("As rock, ")
    (blues,) = [panel for panel in header["panels"] if panel["title"].startswith("As blues")]
    assert "Nothing in this song speaks for blues" in blues["nothing"]
    assert len({panel["scale"] for panel in header["panels"]}) == 1


def test_portraits_of_other_weights_are_said_to_be_so(opened, made):
    content, write = made
    content["model"]["sha256"] = "f" * 64
    write()
    app = opened("genres")
    assert not app.exception
    assert "other weights" in text(app)


def test_without_portraits_the_page_says_how_to_make_them(opened, made, tmp_path):
    (tmp_path / "genres.json").unlink()
    app = opened("genres")
    assert not app.exception
    assert "have not been made yet" in text(app)
    assert len(stages(app)) == 1
