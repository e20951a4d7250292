"""Listen: bringing in a clip, the verdict, the evidence and the player."""

import json
import re
import threading

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import model.audio.clip
from model.constants import GENRES, SAMPLE_RATE
from model.explain.methods import METHODS, MORE_METHODS
from model.genres import GROUPS
from model.networks.shipped import WeightsError
from pages.panels import stage
from pages.session import cached, network, samples
from pages.words.methods import method_sentences
from tests.pages.conftest import APP
from tests.pages.driving import (
    METAL,
    ROCK,
    clips,
    figures,
    headers,
    open_page,
    panels,
    set_on_stage,
    stages,
    text,
    tone_wav,
    upload,
)


def downloads(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def relevance(app: AppTest) -> np.ndarray:
    """The one map on the page."""
    ((_, maps),) = stages(app)
    return maps["0"]


def test_without_a_clip_the_page_says_what_to_do(app, tmp_path, monkeypatch):
    monkeypatch.setattr(samples, "FOLDER", tmp_path)  # nor an example, of which there is no sound
    app.run()
    assert not app.exception
    assert "Bring a song" in text(app)
    (empty,) = app.get("plotly_chart")  # for which the browser fetches the scripts of charts
    assert not json.loads(empty.proto.spec)["data"]
    assert not stages(app)


def test_an_upload_gets_verdict_picture_and_player(listening, small_network):
    assert not listening.exception
    assert not listening.error
    assert headers(listening)[0].startswith("Rock, ")
    assert headers(listening)[1] == "What speaks for rock"
    bars, _ = figures(listening)
    assert len(bars["data"][0]["y"]) == len(GENRES)
    assert bars["data"][0]["y"][0] == "<b>rock</b>"
    ((header, maps),) = stages(listening)
    (clip,) = clips(listening)
    assert header["clip"] == clip["id"]
    assert len(header["panels"]) == len(maps) == 1
    assert maps["0"].max() == pytest.approx(header["panels"][0]["scale"], rel=0.01)
    assert downloads(listening)[:2] == ["Kept (WAV)", "Rest (WAV)"]
    assert small_network.verdicts == 1


def test_a_recording_is_analysed(app):
    app.audio_input(key="recording").upload("r.wav", tone_wav(METAL)).run()
    assert not app.exception
    assert headers(app)[0].startswith("Metal, ")
    assert "<strong>Recording</strong>" in text(app)


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
    app.run()
    app.pills(key="sample").set_value("jazz.wav").run()
    assert not app.exception
    assert "<strong>A high note</strong>" in text(app)
    assert "Synthesised jazz sample, Somebody, CC0-1.0. Made for this test." in text(app)
    assert headers(app)[0].startswith("Rock, ")


def test_without_samples_the_page_says_so(app, tmp_path, monkeypatch):
    monkeypatch.setattr(samples, "FOLDER", tmp_path)
    app.run()
    assert not app.exception
    assert "without samples" in text(app)


def test_a_bad_file_is_named_and_the_previous_clip_stays(listening, small_network):
    before = headers(listening), figures(listening)
    upload(listening, b"these are no sounds", "notes.txt")
    assert not listening.exception
    with pytest.raises(model.audio.clip.AudioError) as expected:
        model.audio.clip.decode(b"these are no sounds", "notes.txt")
    assert [error.value for error in listening.error] == [str(expected.value)]
    assert (headers(listening), figures(listening)) == before
    assert "<strong>song.wav</strong>" in text(listening)
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
    set_on_stage(listening, "stage", threshold=0.8)
    listening.selectbox(key="genre").set_value("jazz").run()
    listening.segmented_control(key="method").set_value("crm-class").run()
    open_page(open_page(listening, "compare"), "listen")
    assert not listening.exception
    assert small_network.verdicts == 1


@pytest.mark.parametrize("method", MORE_METHODS)
def test_methods_that_take_longer_say_how_long_before_they_run(listening, method):
    label = METHODS[method].label
    (button,) = (b for b in listening.button if b.key == f"method-{method}")
    offered = button.label.replace("\u00a0", " ")
    assert re.fullmatch(rf"{re.escape(label)}: (under a second|about \d+ s)", offered)
    button.click().run()
    assert not listening.exception
    assert listening.segmented_control(key="method").value == method
    assert method_sentences(method) in text(listening)
    (panel,) = panels(listening)
    assert panel["smooth"] == METHODS[method].smooth
    assert panel["scale"] > 0
    listening.segmented_control(key="method").set_value("cam").run()
    assert label not in listening.segmented_control(key="method").options


def test_another_class_or_method_brings_another_map(listening):
    rock, name = relevance(listening), panels(listening)[0]["id"]
    listening.selectbox(key="genre").set_value("metal").run()
    assert not np.array_equal(relevance(listening), rock)
    assert panels(listening)[0]["id"] != name
    listening.selectbox(key="genre").set_value("rock").run()
    assert panels(listening)[0]["id"] == name
    listening.segmented_control(key="method").set_value("crm-class").run()
    assert not np.array_equal(relevance(listening), rock)
    assert panels(listening)[0]["id"] != name


def test_merging_brings_another_map_of_every_class(listening):
    """A lead map compares a class with all others, and so with those that are merged."""
    listening.segmented_control(key="method").set_value("lead").run()
    listening.selectbox(key="genre").set_value("jazz").run()
    name = panels(listening)[0]["id"]
    listening.toggle(key="merge").set_value(True).run()
    assert listening.selectbox(key="genre").value == "jazz"
    assert panels(listening)[0]["id"] != name


def test_only_a_map_with_a_line_is_said_to_have_one(listening):
    assert "white line" not in text(listening)
    assert "The stronger a place speaks, the more of its sound is kept." in text(listening)
    listening.segmented_control(key="method").set_value("cam").run()
    assert "What lies inside the white line is kept." in text(listening)
    assert "The stronger a place" not in text(listening)


def test_the_clip_is_the_same_for_every_class(listening):
    """So that it goes to the browser only once."""
    payloads = {listening.get("bidi_component")[0].proto.bytes}
    listening.selectbox(key="genre").set_value("jazz").run()
    set_on_stage(listening, "stage", threshold=0.9)
    payloads.add(listening.get("bidi_component")[0].proto.bytes)
    assert len(payloads) == len(clips(listening)) == 1


def test_a_box_on_the_picture_can_be_taken_along(listening):
    box = {"firstBand": 90, "lastBand": 110, "firstFrame": 10, "lastFrame": 60}
    set_on_stage(listening, "stage", box=box)
    assert not listening.exception
    both = ["Kept (WAV)", "Rest (WAV)", "Box (WAV)", "All but the box (WAV)"]
    assert downloads(listening)[:4] == both
    open_page(open_page(listening, "compare"), "listen")
    assert stages(listening)[0][0]["settings"]["box"] == box
    upload(listening, tone_wav(METAL), "other.wav")
    assert not set(both[2:]) & set(downloads(listening)), "the box was on another clip"


def test_crm_says_that_it_is_the_same_for_every_class(listening):
    listening.segmented_control(key="method").set_value("crm").run()
    map_for_rock = relevance(listening)
    assert headers(listening)[1] == "What matters to all ten genres"
    assert "the same whichever genre you choose" in text(listening)
    listening.selectbox(key="genre").set_value("jazz").run()
    np.testing.assert_array_equal(relevance(listening), map_for_rock)


def test_clip_and_choices_stay_when_the_page_changes(listening):
    listening.selectbox(key="genre").set_value("metal")
    listening.segmented_control(key="method").set_value("crm-class")
    set_on_stage(listening, "stage", threshold=0.7, opacity=0.3, against=True)
    before = headers(listening), figures(listening), panels(listening)
    settings = {"threshold": 0.7, "opacity": 0.3, "against": True, "bed": False, "box": None}
    open_page(listening, "about")
    open_page(listening, "compare")
    assert stages(listening)[0][0]["settings"] == settings
    open_page(listening, "listen")
    assert listening.selectbox(key="genre").value == "metal"
    assert listening.segmented_control(key="method").value == "crm-class"
    assert stages(listening)[0][0]["settings"] == settings
    assert (headers(listening), figures(listening), panels(listening)) == before


def test_a_class_without_evidence_is_said_in_words(listening):
    listening.selectbox(key="genre").set_value("blues").run()
    assert not listening.exception
    assert relevance(listening).max() <= 0
    assert panels(listening)[0]["nothing"].startswith("Nothing in this song speaks for blues")


def test_similar_genres_are_merged_and_parted_again(listening, small_network):
    listening.segmented_control(key="method").set_value("cam").run()
    rock = relevance(listening)
    listening.selectbox(key="genre").set_value("metal").run()
    metal = relevance(listening)
    listening.toggle(key="merge").set_value(True).run()
    assert not listening.exception
    assert headers(listening) == [headers(listening)[0], "What speaks for rock or metal"]
    assert headers(listening)[0].startswith("Rock or metal, ")
    bars = figures(listening)[0]["data"][0]
    assert bars["y"][0] == "<b>rock or metal</b>"
    assert len(bars["y"]) == len(GENRES) - len(GROUPS)
    np.testing.assert_allclose(relevance(listening), rock + metal, rtol=1e-3)
    listening.selectbox(key="genre").set_value("disco+pop").run()
    assert headers(listening)[1] == "What speaks for disco or pop"
    listening.toggle(key="merge").set_value(False).run()
    assert headers(listening)[1] in {"What speaks for disco", "What speaks for pop"}
    assert small_network.verdicts == 1


def test_a_long_clip_is_looked_at_where_the_user_says(app, small_network):
    upload(app, tone_wav(ROCK, seconds=45))
    start = app.slider(key="start")
    assert (start.min, start.max) == (0.0, 15.0)
    assert "Looking at 0:00 to 0:30 of 0:45." in text(app)
    start.set_value(12.0).run()
    assert "Looking at 0:12 to 0:42 of 0:45." in text(app)
    assert clips(app)[0]["start"] == 12.0
    assert small_network.verdicts == 2
    upload(app, tone_wav(METAL, seconds=40), "other.wav")
    assert app.slider(key="start").value == 0.0


def test_what_the_decoder_notes_is_shown(app, monkeypatch):
    def noting(data: bytes, name: str) -> model.audio.clip.Clip:
        clip = model.audio.clip.decode(data, name)
        return model.audio.clip.Clip(clip.waveform, name, clip.sha256, ("Only so much was read.",))

    monkeypatch.setattr(cached, "decode", noting)
    upload(app, tone_wav(ROCK))
    assert [note.value for note in app.info] == ["Only so much was read."]


def test_the_spectrogram_is_drawn_before_the_network_is_awake(small_network, monkeypatch):
    """The network wakes only once the spectrogram is on the page."""
    load, drawn = network.load_classifier, threading.Event()

    def load_when_drawn():
        assert drawn.wait(timeout=120), "the page waited for the network"
        return load()

    monkeypatch.setattr(network, "load_classifier", load_when_drawn)
    mount = stage._mount

    def mount_and_tell(*args, **kwargs):
        drawn.set()
        return mount(*args, **kwargs)

    monkeypatch.setattr(stage, "_mount", mount_and_tell)
    app = upload(AppTest.from_file(str(APP), default_timeout=120).run(), tone_wav(ROCK))
    assert not app.exception
    assert headers(app) == [headers(app)[0], "What speaks for rock"]


def test_a_network_that_can_not_be_loaded_is_a_clear_message(small_network, monkeypatch):
    def fail():
        raise WeightsError("The weights x.keras are missing from model/weights.")

    load = network.load_classifier
    monkeypatch.setattr(network, "load_classifier", fail)
    app = upload(AppTest.from_file(str(APP), default_timeout=120).run(), tone_wav(ROCK))
    assert not app.exception
    assert [error.value for error in app.error] == [
        "The weights x.keras are missing from model/weights. Without it there is no verdict."
    ]
    assert not panels(app), "the spectrogram needs no network"
    monkeypatch.setattr(network, "load_classifier", load)
    app.button[0].click().run()
    assert not app.error
    assert headers(app)[0].startswith("Rock, ")


def test_a_clip_that_begins_silent_is_looked_at_from_its_sound_on(app):
    sound = model.audio.clip.decode(tone_wav(ROCK)).waveform
    late = np.pad(sound, (12 * SAMPLE_RATE, 0))
    upload(app, model.audio.clip.encode_wav(late))
    assert "The first 12 s are silent, so the network listens from 0:12 on." in text(app)
    assert headers(app)[0].startswith("Rock, ")
    assert clips(app)[0]["start"] == pytest.approx(12.0, abs=0.4)
    # With silence behind it there is more to choose from, and the sound is within the choice.
    upload(app, model.audio.clip.encode_wav(np.pad(late, (0, 20 * SAMPLE_RATE))), "longer.wav")
    assert app.slider(key="start").value == 12.0
    assert app.slider(key="start").max >= 12.0
    app.slider(key="start").set_value(0.0).run()
    assert headers(app)[0].startswith("Rock, "), "the silence before it decides nothing"


def test_a_silent_stretch_is_a_clear_message(app):
    sound = model.audio.clip.decode(tone_wav(ROCK)).waveform
    upload(app, model.audio.clip.encode_wav(np.pad(sound, (0, 40 * SAMPLE_RATE))))
    assert headers(app)[0].startswith("Rock, ")
    app.slider(key="start").set_value(10.0).run()
    assert not app.exception
    assert "only silence from 10.0 s to 40.0 s" in app.error[0].value
    app.slider(key="start").set_value(0.0).run()
    assert not app.error
    assert headers(app)[0].startswith("Rock, ")
