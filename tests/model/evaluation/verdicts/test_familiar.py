"""Counting familiar and strange songs, worked out by hand."""

import numpy as np
import pytest

from model.audio.clip import encode_wav
from model.constants import SAMPLE_RATE
from model.evaluation.verdicts import familiar
from model.evaluation.verdicts.familiar import Told, summarise, tell
from model.gtzan.labelled_songs import LabelledSong
from model.networks.assembled import load_classifier


def told(share: float, *, right: bool, group: str) -> Told:
    return Told(LabelledSong(group, "rock", group, ()), right, share)


def test_bands_and_the_share_of_pairs_are_those_worked_out_by_hand(monkeypatch):
    monkeypatch.setattr(familiar, "_DRAWS", 200)  # a tenth, for the interval only
    songs = [
        told(0.01, right=False, group="a"),
        told(0.02, right=True, group="b"),
        told(0.1, right=False, group="c"),
        told(0.5, right=True, group="d"),
        told(0.9, right=True, group="e"),
    ]
    figures = summarise(songs)
    assert [(band["name"], band["n"]) for band in figures["bands"]] == [
        ("strange", 2),
        ("unusual", 1),
        ("familiar", 2),
    ]
    assert [band["accuracy"]["share"] for band in figures["bands"]] == [0.5, 0, 1]
    # Of six pairs of wrong and right, the wrong one is the less familiar in five.
    assert figures["auc"] == pytest.approx(5 / 6)
    low, high = figures["interval"]
    assert low < 5 / 6 <= high


def test_where_all_are_right_nothing_is_told_apart():
    figures = summarise([told(0.5, right=True, group="a")])
    assert "auc" not in figures
    assert figures["bands"][0]["accuracy"] is None


def test_a_song_is_told_from_all_of_its_excerpts_and_silence_is_left_out(tmp_path, capsys):
    rng = np.random.default_rng(0)
    noise = 0.1 * rng.standard_normal(4 * SAMPLE_RATE).astype(np.float32)
    files = tmp_path / "noise.wav", tmp_path / "silence.wav"
    for file, sound in zip(files, (noise, 0 * noise), strict=True):
        file.write_bytes(encode_wav(sound))
    (one,) = tell([LabelledSong("noise", "rock", "noise", files)], load_classifier())
    assert one.share < 0.2
    assert "Left out silence.wav" in capsys.readouterr().err
    with pytest.raises(ValueError, match="none of them can be heard"):
        tell([LabelledSong("silence", "rock", "silence", files[1:])], load_classifier())
