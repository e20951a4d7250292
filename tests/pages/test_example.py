"""The example on the first page: what the app does, before anything is asked."""

import numpy as np
import pytest

from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.export import example as made_ahead
from model.export.player_payload import pack_clip
from model.networks.shipped import read_card
from pages.session import example
from pages.session.samples import samples
from tests.pages.driving import ROCK, clips, headers, stages, text, tone_wav, upload
from tests.payloads import unpack


def shipped() -> made_ahead.Example:
    """The example that ships."""
    found = made_ahead.read_example()
    assert found is not None
    return found


def test_the_first_page_shows_a_sample_already_explained(app, small_network):
    assert not app.exception
    facts = shipped().facts
    genre = facts["genre"]
    assert headers(app) == [
        f"{genre.capitalize()}, {facts['probabilities'][genre]:.0%}".replace("%", " %"),
        f"What made it {genre}",
    ]
    ((header, maps),) = stages(app)
    assert header["clip"] == clips(app)[0]["id"] == facts["clip"]
    assert header["settings"]["part"] == "kept"
    assert header["invitation"] == f"Play what made it {genre}"
    assert maps["0"].max() == pytest.approx(header["panels"][0]["scale"])
    assert small_network.verdicts == 0, "it needs no network"


def test_its_sound_and_picture_are_those_of_the_sample():
    shown = example.example_at_hand()
    assert shown is not None
    excerpt = prepare(decode(shown.sample.read(), shown.sample.file))
    (_, kept), (_, fresh) = unpack(shown.payload), unpack(pack_clip(excerpt))
    assert kept.keys() == fresh.keys()
    for name, expected in fresh.items():
        # Whole numbers may be rounded to either side, and floats differ in their last digits.
        one = 1 if expected.dtype.kind in "iu" else 1e-6
        found, wanted = kept[name].astype(np.float64), expected.astype(np.float64)
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=one, err_msg=name)


def test_a_song_takes_the_examples_place(app):
    upload(app, tone_wav(ROCK))
    assert not app.exception
    assert headers(app)[1] == "What speaks for rock"
    ((header, _),) = stages(app)
    assert "invitation" not in header
    assert "An example" not in text(app)


def test_the_example_can_be_looked_at_closer(app, small_network):
    (closer,) = [button for button in app.button if button.label.startswith("Look closer")]
    closer.click().run()
    assert not app.exception
    assert small_network.verdicts == 1
    facts = shipped().facts
    assert app.pills(key="sample").value == facts["sample"]
    assert stages(app)[0][0]["clip"] == facts["clip"], "the same stage, so that it plays on"


def test_an_example_of_another_network_or_sample_is_not_shown(tmp_path, monkeypatch):
    assert example.example_at_hand()
    card = read_card()
    monkeypatch.setattr(example, "read_card", lambda: {**card, "sha256": "0" * 64})
    assert example.example_at_hand() is None
    monkeypatch.undo()
    found = shipped()
    found.facts["sample_sha256"] = "0" * 64
    monkeypatch.setattr(example, "read_example", lambda: found)
    assert example.example_at_hand() is None
    monkeypatch.setattr(example, "read_example", lambda: made_ahead.read_example(tmp_path))
    assert example.example_at_hand() is None


def test_an_uploaded_song_marks_no_sample_and_a_sample_empties_the_uploader(app):
    app.pills(key="sample").set_value("jazz.ogg").run()
    assert "<strong>Corner Table</strong>" in text(app)
    upload(app, tone_wav(ROCK), "mine.wav")
    assert app.pills(key="sample").value is None
    assert "<strong>mine.wav</strong>" in text(app)
    app.pills(key="sample").set_value("blues.ogg").run()
    assert not app.file_uploader[0].value
    assert "<strong>mine.wav</strong>" not in text(app)


def test_all_samples_are_in_sight_beside_the_uploader_and_the_recorder(app):
    assert list(app.pills(key="sample").options) == [
        "hip hop" if sample.genre == "hiphop" else sample.genre for sample in samples().values()
    ]
    assert app.file_uploader
    assert app.audio_input
