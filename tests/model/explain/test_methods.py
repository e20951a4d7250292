"""Every method of the registry, through the one door."""

import numpy as np
import pytest

from model.constants import N_MELS
from model.explain.door import Prediction, Target
from model.explain.grid import MapGrid, RelevanceMap
from model.explain.methods import METHODS, MORE_METHODS, QUICK_METHODS

ROWS, COLUMNS, CHANNELS, CLASSES = 16, 12, 11, 10
FRAMES = 4 * COLUMNS
RNG = np.random.default_rng(7)
MIXING = RNG.standard_normal((CHANNELS, CLASSES)).astype(np.float32)
SIGNS = RNG.standard_normal(CHANNELS).astype(np.float32)


class Toy:
    """Every channel hears the mean level of its cell, through a weight and a rectifier."""

    decodes = True
    kernel = MIXING
    grid = MapGrid(3.5, 8.0, 1.5, 4.0)
    temperature = 1.0

    def __init__(self) -> None:
        self.runs = 0

    def maps(self, levels: np.ndarray) -> np.ndarray:
        heights = 1 + levels.reshape(len(levels), ROWS, 8, COLUMNS, 4).mean(axis=(2, 4)) / 80
        return np.maximum(heights[..., np.newaxis] * SIGNS, 0).astype(np.float32)

    def predict(self, levels: np.ndarray) -> Prediction:
        self.runs += 1
        maps = self.maps(levels[np.newaxis])[0]
        logits = maps.mean(axis=(0, 1)) @ self.kernel
        return Prediction(logits, np.exp(logits) / np.exp(logits).sum(), maps, levels, seconds=0.25)

    def logits(self, levels: np.ndarray) -> np.ndarray:
        self.runs += len(levels)
        return self.maps(levels).mean(axis=(1, 2)) @ self.kernel

    def decoded(self, prediction: Prediction, weights: np.ndarray) -> RelevanceMap:
        """Keep what speaks for the weighted sum of the scores."""
        kept = np.maximum(prediction.feature_maps @ (self.kernel @ weights), 0)
        return RelevanceMap(kept.astype(np.float32), self.grid)

    def gradients(
        self, levels: np.ndarray, weights: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        self.runs += len(levels)
        maps = self.maps(levels)
        by_map = np.broadcast_to(self.kernel @ weights, maps.shape) / (ROWS * COLUMNS)
        by_cell = ((maps > 0) * by_map * SIGNS).sum(axis=-1) / 80 / 32
        by_input = by_cell.repeat(8, axis=1).repeat(4, axis=2)
        return by_input.astype(np.float32), by_map.astype(np.float32), maps


LEVELS = RNG.uniform(-80, 0, (N_MELS, FRAMES)).astype(np.float32)


def maps_of(name: str) -> np.ndarray:
    network = Toy()
    prediction = network.predict(LEVELS)
    return np.stack(
        [
            METHODS[name].explain(network, prediction, Target.single(index, CLASSES)).values
            for index in range(CLASSES)
        ]
    )


@pytest.mark.parametrize("name", METHODS)
def test_every_method_keeps_its_word(name):
    method = METHODS[name]
    maps = maps_of(name)
    assert maps.dtype == np.float32
    assert np.isfinite(maps).all()
    assert (maps.min() < 0) == method.signed
    assert maps.max() > 0
    assert ("rock" in method.label_for("rock")) == method.per_class
    assert (maps == maps[:1]).all() == (not method.per_class)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_runs_the_network_about_as_often_as_it_says(name):
    network, method = Toy(), METHODS[name]
    prediction = network.predict(LEVELS)
    network.runs = 0
    method.explain(network, prediction, Target.single(3, CLASSES))
    said = method.runs(FRAMES) if method.runs else 0
    # A gradient counts as one run here, and as several runs for the time that it takes.
    assert said / 4 <= network.runs <= said
    assert method.seconds(prediction) == pytest.approx(0.25 * said)


def test_merged_classes_are_explained_by_the_sum_of_their_scores():
    """What is linear in the scores adds up: a group's map is the sum of its members' maps."""
    network = Toy()
    prediction = network.predict(LEVELS)
    groups = np.eye(CLASSES, dtype=np.float32)[:-1]
    groups[2, -1] = 1
    for name in ("cam", "crm-class", "gradient-input", "integrated-gradients", "occlusion"):
        maps = maps_of(name)
        merged = METHODS[name].explain(network, prediction, Target(2, groups)).values
        np.testing.assert_allclose(merged, maps[2] + maps[-1], atol=1e-4 * np.abs(maps).max())


def test_methods_that_take_long_are_not_among_the_quick_ones():
    prediction = Toy().predict(LEVELS)
    assert not set(QUICK_METHODS) & set(MORE_METHODS)
    longest = max(method.seconds(prediction) for method in QUICK_METHODS.values())
    assert longest <= min(method.seconds(prediction) for method in MORE_METHODS.values())
