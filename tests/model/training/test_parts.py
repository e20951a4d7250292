"""Learning parts: those of a constructed network are found again, whatever is drawn."""

from pathlib import Path

import numpy as np
import pytest

from model.constants import GENRES, N_MELS
from model.gtzan.labelled_songs import LabelledSong
from model.training import part_songs
from model.training.part_names import pitch_words
from model.training.part_songs import HeardSong, choose_songs
from model.training.parts import PartsRecipe, learn_dictionary, learn_parts
from model.verdict_parts import EAR, PICTURES

CHANNELS, PARTS = 16, 3


def cosine(parts: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The cosine of every pair, (parts, others)."""
    lengths = [np.linalg.norm(each, axis=1) for each in (parts, others)]
    return parts @ others.T / np.outer(*lengths)


@pytest.fixture(scope="module")
def known() -> np.ndarray:
    """Three parts of a made genre; each has five channels of its own, and all share one."""
    parts = np.zeros((PARTS, CHANNELS), np.float32)
    for part in range(PARTS):
        parts[part, 5 * part : 5 * part + 5] = np.arange(1, 6)
    parts[:, -1] = 2
    return parts / parts.sum(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def songs(known) -> list[np.ndarray]:
    """Six songs of a made network in which the parts come and go, one much louder than others."""
    rng = np.random.default_rng(0)
    active = rng.gamma(0.3, size=(6, 150, PARTS))
    active[2] *= 100
    return list((active @ known).astype(np.float32))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_known_parts_are_found_again_on_every_seed(known, songs, seed):
    found = learn_parts(songs, PARTS, 600, seed)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-4)
    assert sorted(cosine(found, known).argmax(axis=1)) == list(range(PARTS))
    assert cosine(found, known).max(axis=1).min() > 0.97


def test_halves_of_the_songs_have_the_same_parts(songs):
    first, second = (learn_parts(half, PARTS, 600, 0) for half in (songs[:3], songs[3:]))
    assert cosine(first, second).max(axis=1).min() > 0.97


def test_a_genre_for_which_nothing_speaks_is_refused_in_words():
    with pytest.raises(ValueError, match="nothing speaks"):
        learn_parts([np.zeros((4, CHANNELS), np.float32)], PARTS, 10, 0)


def test_every_genre_and_head_has_parts_of_its_own_channels(known):
    rng = np.random.default_rng(1)
    kernels = {
        head: rng.normal(size=(n, len(GENRES))).astype(np.float32)
        for head, n in ((PICTURES, 8), (EAR, 6))
    }
    heard = [
        HeardSong(
            name,
            name,
            2,
            rng.gamma(0.4, size=(20, 8)).astype(np.float32),
            rng.gamma(0.4, size=(10, 6)).astype(np.float32),
            np.zeros((N_MELS, 40), np.float32),
            np.zeros((3, 4), np.float32),
        )
        for name in "ab"
    ]
    recipe = PartsRecipe(pictures=3, ear=2, cells=50, moments=30)
    made_of = learn_dictionary({"rock": heard}, kernels, recipe)
    assert made_of["rock", PICTURES].shape == (3, 8)
    assert made_of["rock", EAR].shape == (2, 6)
    # What speaks against a genre is in none of its parts.
    for head, kernel in kernels.items():
        against = kernel[:, GENRES.index("rock")] <= 0
        assert not made_of["rock", head][:, against].any()


def test_songs_are_drawn_from_both_data_sets_and_the_short_ones_last(monkeypatch):
    lengths = {"a": 30.0, "b": 2.0, "c": 30.0, "d": 30.0, "e": 2.5, "f": 30.0}
    monkeypatch.setattr(part_songs, "_seconds", lambda song: lengths[song.name])

    def song(name: str, group: str, genre: str = "rock") -> LabelledSong:
        return LabelledSong(name, genre, group, (Path(name),))

    places = [
        [song("a", "x"), song("b", "y"), song("c", "x")],
        [song("d", "z"), song("e", "v"), song("f", "w", "jazz")],
    ]
    chosen = [one.name for one in choose_songs(places, "rock", 4, seed=0)]
    assert set(chosen[:3]) == {"a", "c", "d"}
    assert chosen[3] in ("b", "e")
    # Of one artist's songs the first is as good as any; the others come later.
    assert len({one.group for one in choose_songs(places, "rock", 2, seed=0)}) == 2


@pytest.mark.parametrize(
    ("low", "high", "bands", "words"),
    [
        (40, 312, 20, "below 300 Hz"),
        (2100, 5230, 20, "2.1 to 5.2 kHz"),
        (420, 1180, 20, "400 Hz to 1.2 kHz"),
        (150, 170, 4, "150 to 170 Hz"),
        (5020, 9800, 30, "above 5 kHz"),
        (30, 9900, 120, "all pitches"),
    ],
)
def test_pitch_is_told_in_round_numbers(low, high, bands, words):
    assert pitch_words({"low_hz": low, "high_hz": high, "bands": bands}) == words
