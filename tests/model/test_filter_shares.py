"""Filters taken away: the head is linear, so the verdict without them needs no network."""

from dataclasses import replace

import numpy as np
import pytest

from model.analysis import Analysis
from model.audio.clip import Clip
from model.audio.excerpt import prepare
from model.constants import GENRES, N_MELS, SAMPLE_RATE
from model.explain.door import Prediction
from model.explain.grid import MapGrid
from model.filter_shares import shares_of_score, without
from model.networks.classifier import Classifier, softmax

RNG = np.random.default_rng(3)
MAPS = RNG.random((4, 5, 6)).astype(np.float32)
KERNEL = RNG.normal(size=(6, len(GENRES))).astype(np.float32)
BIAS = RNG.normal(size=len(GENRES)).astype(np.float32)


@pytest.fixture
def analysis() -> Analysis:
    """An analysis by a network that must not be asked again."""
    classifier = Classifier(
        card={"name": "made", "classes": list(GENRES), "temperature": 0.7},
        sha256="0" * 64,
        kernel=KERNEL,
        bias=BIAS,
        grid=MapGrid(1.5, 4, 1.5, 4),
        _network=None,  # type: ignore[arg-type]
    )
    logits = MAPS.mean(axis=(0, 1)) @ KERNEL + BIAS
    levels = np.full((N_MELS, 20), -40, np.float32)
    prediction = Prediction(logits, softmax(logits, 0.7), MAPS, levels)
    noise = RNG.normal(scale=0.1, size=4 * SAMPLE_RATE).astype(np.float32)
    return Analysis(prepare(Clip(noise, name="noise", sha256="")), classifier, prediction)


def test_what_the_filters_add_and_the_bias_make_the_score(analysis):
    for index, genre in enumerate(GENRES):
        added, bias = shares_of_score(analysis, genre)
        assert added.shape == (6,)
        assert bias == pytest.approx(BIAS[index], abs=1e-5)
        assert added.sum() + bias == pytest.approx(analysis.prediction.logits[index], abs=1e-5)


def test_without_filters_is_the_verdict_of_a_network_that_lacks_them(analysis):
    gone = {1, 4}
    found = without(analysis, gone).prediction
    kept = np.delete(np.arange(6), list(gone))
    logits = MAPS[..., kept].mean(axis=(0, 1)) @ KERNEL[kept] + BIAS
    np.testing.assert_allclose(found.logits, logits, atol=1e-5)
    np.testing.assert_allclose(found.probabilities, softmax(logits, 0.7), atol=1e-5)
    cam = without(analysis, gone).map("cam", "rock").values
    expected = MAPS[..., kept] @ KERNEL[kept, GENRES.index("rock")]
    np.testing.assert_allclose(cam, expected, atol=1e-5)


def test_all_filters_on_is_the_analysis_itself(analysis):
    assert without(analysis, set()) is analysis
    assert without(replace(analysis, merges=True), {0}).merges is False
