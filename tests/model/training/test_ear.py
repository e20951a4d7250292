"""The ear learns what can be learned, in the right proportions, and hears every song once."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.constants import GENRES, SAMPLE_RATE
from model.gtzan.labelled_songs import LabelledSong
from model.inference.stored import read_layers
from model.networks.ear import TAGGER_ENDING, EarWeights, ear_weights
from model.networks.tagger import Tagger
from model.networks.trunk import Trunk
from model.training.ear import (
    DrawnColumns,
    EarRecipe,
    balanced_weights,
    ear_network,
    ear_scores,
    joined,
    learn_ear,
    recall_by_genre,
)
from model.training.ear_features import (
    HeardSongs,
    another_version,
    by_last_layer,
    by_tagger,
    by_yamnet,
    hear_songs,
)
from model.training.two_ears import balanced, report_on


def song(genre: str, group: str, name: str = "x", files: tuple[Path, ...] = ()) -> LabelledSong:
    return LabelledSong(name, genre, group, files)


def test_genres_count_alike_and_large_groups_less_than_their_number():
    songs = [song("pop", "one")] * 16 + [song("pop", "two")] * 4 + [song("jazz", "three")] * 2
    weights = balanced_weights(songs, ["here"] * len(songs))
    assert weights.sum() == pytest.approx(1.0)
    assert weights[20:].sum() == pytest.approx(0.5)
    assert weights[:16].sum() == pytest.approx(2 * weights[16:20].sum())


def test_a_data_set_counts_as_the_root_of_its_number_within_a_genre():
    songs = [song("pop", f"group {i}") for i in range(10)]
    weights = balanced_weights(songs, ["here"] * 9 + ["there"])
    assert weights[:9].sum() == pytest.approx(3 * weights[9])


def heard(*columns: np.ndarray) -> HeardSongs:
    return HeardSongs(tuple((each.astype(np.float16),) for each in columns))


def random_ear(seed: int, channels: int = 6, units: int = 4) -> EarWeights:
    rng = np.random.default_rng(seed)
    shapes = ((channels, units), units, (units, len(GENRES)), len(GENRES))
    return EarWeights(*(rng.standard_normal(shape).astype(np.float32) for shape in shapes))


def test_songs_are_drawn_by_weight_as_they_are_or_altered_and_what_is_short_is_repeated():
    plain = heard(np.full((3, 2), 0.1), np.full((40, 2), 0.2))
    altered = heard(np.full((30, 2), 0.3), np.full((30, 2), 0.4))
    recipe = EarRecipe(steps=1, batch_size=600, columns=8, mixup=0, version_share=0.25)
    labels = np.array([3, 5])
    batch = DrawnColumns([plain, altered], labels, np.array([0.8, 0.2]), recipe)[0]
    answers, targets = batch
    assert answers.shape == (600, 8, 2)
    assert (answers == answers[:, :1, :1]).all()
    kinds = np.round(10 * answers[:, 0, 0]).astype(int)
    shares = [(kinds == kind).mean() for kind in (1, 2, 3, 4)]
    np.testing.assert_allclose(shares, [0.6, 0.15, 0.2, 0.05], atol=0.07)
    np.testing.assert_array_equal(targets.argmax(axis=1), np.where(kinds % 2, 3, 5))


def test_mixed_excerpts_have_mixed_targets():
    plain = heard(np.zeros((9, 2)), np.ones((9, 2)))
    recipe = EarRecipe(steps=1, batch_size=200, columns=4, mixup=1.0)
    drawn = DrawnColumns([plain], np.array([0, 1]), np.array([0.5, 0.5]), recipe)
    answers, targets = drawn[0]
    np.testing.assert_allclose(answers[:, 0, 0], targets[:, 1], atol=1e-3)
    np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-5)
    assert (np.abs(targets[:, 1] - 0.5) < 0.49).mean() > 0.3
    np.testing.assert_array_equal(drawn[0][0], answers)


def test_members_side_by_side_score_as_the_mean_of_them():
    members = [random_ear(seed) for seed in (0, 1, 2)]
    answers = np.random.default_rng(3).random((20, 6)).astype(np.float32)
    alone = np.mean([each.by_class(answers) for each in members], axis=0)
    np.testing.assert_allclose(joined(members).by_class(answers), alone, rtol=1e-4, atol=1e-4)


def test_the_network_in_the_file_scores_as_the_weights_do(tmp_path):
    parts = random_ear(4), random_ear(8)
    answers = np.random.default_rng(5).random((2, 1, 20, 6)).astype(np.float32)
    network = ear_network(*parts)
    (scores,) = network.predict_on_batch([*answers])
    expected = sum(
        part.by_class(given[0]).mean(axis=0) for part, given in zip(parts, answers, strict=True)
    )
    np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-4)
    network.save(tmp_path / "ear.keras")
    layers = read_layers(tmp_path / "ear.keras")
    for part, ending in zip(parts, ("", TAGGER_ENDING), strict=True):
        np.testing.assert_array_equal(ear_weights(layers, ending).units_kernel, part.units_kernel)


@pytest.mark.long
def test_the_ear_learns_what_no_mean_shows_and_needs_no_standardised_answers():
    """Two genres with the same mean answers: one has two channels together, one in turns."""
    rng = np.random.default_rng(0)
    columns = []
    for index in range(40):
        on = rng.random((30, 1)) < 0.5
        second = on if index % 2 else ~on
        columns.append(np.hstack([on, second]) * 0.02 + 0.5 + 0.002 * rng.random((30, 2)))
    songs = [song(("rock", "pop")[index % 2], str(index)) for index in range(40)]
    recipe = EarRecipe(units=16, members=2, steps=150, learning_rate=1e-2, dropout=0.1)
    kept = np.stack(columns).mean(axis=1)
    assert np.abs(kept[::2].mean(axis=0) - kept[1::2].mean(axis=0)).max() < 0.002
    ear = learn_ear([heard(*columns)], songs, ["here"] * 40, recipe)
    labels = np.array([each.label for each in songs])
    accuracy, mean = recall_by_genre(ear_scores(ear, heard(*columns)), labels)
    assert accuracy == mean == 1.0


def test_a_song_is_judged_by_the_mean_of_its_excerpts():
    weights = random_ear(6)
    first, second = (np.full((5, 6), value, np.float16) for value in (0.25, 0.75))
    scores = ear_scores(weights, HeardSongs(((first, second), (second,))))
    one, other = (weights.by_class(each[:1].astype(np.float32))[0] for each in (first, second))
    np.testing.assert_allclose(scores, [(one + other) / 2, other], rtol=1e-4, atol=1e-4)


def test_valid_songs_are_judged_by_each_and_by_all_together():
    songs = [song("rock", "a"), song("pop", "b"), song("pop", "c")]
    rock, pop = (GENRES.index(genre) for genre in ("rock", "pop"))
    seen, heard_ = np.zeros((3, len(GENRES)), np.float32), np.zeros((3, len(GENRES)), np.float32)
    seen[:, rock] = 1.0
    heard_[1, pop], heard_[2, pop] = 2.0, 0.5
    yamnet, tagger = {"here": 0.75 * heard_}, {"here": 0.25 * heard_}
    found = report_on({"here": songs}, {"here": seen}, yamnet, tagger)["here"]
    assert found["pictures"] == {"accuracy": 0.3333, "mean_over_genres": 0.5}
    assert found["both"] == {"accuracy": 0.6667, "mean_over_genres": 0.75}
    np.testing.assert_allclose(balanced(songs), [0.5, 0.25, 0.25])


class Counting:
    """Stands in for YAMNet, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def predict_on_batch(self, batch: np.ndarray) -> np.ndarray:
        self.asked += 1
        rows = np.arange(1, 5, dtype=np.float32).reshape(1, 4, 1, 1)
        return rows * np.full((1, 4, batch.shape[2] // 16, 3), np.exp(batch).mean(), np.float32)


class Halves:
    """Stands in for what lies behind: the first two rows, for every other column."""

    def predict_on_batch(self, batch: np.ndarray) -> np.ndarray:
        return batch[:, :2, 1::2]


class SameFrames:
    """Stands in for musicnn: every frame has the same two answers."""

    def predict_on_batch(self, batch: np.ndarray) -> np.ndarray:
        return np.full((1, 1, batch.shape[2], 2), 7.0, np.float32)


def test_songs_are_heard_once_and_kept(tmp_path, music):
    paths = tuple(tmp_path / f"{index}.wav" for index in range(3))
    for path in paths:
        soundfile.write(path, music, SAMPLE_RATE)
    songs = [song("pop", "a", "two", paths[:2]), song("rock", "b", "one", paths[2:])]
    network, store = Counting(), tmp_path / "features" / "kept.npz"
    trunk = Trunk(network, Halves())
    hear = by_yamnet(trunk)
    first = hear_songs(hear, songs, store, rows=4)
    assert network.asked == 3
    assert [len(excerpts) for excerpts in first.excerpts] == [2, 1]
    again = hear_songs(hear, songs[::-1], store, rows=4)
    assert network.asked == 3
    assert [len(excerpts) for excerpts in again.excerpts] == [1, 2]
    np.testing.assert_array_equal(again.excerpts[1], first.excerpts[0])
    # Three channels on four rows from 0 to 1, and a column's rows beside each other.
    one = first.excerpts[0][0]
    assert one.shape[1] == 12
    assert one.max() < 1.0
    cells = first.cells(one)
    assert cells.shape == (4 * len(one), 3)
    assert np.all(np.diff(cells[:4, 0]) > 0)
    np.testing.assert_array_equal(cells[:4], cells[4:8])
    last = by_last_layer(trunk)(music)
    assert last.shape == (len(one) // 2, 3)
    assert cells[0, 0] < last[0, 0] < cells[1, 0]
    # Two means and two largest.
    tags = by_tagger(Tagger(SameFrames()))(music)
    assert tags.shape == (len(one) // 2, 4)
    assert (tags == 7.0).all()
    fewer = hear_songs(hear, songs, tmp_path / "other.npz", excerpts=1)
    assert [len(excerpts) for excerpts in fewer.excerpts] == [1, 1]
    version = hear_songs(hear, songs, tmp_path / "version.npz", version=1)
    assert [len(excerpts) for excerpts in version.excerpts] == [1, 1]


def test_every_version_of_a_song_is_another_draw(tmp_path, music):
    path = tmp_path / "song.wav"
    soundfile.write(path, np.tile(music, 4), SAMPLE_RATE)
    one = song("pop", "a", "song", (path,))
    first, again, second = (another_version(one, version) for version in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert len(first) != len(second) or np.abs(first - second).max() > 0.01
