"""The network on song statistics: loaded safely, and what it says of an excerpt."""

import json
import shutil

import numpy as np
import pytest

from model.audio.clip import Clip
from model.audio.excerpt import prepare
from model.audio.song_statistics import SONG_STATISTICS, song_statistics
from model.constants import GENRES
from model.genres import merge_probabilities
from model.gtzan.splits import read_split
from model.gtzan.statistics_table import load_song_table
from model.networks import shipped
from model.networks.shipped import WEIGHTS_FOLDER, WeightsError
from model.second_opinion import (
    DEFAULT_SONG_MODEL,
    SecondOpinion,
    load_statistics_classifier,
    second_opinion,
)


@pytest.fixture
def statistics(music):
    return song_statistics(music)


def test_an_excerpt_gets_an_opinion(music, statistics):
    opinion = second_opinion(prepare(Clip(music, "music.wav", "0" * 64, ())))
    assert opinion.classes == GENRES
    assert opinion.probabilities.sum() == pytest.approx(1, abs=1e-5)
    again = load_statistics_classifier().judge(statistics)
    np.testing.assert_allclose(opinion.probabilities, again.probabilities, atol=1e-4)
    names = [genre for genre, _ in opinion.ranking]
    assert sorted(names) == sorted(GENRES)
    assert names[0] == GENRES[int(opinion.probabilities.argmax())]


def test_without_a_statistic_is_what_the_network_says_of_its_average(statistics):
    """Found again by giving the network the training tracks' average in its place."""
    song_classifier = load_statistics_classifier()
    opinion = song_classifier.judge(statistics)
    average = song_classifier._standardise.network.layers["standardise"].weights[0].ravel()
    for name in ("tempo", "rms_mean", "mfcc2_var"):
        index = SONG_STATISTICS.index(name)
        changed = statistics.copy()
        changed[index] = np.exp(average[index]) if name.endswith("_var") else average[index]
        np.testing.assert_allclose(
            song_classifier.judge(changed).probabilities, opinion.without[index], atol=1e-4
        )


def test_the_most_telling_statistics_come_first_and_none_speaks_against():
    without = np.full((57, 2), 0.7, np.float32)
    without[:, 1] = 0.3
    without[5], without[9] = (0.2, 0.8), (0.9, 0.1)
    without[18] = (0.4, 0.6)
    opinion = SecondOpinion(
        ("jazz", "pop"), np.array([0.7, 0.3], np.float32), np.arange(57, dtype=np.float32), without
    )
    told = opinion.contributions("jazz")
    assert [telling.name for telling in told] == [SONG_STATISTICS[5], SONG_STATISTICS[18]]
    assert told[0].deviation == 5
    assert told[0].without == pytest.approx(0.2)
    assert [telling.name for telling in opinion.contributions("pop", at_most=1)] == [
        SONG_STATISTICS[9]
    ]


def test_a_merged_opinion_sums_all_its_probabilities(statistics):
    opinion = load_statistics_classifier().judge(statistics)
    merged = opinion.merged
    expected, names = merge_probabilities(opinion.probabilities, GENRES)
    assert merged.classes == names
    np.testing.assert_array_equal(merged.probabilities, expected)
    assert merged.without.shape == (57, len(names))
    np.testing.assert_allclose(merged.without.sum(axis=1), 1, atol=1e-5)


def test_changed_weights_are_refused(tmp_path, monkeypatch):
    for ending in ("keras", "json"):
        shutil.copy(WEIGHTS_FOLDER / f"{DEFAULT_SONG_MODEL}.{ending}", tmp_path)
    card = json.loads((tmp_path / f"{DEFAULT_SONG_MODEL}.json").read_text(encoding="utf-8"))
    (tmp_path / "other.json").write_text(json.dumps({**card, "sha256": "0" * 64}))
    shutil.copy(tmp_path / f"{DEFAULT_SONG_MODEL}.keras", tmp_path / "other.keras")
    monkeypatch.setattr(shipped, "WEIGHTS_FOLDER", tmp_path)
    with pytest.raises(WeightsError, match="SHA-256"):
        load_statistics_classifier("other")


@pytest.mark.data
def test_the_card_s_figure_is_that_of_the_weights(gtzan):
    song_classifier = load_statistics_classifier()
    tracks = load_song_table(gtzan).of(read_split(gtzan, "random_valid"))
    verdicts = [song_classifier.judge(row).probabilities.argmax() for row in tracks.statistics]
    right = float(np.mean(np.array(verdicts) == tracks.labels))
    stated = song_classifier.card["training"]["valid_accuracy"]
    # Two genres that are as good as even may change places on another machine: one track may.
    assert right == pytest.approx(stated, abs=1.5 / len(verdicts))
