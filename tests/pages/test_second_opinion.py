"""The second opinion on the Listen page."""

import re
import threading

import pytest

from model.audio.song_statistics import SONG_STATISTICS
from model.networks.shipped import WeightsError
from pages.panels import second_opinion, stage
from pages.session import cached
from pages.words.statistics import statistic_name, what_one_hears
from tests.pages.driving import (
    METAL,
    ROCK,
    headers,
    open_page,
    set_on_stage,
    text,
    tone_wav,
    upload,
)


def told(app) -> str:
    (heading,) = [header.value for header in app.subheader]
    assert heading == "A second opinion, on the sound as a whole"
    return text(app)


def test_it_stands_beside_the_verdict_in_words_and_ranks(listening):
    assert not listening.exception
    words = told(listening)
    assert "It disagrees: **country**, 58 %, where the first opinion is rock." in words
    assert "Rock is number 10 on its list, with 2 %." in words
    assert re.search(r"\| 1 \| rock \d+ % \| country 58 % \|", words)
    assert "What speaks most for country (58 %)" in words
    assert "- a slower beat than average: 10 % without it" in words


def test_it_agrees_where_both_hear_the_same(app, statistician):
    statistician.hears = "metal"
    upload(app, tone_wav(METAL))
    assert "It agrees: **metal**, 58 %." in told(app)


def test_merging_makes_them_agree_on_the_group(app, statistician):
    statistician.hears = "metal"
    upload(app, tone_wav(ROCK))
    assert "It disagrees: **metal**" in told(app)
    app.toggle(key="merge").set_value(True).run()
    assert "It agrees: **rock or metal**, 60 %." in told(app)
    assert "What speaks most for rock or metal" in told(app)
    assert statistician.asked == 1


def test_a_short_excerpt_says_what_it_learned_from(app):
    upload(app, tone_wav(METAL))
    assert "It learned from pieces of 30 s. This one has only 4 s" in told(app)
    upload(app, tone_wav(METAL, seconds=30), "long.wav")
    assert "It learned from pieces" not in told(app)


def test_it_is_asked_once_for_one_excerpt(listening, statistician):
    listening.selectbox(key="genre").set_value("jazz").run()
    set_on_stage(listening, "stage", threshold=0.8)
    open_page(open_page(listening, "compare"), "listen")
    assert statistician.asked == 1
    assert told(listening)


def test_heatmap_and_player_do_not_wait_for_it(app, monkeypatch):
    """It answers only once they are on the page."""
    drawn = threading.Event()
    answer, mount = cached.second_opinion, stage._mount

    def answer_when_drawn(excerpt):
        assert drawn.wait(timeout=20), "the page waited for the second opinion"
        return answer(excerpt)

    def mount_and_tell(*arguments, **options):
        drawn.set()
        return mount(*arguments, **options)

    monkeypatch.setattr(cached, "second_opinion", answer_when_drawn)
    monkeypatch.setattr(stage, "_mount", mount_and_tell)
    upload(app, tone_wav(METAL))
    assert not app.exception
    assert "It disagrees" in told(app)


def test_it_is_given_up_after_a_while_and_shown_when_it_is_there(app, monkeypatch):
    answer, go_on = cached.second_opinion, threading.Event()

    def answer_late(excerpt):
        assert go_on.wait(timeout=60)
        return answer(excerpt)

    monkeypatch.setattr(cached, "second_opinion", answer_late)
    monkeypatch.setattr(second_opinion, "_PATIENCE", 0.4)
    upload(app, tone_wav(METAL))
    upload(app, tone_wav(ROCK), "queued.wav")
    assert "It is taking unusually long." in told(app)
    go_on.set()
    monkeypatch.setattr(second_opinion, "_PATIENCE", 20.0)
    app.run()
    assert "It disagrees: **country**, 58 %, where the first opinion is rock." in told(app)


def test_another_session_that_moves_on_does_not_take_it_away(app, monkeypatch):
    """Both wait for the same question, which is still in the queue."""
    go_on, wait_for = threading.Event(), second_opinion.wait_for
    cached._statistician().submit(go_on.wait, 60)

    def wait_beside_another(work, patience):
        if not go_on.is_set():
            assert work.cancel()
        wait_for(work, patience)
        go_on.set()

    monkeypatch.setattr(second_opinion, "wait_for", wait_beside_another)
    upload(app, tone_wav(METAL))
    assert not app.exception
    assert "It disagrees: **country**" in told(app)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (WeightsError("The weights x.keras are missing."), "There is none: The weights x.keras"),
        (RuntimeError("broken"), "could not be worked out"),
    ],
)
def test_without_an_opinion_the_page_stands_and_asks_again(app, monkeypatch, fault, words):
    answer = cached.second_opinion

    def fail(_excerpt):
        raise fault

    monkeypatch.setattr(cached, "second_opinion", fail)
    upload(app, tone_wav(METAL))
    assert not app.exception
    assert words in told(app)
    assert headers(app)[0].startswith("Metal, ")
    assert headers(app)[1] == "What speaks for metal"
    monkeypatch.setattr(cached, "second_opinion", answer)
    app.run()
    assert "It disagrees" in told(app)


def test_every_statistic_has_a_name_of_its_own_in_words():
    names = [statistic_name(name) for name in SONG_STATISTICS]
    assert len(set(names)) == len(names)
    assert not any("_" in name for name in names)


@pytest.mark.parametrize("deviation", [-1.0, 1.0])
def test_every_statistic_is_something_else_that_one_hears(deviation):
    heard = {what_one_hears(name, deviation) for name in SONG_STATISTICS}
    assert len(heard) == len(SONG_STATISTICS)
    assert not heard & {what_one_hears(name, -deviation) for name in SONG_STATISTICS}


@pytest.mark.parametrize(
    ("deviation", "words"),
    [
        (0.2, "brightness about average"),
        (-0.7, "darker than average"),
        (1.4, "brighter than average"),
        (-3.0, "darker than average by far"),
    ],
)
def test_a_deviation_is_said_in_words(deviation, words):
    assert what_one_hears("spectral_centroid_mean", deviation) == words
