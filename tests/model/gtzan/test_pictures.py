"""The data set and its splits: nothing in training may be in a test."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from model.audio.clip import encode_wav
from model.constants import GENRES, NETWORK_HOP
from model.gtzan.pictures import (
    CLIP_FRAMES,
    Pictures,
    decode_levels,
    encode_levels,
    genre_of,
    load_pictures,
    real_audio,
)
from model.gtzan.splits import read_split


@pytest.mark.data
@pytest.mark.parametrize("protocol", ["random", "filtered"])
def test_no_track_is_on_two_sides_of_a_split(gtzan, protocol):
    parts = {part: read_split(gtzan, f"{protocol}_{part}") for part in ("train", "valid", "test")}
    for names in parts.values():
        assert len(names) == len(set(names)) > 100
    for one, other in combinations(parts.values(), 2):
        assert not set(one) & set(other)


@pytest.mark.data
def test_known_artists_are_on_one_side_of_the_filtered_split_but_for_one(gtzan):
    """The published split has one slip: disco.00049 and .00073 train, disco.00069 tests."""
    lines = (gtzan / "splits" / "artist_groups.tsv").read_text(encoding="utf-8").splitlines()
    artist = dict(line.split("\t")[:2] for line in lines)
    train, valid, test = (
        {artist[name] for name in read_split(gtzan, f"filtered_{part}") if name in artist}
        for part in ("train", "valid", "test")
    )
    assert train & test == {artist["disco.00069"]}
    assert not valid & (train | test)


@pytest.mark.data
def test_the_random_test_has_fifteen_tracks_of_every_genre(gtzan):
    tracks = load_pictures(gtzan).of(read_split(gtzan, "random_test"))
    assert np.bincount(tracks.labels).tolist() == [15] * len(GENRES)
    assert tracks.levels(0).shape == (128, 387)


def test_codes_are_levels_in_db():
    levels = decode_levels(np.array([0, 51, 255], np.uint8))
    np.testing.assert_allclose(levels, [-80, -64, 0], atol=1e-4)
    assert levels.dtype == np.float32


def test_clips_are_picked_by_name_in_the_given_order():
    codes = np.arange(3, dtype=np.uint8)[:, None, None] * np.ones((3, 128, 2), np.uint8)
    pictures = Pictures(("rock.1", "jazz.2", "pop.3"), codes, np.array([9, 5, 7]))
    chosen = pictures.of(["pop.3", "rock.1"])
    assert chosen.names == ("pop.3", "rock.1")
    assert chosen.labels.tolist() == [7, 9]
    assert chosen.codes[:, 0, 0].tolist() == [2, 0]
    with pytest.raises(KeyError):
        pictures.of(["blues.9"])


def test_names_and_files_that_do_not_fit_are_refused(tmp_path):
    assert genre_of("hiphop.00012") == "hiphop"
    with pytest.raises(ValueError, match="polka"):
        genre_of("polka.00001")
    with pytest.raises(FileNotFoundError, match="--data"):
        load_pictures(tmp_path)
    with pytest.raises(FileNotFoundError, match="random_test"):
        read_split(tmp_path, "random_test")
    np.savez(tmp_path / "mel128.npz", mel=np.zeros((1, 64, 9), np.uint8), names=["rock.00001"])
    with pytest.raises(ValueError, match="128 mel bands"):
        load_pictures(tmp_path)


@pytest.fixture
def common_layout(tmp_path, music):
    """GTZAN as it is usually unpacked, with clips of a song played again and again."""
    whole = np.resize(music, CLIP_FRAMES * NETWORK_HOP)
    for genre in GENRES:
        (tmp_path / genre).mkdir()
        for index in range(2):
            path = tmp_path / genre / f"{genre}.{index:05d}.wav"
            path.write_bytes(encode_wav(whole))
    (tmp_path / "rock" / "rock.00001.wav").write_bytes(b"not audio")
    (tmp_path / "pop" / "pop.00001.wav").write_bytes(encode_wav(music))
    return tmp_path


def test_a_folder_of_audio_is_read_with_the_apps_front_end(common_layout, capsys):
    pictures = load_pictures(common_layout)
    assert len(pictures) == 18
    said = capsys.readouterr().err
    assert "rock.00001.wav" in said
    assert "pop.00001.wav" in said
    assert pictures.codes.shape == (18, 128, CLIP_FRAMES)
    assert pictures.levels(0).max() == 0.0
    assert pictures.names[0] == "blues.00000"


def test_without_lists_the_shipped_networks_own_split_is_made_again(tmp_path):
    for genre in GENRES:
        (tmp_path / genre).mkdir()
        for index in range(100):
            (tmp_path / genre / f"{genre}.{index:05d}.au").touch()
    parts = [read_split(tmp_path, f"random_{part}") for part in ("train", "valid", "test")]
    assert [len(part) for part in parts] == [699, 150, 150]
    assert len(set().union(*parts)) == 999
    for part in parts[1:]:
        assert Counter(map(genre_of, part)) == dict.fromkeys(GENRES, 15)
    with pytest.raises(FileNotFoundError, match="filtered_test"):
        read_split(tmp_path, "filtered_test")


def test_codes_hold_levels_to_a_step():
    levels = np.linspace(-80, 0, 1000, dtype=np.float32)
    assert np.abs(decode_levels(encode_levels(levels)) - levels).max() <= 80 / 255 / 2 + 1e-4


def test_real_audio_of_whole_clips_is_found_by_name(tmp_path, music):
    (tmp_path / "clips").mkdir()
    whole = np.resize(music, CLIP_FRAMES * NETWORK_HOP)
    for name, waveform in (("rock.00001", whole), ("jazz.00002", music)):
        (tmp_path / "clips" / f"{name}.ogg").write_bytes(encode_wav(waveform))
    found = real_audio(tmp_path, ["jazz.00002", "pop.00003", "rock.00001"])
    assert found.names == ("rock.00001",)
    assert not len(real_audio(tmp_path, ["pop.00003"]))
