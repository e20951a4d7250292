"""The genres over time within one excerpt."""

import numpy as np
import pytest

from model.analysis import analyse
from model.audio.clip import Clip
from model.audio.excerpt import prepare
from model.constants import GENRES, NETWORK_HOP, SAMPLE_RATE
from model.explain.door import Prediction
from model.explain.grid import MapGrid
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier, softmax
from model.songs.timeline import SMOOTHING_SECONDS, timeline_of
from tests.model.evaluation.listeners import listener

COLUMN = 4 * NETWORK_HOP / SAMPLE_RATE  # s


def prediction(maps: np.ndarray, counts: np.ndarray | None = None) -> Prediction:
    """One of a network whose map is given, (rows, columns, channels)."""
    logits = np.zeros(len(GENRES), np.float32)
    levels = np.zeros((0, 0), np.float32)
    silent = None if counts is None else ~counts
    return Prediction(logits, softmax(logits), maps.astype(np.float32), levels, silent=silent)


@pytest.fixture
def classifier() -> Classifier:
    """Channel k speaks for genre k; biases rise; a column every four frames."""
    classifier = listener(lambda _level: 0)
    return Classifier(
        card={**classifier.card, "temperature": 0.5},
        sha256=classifier.sha256,
        kernel=np.eye(len(GENRES), dtype=np.float32),
        bias=np.linspace(0, 1, len(GENRES), dtype=np.float32),
        grid=MapGrid(1.5, 4, 1.5, 4),
        _network=None,  # type: ignore[arg-type]
    )


def test_scores_over_time_average_to_the_score_of_the_excerpt(music):
    analysis = analyse(prepare(Clip(music, "music.wav", "0" * 64)), load_classifier())
    timeline = timeline_of(analysis.prediction, analysis.classifier)
    np.testing.assert_allclose(timeline.scores.mean(axis=0), analysis.prediction.logits, atol=1e-4)
    assert timeline.scores.std(axis=0).max() > 0.01, "nothing changes over time"
    assert timeline.times[0] > 0
    assert timeline.times[-1] < analysis.excerpt.seconds


@pytest.mark.parametrize("columns", [1, 4, 9, 96])
def test_smoothing_keeps_the_mean_at_any_length(classifier, columns):
    maps = np.random.default_rng(0).normal(size=(3, columns, len(GENRES)))
    timeline = timeline_of(prediction(maps), classifier)
    expected = maps.mean(axis=(0, 1)) + classifier.bias
    np.testing.assert_allclose(timeline.scores.mean(axis=0), expected, atol=1e-5)
    assert timeline.scores.shape == timeline.probabilities.shape == (columns, len(GENRES))


def test_a_moment_is_heard_where_it_is_and_no_longer_than_the_smoothing(classifier):
    maps = np.zeros((2, 96, len(GENRES)))
    maps[:, 40, 3] = 90.0
    timeline = timeline_of(prediction(maps), classifier)
    raised = timeline.times[timeline.scores[:, 3] > classifier.bias[3] + 1e-3]
    middle = (1.5 + 4 * 40) * NETWORK_HOP / SAMPLE_RATE
    assert raised.mean() == pytest.approx(middle)
    assert len(raised) * COLUMN == pytest.approx(SMOOTHING_SECONDS, abs=COLUMN)
    np.testing.assert_allclose(timeline.scores[:, 5], classifier.bias[5], atol=1e-6)


def test_probabilities_are_those_of_the_scores_over_the_temperature(classifier):
    maps = np.random.default_rng(1).normal(size=(3, 20, len(GENRES)))
    timeline = timeline_of(prediction(maps), classifier)
    np.testing.assert_allclose(timeline.probabilities, softmax(timeline.scores, 0.5), atol=1e-6)
    merged = timeline.merged(GENRES)
    assert merged.probabilities.shape[1] < len(GENRES)
    np.testing.assert_allclose(merged.probabilities.sum(axis=1), 1, atol=1e-5)


def test_silence_has_no_score_and_takes_none_from_the_moments_beside_it(classifier):
    maps = np.random.default_rng(0).normal(size=(3, 60, len(GENRES)))
    counts = np.ones(60, bool)
    counts[:10] = counts[30:45] = False
    # As a classifier hands it over: 0 in silence, the rest scaled so that the mean holds.
    scaled = np.where(counts[:, np.newaxis], maps, 0) * (60 / 35)
    timeline = timeline_of(prediction(scaled, counts), classifier)
    expected = maps[:, counts].mean(axis=(0, 1)) + classifier.bias
    np.testing.assert_allclose(timeline.scores[counts].mean(axis=0), expected, atol=1e-5)
    assert (timeline.probabilities[~counts] == 0).all()
    np.testing.assert_allclose(timeline.probabilities[counts].sum(axis=1), 1, atol=1e-5)
    alone = timeline_of(prediction(maps[:, 10:30]), classifier)
    np.testing.assert_allclose(timeline.scores[10:30], alone.scores, atol=1e-5)
