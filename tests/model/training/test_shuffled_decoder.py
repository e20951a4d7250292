"""Teaching a decoder on shuffled labels: the labels, and what lies in the folder afterwards."""

import shutil
from collections import Counter

import numpy as np
import pytest

from model.audio.spectrogram import log_mel
from model.explain.door import Target
from model.gtzan.labelled_songs import LabelledSong
from model.networks.shipped import load_checked, weights_path
from model.training import shuffled_decoder
from model.training.ear import EarRecipe
from model.training.listenable import MaskRecipe
from model.training.shuffled import ShuffledDecoder
from tests.model.training.own_songs import own_songs


def test_every_genre_stays_as_frequent_and_no_longer_belongs_to_its_songs():
    songs = [LabelledSong(str(n), ("rock", "jazz", "pop")[n % 3], "", ()) for n in range(60)]
    shuffled = shuffled_decoder.with_shuffled_genres(songs, 0)
    assert [song.name for song in shuffled] == [song.name for song in songs]
    assert Counter(song.genre for song in shuffled) == Counter(song.genre for song in songs)
    same = np.mean([one.genre == two.genre for one, two in zip(songs, shuffled, strict=True)])
    assert 0.15 < same < 0.55, "a third by chance"


@pytest.mark.long
def test_a_folder_is_filled_with_all_that_playing_needs(tmp_path, monkeypatch, music):
    songs = own_songs()
    monkeypatch.setattr(shuffled_decoder, "read_split", lambda *_: None)
    monkeypatch.setattr(shuffled_decoder, "gtzan_songs", lambda *_: songs[::2])
    monkeypatch.setattr(shuffled_decoder, "listed_songs", lambda *_: songs[1::2])
    quick = EarRecipe(members=1, versions=1, steps=3, batch_size=4, units=8)
    monkeypatch.setattr(shuffled_decoder, "_EAR", quick)

    def learned(folder, *_):
        shutil.copy(weights_path("pictures-random"), folder / "shuffled.keras")
        return load_checked("pictures-random")[1]

    monkeypatch.setattr(shuffled_decoder, "learn_or_load", learned)
    shuffled_decoder.train(tmp_path, tmp_path, tmp_path, MaskRecipe(steps=2, batch=2))
    found = ShuffledDecoder.read(tmp_path)
    target = Target.single(0, len(found.network.genres))
    kept = found.keep(music, log_mel(music), target).values
    assert 0 < kept.mean() < 1
    assert found.network.ear is not None
    assert found.network.ear.weights.units_kernel.shape[1] == quick.units
