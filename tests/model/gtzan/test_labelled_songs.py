"""Songs with a genre are found wherever they lie, with their groups."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.constants import SAMPLE_RATE
from model.gtzan.labelled_songs import genre_folders, gtzan_songs, listed_songs, read_sound


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_gtzans_whole_clips_come_before_their_parts(tmp_path):
    touch(tmp_path, "clips/rock.00001.ogg", "excerpts/rock.00001.ogg", "excerpts/jazz.00002.ogg")
    touch(tmp_path, "clips/.rock.00003.ogg", "clips/jazz.00054.ogg", "blues/blues.00004.wav")
    touch(tmp_path, "splits/artist_groups.tsv")
    (tmp_path / "splits" / "artist_groups.tsv").write_text("rock.00001\ta7\n", encoding="utf-8")
    songs = gtzan_songs(tmp_path)
    assert [(song.name, song.genre, song.group) for song in songs] == [
        ("blues.00004", "blues", "blues.00004"),
        ("jazz.00002", "jazz", "jazz.00002"),
        ("rock.00001", "rock", "a7"),
    ]
    assert songs[2].files == (tmp_path / "clips" / "rock.00001.ogg",)
    assert songs[1].label == 5
    assert [song.name for song in gtzan_songs(tmp_path, ["rock.00001"])] == ["rock.00001"]


def test_a_list_of_songs_is_read_part_by_part(tmp_path):
    touch(tmp_path, "audio/song1_0020.opus", "audio/song1_0005.opus", "audio/song2_0000.opus")
    rows = ["song\tgenre\tpart\tsource\tsound", "song1\tpop\ttrain\ts1\tyes"]
    rows += ["song2\tjazz\ttest\ts2\tyes", "song3\tjazz\ttrain\ts3\tno"]
    (tmp_path / "songs.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (song,) = listed_songs(tmp_path, "train")
    assert (song.name, song.genre, song.group) == ("song1", "pop", "s1")
    assert [path.name for path in song.files] == ["song1_0005.opus", "song1_0020.opus"]
    with pytest.raises(ValueError, match="'valid'"):
        listed_songs(tmp_path, "valid")


def test_own_songs_lie_in_one_folder_a_genre(tmp_path):
    touch(tmp_path, "rock/Song.mp3", "rock/Band/One.flac", "rock/Band/Two.flac", "rock/.DS_Store")
    touch(tmp_path, "jazz/x.wav", "other/y.wav", "list.txt")
    songs = genre_folders(tmp_path)
    assert [(song.genre, Path(song.name).name) for song in songs] == [
        ("jazz", "x.wav"),
        ("rock", "One.flac"),
        ("rock", "Two.flac"),
        ("rock", "Song.mp3"),
    ]
    assert songs[1].group == songs[2].group != songs[3].group


def test_sound_is_mono_at_our_rate_however_short(tmp_path):
    path = tmp_path / "short.wav"
    stereo = np.stack([np.full(48_000, 0.5), np.full(48_000, 0.1)], axis=1)
    soundfile.write(path, stereo, 48_000)
    sound = read_sound(path)
    assert len(sound) == pytest.approx(SAMPLE_RATE, abs=1)
    assert sound.dtype == np.float32
    assert np.median(sound) == pytest.approx(0.3, abs=0.01)
