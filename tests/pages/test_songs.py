"""Several songs: a table that grows, its file, and the way from a row to Listen."""

import io

import pandas
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from model.audio.clip import AudioError, decode
from model.constants import GENRES
from model.songs.row import row_of_song
from pages.panels import song_table
from pages.session import song_list
from tests.pages.driving import METAL, ROCK, headers, open_page, text, tone_wav


@pytest.fixture
def songs(opened) -> AppTest:
    """The page, without a song."""
    return opened("songs")


def drop(app: AppTest, **files: bytes) -> AppTest:
    """Drop files at once."""
    (uploader,) = app.file_uploader
    for name, data in files.items():
        uploader.upload(f"{name}.wav", data, "audio/wav")
    return app.run()


def table(app: AppTest) -> pandas.DataFrame:
    (element,) = app.dataframe
    return element.value


def choose(app: AppTest, row: int) -> AppTest:
    """Click a row."""
    (element,) = app.dataframe
    assert element.key
    selection = {"rows": [row], "columns": [], "cells": []}
    app.session_state[element.key] = {"selection": selection}
    return app.run()


def test_without_songs_the_page_says_what_to_do(songs):
    assert not songs.exception
    assert "Bring several songs" in text(songs)
    assert not songs.dataframe


def test_every_song_gets_a_row_and_a_broken_one_its_error(songs, small_network):
    drop(songs, one=tone_wav(ROCK), two=b"these are no sounds", three=tone_wav(METAL, seconds=65))
    assert not songs.exception
    rows = table(songs).set_index("Song")
    assert list(rows.index) == ["one.wav", "two.wav", "three.wav"]
    assert rows.Genre["one.wav"] == "rock"
    assert rows.Genre["three.wav"] == "metal"
    assert rows.Length.dropna().to_list() == ["0:04", "1:05"]
    assert 10 < rows.Probability["one.wav"] <= 100
    assert rows.Second["one.wav"] in GENRES
    with pytest.raises(AudioError) as expected:
        decode(b"these are no sounds")
    assert rows.Note.dropna().to_dict() == {"two.wav": str(expected.value)}
    assert small_network.verdicts == 4, "one window, and three"


def test_the_table_can_be_taken_along(songs, monkeypatch):
    offered = {}
    monkeypatch.setattr(
        st, "download_button", lambda _, make, name, *__, **___: offered.update({name: make})
    )
    drop(songs, one=tone_wav(ROCK), two=b"")
    rows = pandas.read_csv(io.BytesIO(offered["songs.csv"]())).set_index("file")
    assert list(rows.index) == ["one.wav", "two.wav"]
    assert rows.genre["one.wav"] == "rock"
    assert rows.loc["one.wav", list(GENRES)].sum() == pytest.approx(1, abs=1e-5)
    assert "empty" in rows.error["two.wav"]
    meanings = pandas.read_csv(io.BytesIO(offered["songs.columns.csv"]()))
    assert meanings.column.to_list() == [rows.index.name, *rows.columns]
    assert meanings.meaning.notna().all()


def test_rows_come_one_by_one(songs, monkeypatch):
    seen = []
    show = song_table.show_table

    def look(given, key=None):
        seen.append([song.row is not None for song in given])
        return show(given, key)

    monkeypatch.setattr("pages.panels.song_table.show_table", look)
    drop(songs, one=tone_wav(ROCK), two=tone_wav(METAL))
    assert seen == [[False, False], [True, False], [True, True], [True, True]]


def test_nothing_is_heard_twice_and_all_stays(songs, small_network):
    drop(songs, one=tone_wav(ROCK), two=tone_wav(METAL))
    before = table(songs)
    open_page(open_page(songs, "about"), "songs")
    pandas.testing.assert_frame_equal(table(songs), before)
    drop(songs, one=tone_wav(ROCK), renamed=tone_wav(ROCK), new=tone_wav(METAL, seconds=5))
    assert table(songs).Song.to_list() == ["one.wav", "two.wav", "renamed.wav", "new.wav"]
    assert small_network.verdicts == 3


def test_a_row_leads_to_listen(songs, small_network):
    drop(songs, one=tone_wav(ROCK), two=tone_wav(METAL))
    choose(songs, 1)
    assert not songs.exception
    assert headers(songs)[0].startswith("Metal, ")
    assert "<strong>two.wav</strong>" in text(songs)
    open_page(songs, "songs")
    assert len(table(songs)) == 2, "and back"


def test_a_row_with_an_error_says_it_in_full(songs):
    drop(songs, one=b"", two=tone_wav(METAL))
    choose(songs, 0)
    assert ["empty" in error.value for error in songs.error] == [True]


def test_what_is_too_much_to_keep_can_not_be_opened(songs, monkeypatch):
    monkeypatch.setattr(song_list, "KEPT_BYTES", len(tone_wav(ROCK)) + 1)
    drop(songs, one=tone_wav(ROCK), two=tone_wav(METAL))
    assert table(songs).Genre.to_list() == ["rock", "metal"]
    choose(songs, 1)
    assert "no longer here" in text(songs)


def test_more_songs_than_fit_are_said(songs, monkeypatch):
    monkeypatch.setattr(song_list, "LONGEST", 1)
    drop(songs, one=tone_wav(ROCK), two=tone_wav(METAL), three=b"")
    assert len(table(songs)) == 1
    assert "so 2 of yours are not in it" in text(songs)
    songs.button[0].click().run()
    assert not songs.dataframe
    assert not songs.warning
    drop(songs, two=tone_wav(METAL))
    assert table(songs).Genre.to_list() == ["metal"]


@pytest.mark.parametrize(("code", "heard"), [("timeout", 2), ("damaged", 1)])
def test_an_error_that_may_have_passed_is_not_remembered(songs, monkeypatch, code, heard):
    tries = []

    def fail(data, _classifier):
        tries.append(data)
        return {"error": "Not this time.", "error_code": code}

    monkeypatch.setattr(song_list, "row_of_song", fail)
    for _ in range(2):
        drop(songs, one=tone_wav(ROCK))
        assert table(songs).Note.to_list() == ["Not this time."]
        (clear,) = [button for button in songs.button if button.label == "Clear the table"]
        clear.click().run()
    assert len(tries) == heard


def test_a_fault_of_ours_costs_one_row(songs, monkeypatch):
    def fail(data, classifier):
        if data == tone_wav(METAL):
            raise RuntimeError("out of luck")
        return row_of_song(data, classifier)

    monkeypatch.setattr(song_list, "row_of_song", fail)
    drop(songs, one=tone_wav(METAL), two=tone_wav(ROCK))
    assert not songs.exception
    assert "server's log" in table(songs).Note[0]
    assert table(songs).Genre[1] == "rock"
