"""Whole song: windows as they come, the course over time, the verdict and its uncertainty."""

import base64
from functools import cache
from typing import Any

import numpy as np
import pytest

import model.songs.whole_song
from model.audio.clip import decode, encode_wav
from model.constants import GENRES, SAMPLE_RATE
from model.genres import GROUPS
from model.songs.whole_song import windows_of
from pages.session.cached import windows_heard
from tests.pages.driving import (
    METAL,
    ROCK,
    figures,
    headers,
    open_page,
    text,
    tone_wav,
    upload,
)

# What Listen and Compare hear of a song by themselves: the window that they show.
HEARD_BY_OTHERS = 1


@cache
def song(*parts: tuple[float | None, float]) -> bytes:
    """Tones, or silence, of so many seconds each."""
    waveforms = [
        np.zeros(round(seconds * SAMPLE_RATE), np.float32)
        if hertz is None
        else decode(tone_wav(hertz, seconds)).waveform
        for hertz, seconds in parts
    ]
    return encode_wav(np.concatenate(waveforms))


def values(array: Any) -> np.ndarray:
    """Read an array of a figure as Plotly packs it."""
    if isinstance(array, dict):
        return np.frombuffer(base64.b64decode(array["bdata"]), array["dtype"])
    return np.asarray(array)


def areas(app) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Times, and the probabilities at these times of every class."""
    traces = [trace for trace in figures(app)[1]["data"] if trace["type"] == "scatter"]
    return values(traces[0]["x"]), {trace["name"]: values(trace["y"]) for trace in traces}


def windows(app) -> dict[str, Any]:
    """The buttons of the windows by what they say, with plain spaces."""
    buttons = {button.label.replace("\u00a0", " "): button for button in app.button}
    return {label: button for label, button in buttons.items() if label[0].isdigit()}


def press(app, label: str):
    """Press the button whose label begins so."""
    (button,) = [button for button in app.button if button.label.startswith(label)]
    return button.click().run()


@pytest.fixture
def following(opened):
    """The page with a song of four windows, brought there: metal, both, rock and rock."""
    return upload(opened("song"), song((METAL, 45), (ROCK, 60)))


def test_without_a_clip_the_page_says_what_to_do(opened, small_network):
    app = opened("song")
    assert not app.exception
    assert "Bring a whole song" in text(app)
    assert small_network.verdicts == 0


def test_a_song_is_brought_here_as_well(opened):
    app = opened("song")
    upload(app, tone_wav(METAL, seconds=40))
    assert not app.exception
    assert headers(app)[0].startswith("Metal, ")
    open_page(app, "listen")
    assert headers(app)[0].startswith("Metal, ")


def test_every_window_is_heard_once_and_the_verdict_is_on_all(following, small_network):
    assert not following.exception
    assert headers(following)[0].startswith("Rock, ")
    assert headers(following)[1] == "Over time"
    assert small_network.verdicts == 4
    assert "its 4 half minutes differ" in text(following)
    assert "The song has few parts" in text(following)
    open_page(open_page(following, "compare"), "song")
    assert headers(following)[0].startswith("Rock, ")
    assert small_network.verdicts == 4 + HEARD_BY_OTHERS, "what is heard is remembered"


def test_areas_fill_the_picture_and_their_size_is_the_verdict(following):
    times, shares = areas(following)
    assert len(shares) == len(GENRES)
    assert np.all(np.diff(times) > 0)
    assert (times[0], times[-1]) == (pytest.approx(0, abs=0.01), pytest.approx(105, abs=0.01))
    np.testing.assert_allclose(sum(shares.values()), 1, atol=1e-5)
    bars = figures(following)[0]["data"][0]
    verdict = dict(zip(bars["y"], values(bars["x"]), strict=True))
    for name, share in shares.items():
        assert np.trapezoid(share, times) / 105 == pytest.approx(verdict[name], abs=1e-3)


def test_moment_by_moment_is_finer_and_says_when(following):
    coarse, _ = areas(following)
    following.segmented_control(key="song_detail").set_value("Moments").run()
    assert not following.exception
    times, shares = areas(following)
    assert len(times) > 10 * len(coarse)
    assert np.all(np.diff(times) > 0)
    metal_leads = shares["metal"] > shares["rock"]
    assert metal_leads[times < 40].all()
    assert not metal_leads[times > 50].any()


def test_a_window_opens_on_the_listen_page(following, small_network):
    assert [label.split(" ")[0] for label in windows(following)] == ["0:00", "0:30", "1:00", "1:15"]
    press(following, "1:15 rock")
    assert not following.exception
    assert following.title[0].value == "What does the network hear?"
    assert following.slider(key="start").value == 75.0
    assert "Looking at 1:15 to 1:45 of 1:45." in text(following)
    assert headers(following)[0].startswith("Rock, ")
    open_page(following, "song")
    assert headers(following)[1] == "Over time", "it is opened once"


@pytest.fixture
def broken_off(app, monkeypatch):
    """The page with a song of four windows, of which the run heard two before it ended."""
    hear = model.songs.whole_song.hear

    def hear_so_much(clip, span, classifier):
        if span.start >= 60:
            raise RuntimeError("the run ends here")
        return hear(clip, span, classifier)

    upload(app, song((METAL, 45), (ROCK, 60)))
    with monkeypatch.context() as patch:
        patch.setattr(model.songs.whole_song, "hear", hear_so_much)
        open_page(app, "song")
    assert len(app.exception) == 1
    return app


def test_windows_are_shown_as_they_come(broken_off):
    assert headers(broken_off)[0].endswith(" so far")
    assert len(windows(broken_off)) == 2
    times, _ = areas(broken_off)
    assert times[-1] == pytest.approx(60, abs=0.01)


def test_what_was_heard_before_a_break_is_not_heard_again(broken_off, small_network):
    broken_off.run()
    assert not broken_off.exception
    assert headers(broken_off)[0].startswith("Rock, ")
    assert len(windows(broken_off)) == 4
    assert small_network.verdicts == 4 + HEARD_BY_OTHERS


def test_two_sessions_hear_one_song_together(app, monkeypatch):
    """The other one is a window ahead."""
    hear, heard = model.songs.whole_song.hear, []

    def hear_beside_another(clip, span, classifier):
        known = windows_heard(clip, classifier)
        spans = windows_of(clip)
        place = spans.index(span)
        for each in spans[place : place + 2]:
            known[each] = hear(clip, each, classifier)
        heard.append(span.start)
        return known[span]

    upload(app, song((METAL, 45), (ROCK, 60)))
    monkeypatch.setattr(model.songs.whole_song, "hear", hear_beside_another)
    open_page(app, "song")
    assert not app.exception
    assert len(windows(app)) == 4
    assert heard == [0, 60], "what the other has heard is not heard again"


def test_hearing_can_be_stopped_and_taken_up_again(broken_off, small_network):
    press(broken_off, "Stop here")
    assert not broken_off.exception
    assert "2 of 4 half minutes have been heard." in text(broken_off)
    assert headers(broken_off)[0].endswith(" so far")
    assert small_network.verdicts == 2 + HEARD_BY_OTHERS
    press(broken_off, "Hear the rest")
    assert headers(broken_off)[0].startswith("Rock, ")
    assert small_network.verdicts == 4 + HEARD_BY_OTHERS


def test_silence_is_left_out_and_said(app):
    open_page(upload(app, song((METAL, 30), (None, 70), (METAL, 20))), "song")
    assert not app.exception
    assert headers(app)[0].startswith("Metal, ")
    assert "70 s of silence are left out" in text(app)
    assert list(windows(app))[1] == "0:30 silence"
    assert [button.disabled for button in windows(app).values()] == [False, True, False]
    assert list(windows(app))[2].startswith("1:40 "), "the next window begins with the sound"
    times, shares = areas(app)
    together = np.sum(list(shares.values()), axis=0)
    assert not together[(times > 31) & (times < 99)].any()


def test_a_song_that_begins_with_silence_has_no_verdict_yet(opened, monkeypatch):
    hear = model.songs.whole_song.hear

    def hear_once(clip, span, classifier):
        if span.start:
            raise RuntimeError("the run ends here")
        return hear(clip, span, classifier)

    monkeypatch.setattr(model.songs.whole_song, "hear", hear_once)
    app = opened("song")
    upload(app, song((None, 40), (METAL, 20)))
    assert "only silence" in text(app)


def test_a_short_clip_has_a_course_and_no_interval(app):
    open_page(upload(app, song((METAL, 6), (ROCK, 6))), "song")
    assert not app.exception
    assert "The song is too short to tell how much it varies." in text(app)
    assert not [control for control in app.segmented_control if control.key == "song_detail"]
    times, shares = areas(app)
    assert times[-1] == pytest.approx(12, abs=0.01)
    assert shares["metal"][0] > shares["rock"][0]
    assert shares["metal"][-1] < shares["rock"][-1]


def test_similar_genres_are_merged(following, small_network):
    following.toggle(key="merge").set_value(True).run()
    assert not following.exception
    assert headers(following)[0].startswith("Rock or metal, ")
    _, shares = areas(following)
    assert len(shares) == len(GENRES) - len(GROUPS)
    np.testing.assert_allclose(sum(shares.values()), 1, atol=1e-5)
    assert small_network.verdicts == 4


def test_listen_has_the_course_of_its_excerpt(app):
    upload(app, song((METAL, 6), (ROCK, 6)))
    explained = "rock" if headers(app)[0].startswith("Rock") else "metal"
    times, shares = areas(app)
    assert next(iter(shares)) == explained, "at the bottom"
    assert times[-1] == pytest.approx(12, abs=0.01)
    assert shares["metal"][0] > shares["rock"][0]
    assert shares["metal"][-1] < shares["rock"][-1]
    either = shares["metal"] + shares["rock"]
    app.toggle(key="merge").set_value(True).run()
    _, shares = areas(app)
    np.testing.assert_allclose(shares["rock or metal"], either, atol=1e-5)
