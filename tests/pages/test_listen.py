"""Listen: bringing in a clip, the verdict, the evidence and the players."""

import json
import threading

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import model.audio
from model.classifier import WeightsError
from model.constants import GENRES, SAMPLE_RATE
from pages.widgets import cached, network, samples
from tests.pages.conftest import APP
from tests.pages.driving import (
    METAL,
    ROCK,
    figures,
    headers,
    heatmaps,
    open_page,
    text,
    tone_wav,
    upload,
)


def test_without_a_clip_the_page_says_what_to_do(app):
    assert not app.exception
    assert "Bring a song" in text(app)
    assert not app.get("plotly_chart")
    assert not app.get("audio")


def test_an_upload_gets_verdict_picture_and_three_players(listening, small_network):
    assert not listening.exception
    assert not listening.error
    assert headers(listening)[0].startswith("Rock, ")
    assert headers(listening)[1] == "What speaks for rock"
    bars, picture = figures(listening)
    assert len(bars["data"][0]["y"]) == len(GENRES)
    assert bars["data"][0]["y"][0] == "<b>rock</b>"
    assert [trace["type"] for trace in picture["data"]] == ["heatmap", "heatmap"] + 2 * ["contour"]
    assert len(listening.get("audio")) == 3
    assert small_network.verdicts == 1


def test_a_recording_is_analysed(app):
    app.segmented_control(key="source").set_value("Record").run()
    app.audio_input(key="recording").upload("r.wav", tone_wav(METAL)).run()
    assert not app.exception
    assert headers(app)[0].startswith("Metal, ")
    assert "**Recording**" in text(app)


def test_a_sample_says_what_it_is_and_the_verdict_stands(app, tmp_path, monkeypatch):
    entry = {
        "genre": "jazz",
        "file": "jazz.wav",
        "title": "A high note",
        "kind": "synthesised",
        "author": "Somebody",
        "licence": "CC0-1.0",
        "source": "our own code",
        "note": "Made for this test.",
    }
    (tmp_path / "samples.json").write_text(json.dumps([entry]))
    (tmp_path / "jazz.wav").write_bytes(tone_wav(ROCK))
    monkeypatch.setattr(samples, "FOLDER", tmp_path)
    app.segmented_control(key="source").set_value("Sample").run()
    app.pills(key="sample").set_value("jazz.wav").run()
    assert not app.exception
    assert "**A high note**" in text(app)
    assert "Synthesised jazz sample, Somebody, CC0-1.0. Made for this test." in text(app)
    assert headers(app)[0].startswith("Rock, ")


def test_without_samples_the_page_says_so(app, tmp_path, monkeypatch):
    monkeypatch.setattr(samples, "FOLDER", tmp_path)
    app.segmented_control(key="source").set_value("Sample").run()
    assert not app.exception
    assert "without samples" in text(app)


def test_a_bad_file_is_named_and_the_previous_clip_stays(listening, small_network):
    before = headers(listening), figures(listening)
    upload(listening, b"these are no sounds", "notes.txt")
    assert not listening.exception
    with pytest.raises(model.audio.AudioError) as expected:
        model.audio.decode(b"these are no sounds", "notes.txt")
    assert [error.value for error in listening.error] == [str(expected.value)]
    assert (headers(listening), figures(listening)) == before
    assert "**song.wav**" in text(listening)
    assert small_network.verdicts == 1


def test_the_next_good_file_ends_the_complaint(listening):
    upload(listening, b"", "empty.wav")
    assert listening.error
    upload(listening, tone_wav(METAL), "other.wav")
    assert not listening.error
    assert headers(listening)[0].startswith("Metal, ")


def test_a_new_clip_brings_the_class_back_to_the_winner(listening):
    listening.selectbox(key="genre").set_value("jazz").run()
    assert headers(listening)[1] == "What speaks for jazz"
    upload(listening, tone_wav(METAL), "other.wav")
    assert headers(listening)[1] == "What speaks for metal"


def test_no_choice_repeats_decoding_spectrogram_or_network(listening, small_network, monkeypatch):
    def again(*_args: object) -> None:
        raise AssertionError("this work was done before")

    monkeypatch.setattr(cached, "decode", again)
    monkeypatch.setattr(cached, "prepare", again)
    listening.slider(key="threshold").set_value(0.8).run()
    listening.selectbox(key="genre").set_value("jazz").run()
    listening.segmented_control(key="method").set_value("crm-class").run()
    listening.slider(key="opacity").set_value(0.2).run()
    open_page(open_page(listening, "compare"), "listen")
    assert not listening.exception
    assert small_network.verdicts == 1


def test_the_choices_change_the_picture(listening):
    before = heatmaps(listening)[0]
    listening.slider(key="opacity").set_value(0.2).run()
    assert heatmaps(listening)[0]["opacity"] == 0.2
    assert heatmaps(listening)[0]["z"] == before["z"]
    listening.selectbox(key="genre").set_value("metal").run()
    assert heatmaps(listening)[0]["z"] != before["z"]
    listening.toggle(key="against").set_value(True).run()
    assert heatmaps(listening)[0]["zmin"] == -100


def test_the_threshold_moves_the_line(listening):
    def lines() -> list[dict]:
        return [t["z"] for t in figures(listening)[1]["data"] if t["type"] == "contour"]

    before = lines()
    listening.slider(key="threshold").set_value(0.95).run()
    assert lines() != before


def test_crm_says_that_it_is_the_same_for_every_class(listening):
    listening.segmented_control(key="method").set_value("crm").run()
    map_for_rock = heatmaps(listening)[0]["z"]
    assert headers(listening)[1] == "What matters to all ten scores"
    assert "the same whichever class you choose" in text(listening)
    listening.selectbox(key="genre").set_value("jazz").run()
    assert heatmaps(listening)[0]["z"] == map_for_rock


def test_clip_and_choices_stay_when_the_page_changes(listening):
    listening.selectbox(key="genre").set_value("metal")
    listening.segmented_control(key="method").set_value("crm-class")
    listening.slider(key="threshold").set_value(0.7)
    listening.slider(key="opacity").set_value(0.3).run()
    before = headers(listening), figures(listening)
    open_page(listening, "about")
    open_page(listening, "compare")
    assert listening.slider(key="threshold").value == 0.7
    open_page(listening, "listen")
    assert listening.selectbox(key="genre").value == "metal"
    assert listening.segmented_control(key="method").value == "crm-class"
    assert listening.slider(key="threshold").value == 0.7
    assert (headers(listening), figures(listening)) == before


def test_a_class_without_evidence_is_said_in_words(listening):
    listening.selectbox(key="genre").set_value("blues").run()
    assert not listening.exception
    assert "CAM for blues finds nothing in this clip" in text(listening)
    assert len(listening.get("audio")) == 3


def test_a_long_clip_is_looked_at_where_the_user_says(app, small_network):
    upload(app, tone_wav(ROCK, seconds=45))
    start = app.slider(key="start")
    assert (start.min, start.max) == (0.0, 15.0)
    assert "Looking at 0:00 to 0:30 of 0:45." in text(app)
    start.set_value(12.0).run()
    assert "Looking at 0:12 to 0:42 of 0:45." in text(app)
    assert heatmaps(app)[0]["x0"] == pytest.approx(12.0, abs=0.1)
    assert small_network.verdicts == 2
    upload(app, tone_wav(METAL, seconds=40), "other.wav")
    assert app.slider(key="start").value == 0.0


def test_what_the_decoder_notes_is_shown(app, monkeypatch):
    def noting(data: bytes, name: str) -> model.audio.Clip:
        clip = model.audio.decode(data, name)
        return model.audio.Clip(clip.waveform, name, clip.sha256, ("Only so much was read.",))

    monkeypatch.setattr(cached, "decode", noting)
    upload(app, tone_wav(ROCK))
    assert [note.value for note in app.info] == ["Only so much was read."]


def test_file_names_are_not_read_as_markdown(app):
    upload(app, tone_wav(ROCK), "my_*best*_[song](x).wav")
    assert r"**my\_\*best\*\_\[song\]\(x\).wav**" in text(app)


def test_the_spectrogram_is_drawn_before_the_network_is_awake(small_network, monkeypatch):
    """The network wakes only once the spectrogram is on the page."""
    load, drawn = network.load_classifier, threading.Event()

    def load_when_drawn():
        assert drawn.wait(timeout=20), "the page waited for the network"
        return load()

    monkeypatch.setattr(network, "load_classifier", load_when_drawn)
    show = st.plotly_chart

    def show_and_tell(*args, **kwargs):
        drawn.set()
        return show(*args, **kwargs)

    monkeypatch.setattr(st, "plotly_chart", show_and_tell)
    app = upload(AppTest.from_file(str(APP), default_timeout=40).run(), tone_wav(ROCK))
    assert not app.exception
    assert headers(app) == [headers(app)[0], "What speaks for rock"]


def test_a_network_that_can_not_be_loaded_is_a_clear_message(small_network, monkeypatch):
    def fail():
        raise WeightsError("The weights x.keras are missing from model/weights.")

    load = network.load_classifier
    monkeypatch.setattr(network, "load_classifier", fail)
    app = upload(AppTest.from_file(str(APP), default_timeout=30).run(), tone_wav(ROCK))
    assert not app.exception
    assert [error.value for error in app.error] == [
        "The weights x.keras are missing from model/weights. "
        "The rest of the page needs the network."
    ]
    assert len(figures(app)) == 1, "the spectrogram needs no network"
    monkeypatch.setattr(network, "load_classifier", load)
    app.button[0].click().run()
    assert not app.error
    assert headers(app)[0].startswith("Rock, ")


def test_a_silent_stretch_is_a_clear_message(app):
    sound = model.audio.decode(tone_wav(ROCK)).waveform
    upload(app, model.audio.encode_wav(np.pad(sound, (0, 40 * SAMPLE_RATE))))
    assert headers(app)[0].startswith("Rock, ")
    app.slider(key="start").set_value(10.0).run()
    assert not app.exception
    assert "only silence from 10.0 s to 40.0 s" in app.error[0].value
    app.slider(key="start").set_value(0.0).run()
    assert not app.error
    assert headers(app)[0].startswith("Rock, ")
