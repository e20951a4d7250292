"""The line on what else is heard, beside the verdict on Listen."""

import pytest

from model.other_sounds import OtherSounds
from pages.panels.other_sounds import in_words
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
