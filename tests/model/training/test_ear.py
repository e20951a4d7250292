"""The ear learns what can be learned, in the right proportions, and hears every song once."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.constants import GENRES, SAMPLE_RATE
from model.gtzan.labelled_songs import LabelledSong
from model.networks.ear import Trunk
from model.training.ear import (
    EarRecipe,
    balanced_weights,
    examples,
    fit_dense,
    mean_scores,
    recall_by_genre,
)
from model.training.ear_features import HeardSongs, another_version, hear_songs
from model.training.two_ears import fit_sum


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


def test_versions_share_their_part_of_a_songs_weight():
    songs = [song("pop", "a"), song("rock", "b")]
    plain = HeardSongs(np.zeros((3, 4), np.float32), np.array([0, 0, 1]))
    other = HeardSongs(np.ones((2, 4), np.float32), np.array([0, 1]))
    answers, labels, weights = examples([plain, other], songs, np.array([0.6, 0.4]), 0.3)
    assert answers[:, 0].tolist() == [0, 0, 0, 1, 1]
    assert [GENRES[label] for label in labels] == ["pop", "pop", "rock", "pop", "rock"]
    np.testing.assert_allclose(weights, [0.21, 0.21, 0.28, 0.18, 0.12])
    alone = examples([plain], songs, np.array([0.6, 0.4]), 0.3)[2]
    np.testing.assert_allclose(alone, [0.3, 0.3, 0.4])


def test_the_dense_layer_learns_and_needs_no_standardised_answers():
    rng = np.random.default_rng(0)
    labels = np.arange(200) % len(GENRES)
    answers = rng.uniform(0, 0.1, (200, 30)).astype(np.float32)
    answers[np.arange(200), labels] += 0.5
    kernel, bias = fit_dense(answers, labels, np.ones(200), EarRecipe(penalty=0.01))
    heard = HeardSongs(answers, np.arange(200))
    accuracy, mean = recall_by_genre(mean_scores(heard, kernel, bias), labels)
    assert accuracy == mean == 1.0
    # The stronger the penalty, the weaker the layer.
    weak, _ = fit_dense(answers, labels, np.ones(200), EarRecipe(penalty=1.0))
    assert np.abs(weak).sum() < 0.5 * np.abs(kernel).sum()


def test_a_song_is_judged_by_the_mean_of_its_excerpts():
    heard = HeardSongs(np.array([[1.0], [3.0], [5.0]], np.float32), np.array([0, 0, 1]))
    scores = mean_scores(heard, np.array([[1.0, -1.0]], np.float32), np.array([0.0, 1.0]))
    np.testing.assert_allclose(scores, [[2.0, -1.0], [5.0, -4.0]])


def test_the_better_ear_counts_more_and_the_temperature_fits():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 10, 400)
    truth = np.eye(10, dtype=np.float32)[labels]
    noise = rng.standard_normal((2, 400, 10)).astype(np.float32)
    share, temperature = fit_sum(truth + 4 * noise[0], 4 * truth + noise[1], labels, np.ones(400))
    assert share > 2
    assert temperature > 0
    other, _ = fit_sum(4 * truth + noise[1], truth + 4 * noise[0], labels, np.ones(400))
    assert other < 0.5


class Counting:
    """Stands in for YAMNet, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def predict_on_batch(self, batch: np.ndarray) -> np.ndarray:
        self.asked += 1
        count = batch.shape[2] // 32
        return np.full((1, 2, count, 3), float(np.exp(batch).mean()), np.float32)


def test_songs_are_heard_once_and_kept(tmp_path, music):
    paths = tuple(tmp_path / f"{index}.wav" for index in range(3))
    for path in paths:
        soundfile.write(path, music, SAMPLE_RATE)
    songs = [song("pop", "a", "two", paths[:2]), song("rock", "b", "one", paths[2:])]
    network, store = Counting(), tmp_path / "features" / "kept.npz"
    trunk = Trunk(network)
    first = hear_songs(trunk, songs, store)
    assert network.asked == 3
    assert first.song.tolist() == [0, 0, 1]
    again = hear_songs(trunk, songs[::-1], store)
    assert network.asked == 3
    assert again.song.tolist() == [0, 1, 1]
    np.testing.assert_array_equal(again.answers[1:], first.answers[:2])
    fewer = hear_songs(trunk, songs, tmp_path / "other.npz", excerpts=1)
    assert fewer.song.tolist() == [0, 1]
    version = hear_songs(trunk, songs, tmp_path / "version.npz", version=1)
    assert version.song.tolist() == [0, 1]


def test_every_version_of_a_song_is_another_draw(tmp_path, music):
    path = tmp_path / "song.wav"
    soundfile.write(path, np.tile(music, 4), SAMPLE_RATE)
    one = song("pop", "a", "song", (path,))
    first, again, second = (another_version(one, version) for version in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert len(first) != len(second) or np.abs(first - second).max() > 0.01
