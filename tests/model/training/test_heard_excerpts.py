"""Every version of a song is another excerpt, heard once and kept; the head learns from them."""

import numpy as np
import pytest
import soundfile

from model.constants import COLUMN_FRAMES, SAMPLE_RATE
from model.gtzan.labelled_songs import LabelledSong
from model.networks.flagship import flagship
from model.training.heard_excerpts import (
    EXCERPT_COLUMNS,
    HeardExcerpts,
    excerpt_of_sound,
    frames_read,
    hear_sounds,
    see_pictures,
)
from model.training.stored_features import head
from model.training.tuning import DrawnExcerpts, TuningRecipe, tune

FRAMES = EXCERPT_COLUMNS * COLUMN_FRAMES


class Below:
    """Stands in for the layers below the head, and counts how often it is asked."""

    def __init__(self) -> None:
        self.seen: list[np.ndarray] = []

    def __call__(self, levels: np.ndarray) -> list[np.ndarray]:
        self.seen.append(levels)
        return [levels[:2, ::COLUMN_FRAMES, np.newaxis], levels[:1, ::COLUMN_FRAMES, np.newaxis]]


@pytest.fixture
def songs(tmp_path) -> list[LabelledSong]:
    rng = np.random.default_rng(0)
    found = []
    for name, seconds in (("a", 12), ("b", 2)):
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, 0.1 * rng.standard_normal(seconds * SAMPLE_RATE), SAMPLE_RATE)
        found.append(LabelledSong(name, "rock", name, (path,)))
    return found


def test_versions_differ_and_what_is_short_is_repeated(songs):
    plain = [excerpt_of_sound(song, 0) for song in songs]
    assert len(plain[0]) == len(plain[1])
    period = 2 * SAMPLE_RATE
    np.testing.assert_allclose(plain[1][:period], plain[1][period : 2 * period], atol=1e-4)
    one, other = (excerpt_of_sound(songs[0], version) for version in (1, 2))
    size = min(len(one), len(other))
    assert abs(np.corrcoef(one[:size], other[:size])[0, 1]) < 0.5
    np.testing.assert_array_equal(one, excerpt_of_sound(songs[0], 1))


def test_an_excerpt_has_the_same_frames_whatever_the_length():
    for frames in (40, FRAMES, 300):
        levels = np.tile(np.linspace(-40, 0, frames, dtype=np.float32), (4, 1))
        assert frames_read(levels).shape == (4, FRAMES)


def test_songs_are_heard_once_and_others_are_refused(songs, tmp_path):
    below = Below()
    first = hear_sounds(songs, 1, below, tmp_path / "one")
    assert first.names == ("a", "b")
    assert first.layers[0].shape == (2, 2, EXCERPT_COLUMNS, 1)
    assert len(below.seen) == 2
    again = hear_sounds(songs, 1, below, tmp_path / "one")
    assert len(below.seen) == 2
    np.testing.assert_array_equal(again.layers[1], first.layers[1])
    with pytest.raises(ValueError, match="holds other songs"):
        hear_sounds(songs[:1], 1, below, tmp_path / "one")


def test_a_picture_is_cut_to_an_excerpt(tmp_path):
    levels = np.tile(np.linspace(-60, 0, 300, dtype=np.float32), (8, 1))
    seen = see_pictures(["c"], lambda _: levels, 0, Below(), tmp_path / "pictures")
    assert seen.layers[0].shape == (1, 2, EXCERPT_COLUMNS, 1)


def stored(names: list[str], network, values: np.ndarray) -> HeardExcerpts:
    shapes = [layer.shape for layer in head(network).inputs]
    layers = tuple(
        (values[:, None, None, None] * np.ones((len(names), shape[1], 4, shape[3]))).astype("f2")
        for shape in shapes
    )
    return HeardExcerpts(tuple(names), layers)


def test_songs_are_drawn_by_weight_and_from_all_their_versions():
    network = flagship(units=4)
    songs = [LabelledSong(name, genre, name, ()) for name, genre in (("a", "rock"), ("b", "pop"))]
    versions = [
        stored(["a"], network, np.array([1.0])),
        stored(["b_10", "b_20"], network, np.array([2.0, 3.0])),
    ]
    recipe = TuningRecipe(steps=1, batch_size=400)
    (features, *_), targets = DrawnExcerpts(songs, np.array([0.25, 0.75]), versions, recipe)[0]
    first = features[:, 0, 0, 0]
    shares = [(first == value).mean() for value in (1.0, 2.0, 3.0)]
    np.testing.assert_allclose(shares, [0.25, 0.375, 0.375], atol=0.08)
    assert (targets[first == 1.0].argmax(axis=1) == songs[0].label).all()


@pytest.mark.long
def test_the_head_learns_and_what_lies_below_stays():
    network = flagship(units=8)
    songs = [LabelledSong(name, genre, name, ()) for name, genre in (("a", "rock"), ("b", "pop"))]
    versions = [stored(["a", "b"], network, np.array([-1.0, 1.0]))]
    before = network.get_layer("conv3").get_weights()[0].copy()
    recipe = TuningRecipe(steps=40, batch_size=8, learning_rate=3e-2)
    tune(network, songs, np.array([0.5, 0.5]), versions, recipe)
    np.testing.assert_array_equal(network.get_layer("conv3").get_weights()[0], before)
    batch = tuple(layer.astype(np.float32) for layer in versions[0].layers)
    verdicts = head(network).predict_on_batch(batch).argmax(axis=1)
    assert verdicts.tolist() == [song.label for song in songs]
