"""The lines on what else is heard and how familiar it is, beside the verdict on Listen."""

import pytest

from model.familiarity import Familiarity
from model.other_sounds import OtherSounds
from pages.panels import other_sounds
from pages.panels.other_sounds import how_familiar, in_words
from pages.session import cached
from tests.pages.driving import ROCK, headers, text, tone_wav, upload


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (OtherSounds((), 0.9, 0.1), ""),
        (OtherSounds(("speech", "crowd"), 0.9, 0.1), "Also heard: speech and crowd."),
    ],
)
def test_what_is_heard_is_said(heard, words):
    assert in_words(heard) == words


def test_speech_is_told_to_be_hardly_music(app, monkeypatch):
    speech = OtherSounds(("speech",), music=0.1, other=0.9)
    monkeypatch.setattr(cached, "hear_sounds", lambda _: speech)
    upload(app, tone_wav(ROCK))
    assert not app.exception
    assert "take the genre as a guess" in text(app)
    assert "Also heard: speech." in text(app)


def test_the_verdict_stands_where_nothing_else_can_be_heard(app, monkeypatch):
    def fail(_waveform: object) -> OtherSounds:
        raise RuntimeError("no memory")

    monkeypatch.setattr(cached, "hear_sounds", fail)
    upload(app, tone_wav(ROCK))
    assert not app.exception
    assert headers(app)[0].startswith("Rock, ")


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "Unlike anything the network knows"),
        (0.1, "of 100 songs that it was tried with, 90 are more like"),
        (0.6, "Familiar ground"),
    ],
)
def test_how_familiar_a_song_is_is_said(share, words):
    assert words in how_familiar(Familiarity(1.0, share))


@pytest.mark.parametrize(("other", "said"), [(0.1, True), (0.9, False)])
def test_familiarity_is_told_of_music_only(app, monkeypatch, other, said):
    heard = OtherSounds((), music=0.5, other=other)
    monkeypatch.setattr(cached, "hear_sounds", lambda _: heard)
    monkeypatch.setattr(other_sounds, "familiarity_of", lambda *_: Familiarity(2.0, 0.0))
    upload(app, tone_wav(ROCK))
    assert not app.exception
    assert ("Unlike anything" in text(app)) == said
