"""A folder of songs is found, judged and counted like a split of GTZAN."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.audio.clip import Clip
from model.constants import GENRES, SAMPLE_RATE
from model.evaluation.verdicts import songs as module
from model.evaluation.verdicts.songs import JudgedSongs, judge_songs, other_songs
from model.gtzan.labelled_songs import LabelledSong
from model.songs.timeline import Timeline
from model.songs.whole_song import Heard, Window
from model.songs.windows import Span


def song(genre: str, group: str, *files: Path) -> LabelledSong:
    return LabelledSong(f"{genre} of {group}", genre, group, files)


def test_gtzan_is_not_taken_for_songs_of_ones_own(tmp_path):
    assert other_songs(tmp_path) == []
    (tmp_path / "rock").mkdir()
    (tmp_path / "rock" / "Song.mp3").touch()
    assert [song.genre for song in other_songs(tmp_path)] == ["rock"]
    (tmp_path / "rock" / "rock.00012.wav").touch()
    assert other_songs(tmp_path) == []


class Says:
    """Stands in for a classifier."""

    genres = GENRES


def test_a_song_is_judged_by_the_mean_of_its_files(tmp_path, music, monkeypatch, capsys):
    paths = [tmp_path / name for name in ("one.wav", "two.wav", "broken.wav")]
    for path in paths[:2]:
        soundfile.write(path, music, SAMPLE_RATE)
    paths[2].write_bytes(b"no sound")
    answers = iter(np.eye(len(GENRES), dtype=np.float32)[[3, 6, 6]])

    def hear_song(clip: Clip, _classifier: object) -> list[Window]:
        nothing = np.zeros((0, len(GENRES)), np.float32)
        timeline = Timeline(np.zeros(0), nothing, nothing)
        heard = Heard(GENRES, next(answers), timeline=timeline)
        return [Window(Span(0.0, clip.seconds, 0.0, clip.seconds), heard)]

    monkeypatch.setattr(module, "hear_song", hear_song)
    songs = [song("metal", "a", *paths), song("rock", "b", paths[0]), song("pop", "c", paths[2])]
    judged = judge_songs(songs, Says())  # type: ignore[arg-type]
    assert judged.songs == songs[:2]
    assert judged.probabilities[0, [3, 6]].tolist() == [0.5, 0.5]
    assert judged.probabilities[1, 6] == 1.0
    assert capsys.readouterr().err.count("Left out broken.wav") == 2
    with pytest.raises(ValueError, match="None"):
        judge_songs(songs[2:], Says())  # type: ignore[arg-type]


def test_the_report_averages_over_genres_and_draws_over_groups():
    songs = [song("metal", "a")] * 3 + [song("rock", "b")]
    verdicts = np.eye(len(GENRES), dtype=np.float32)[[6, 6, 6, 6]]
    text, figures = JudgedSongs(songs, verdicts, GENRES).report()
    assert figures["accuracy"] == 0.75
    assert figures["mean_over_genres"] == 0.5
    assert figures["by_group"]["clusters"] == 2
    assert figures["by_group"]["low"] == 0.0
    assert "mean over genres 50.0 %" in text
    assert "accuracy 75.0 % of 4" in text
