"""Sanity checks: whether a map depends on what the network learned, and on the class.

J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018.
"""

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.stats import spearmanr

from model.evaluation.maps.filter_maps import FilterMaps
from model.evaluation.maps.methods import Explainer
from model.evaluation.maps.observations import Observations
from model.evaluation.maps.probe import Probe
from model.evaluation.maps.subjects import Subject
from model.types import Float32

if TYPE_CHECKING:
    import keras


# Trainings use small seeds. The same seed here would bring back the very weights that the
# network began with, and a short training stays close to them.
_SEEDS_APART: Final = 10_000

COLUMNS: Final = ("check", "method", "step", "measure")


def similarity(one: Float32, other: Float32) -> float:
    """Compute Spearman's rank correlation of two maps of the same shape.

    Returns
    -------
    float
        -1 to 1; 0 if either map is constant.
    """
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(spearmanr(one.ravel(), other.ravel()).statistic)


def steps_from_the_top(network: "keras.Model") -> dict[str, list[str]]:
    """List the layers to randomise step by step, the dense layer first.

    Returns
    -------
    dict of str to list of str
        A convolution or dense layer, and with it the layers with weights between it and
        the one above: normalisations and biases. What lies below the last goes with it.
    """
    steps: dict[str, list[str]] = {}
    waiting: list[str] = []
    for layer in reversed(network.layers):
        if layer.weights:
            waiting.append(layer.name)
        if hasattr(layer, "kernel"):
            steps[layer.name], waiting = waiting, []
    steps[next(reversed(steps))] += waiting
    return steps


def cascade(network: "keras.Model", seed: int) -> Generator[str]:
    """Randomise the weights step by step, from the top down.

    Parameters
    ----------
    network : keras.Model
        Changed in place, and as before when the iterator is exhausted.
    seed : int
        Of the weights that take the place of the learned ones: those that an untrained
        network begins with.

    Yields
    ------
    str
        The step of `steps_from_the_top` that was randomised last.
    """
    import keras  # noqa: PLC0415  # takes seconds to import

    learned = network.get_weights()
    keras.utils.set_random_seed(_SEEDS_APART + seed)
    untrained = keras.models.clone_model(network)
    try:
        for step, names in steps_from_the_top(network).items():
            for name in names:
                network.get_layer(name).set_weights(untrained.get_layer(name).get_weights())
            yield step
    finally:
        network.set_weights(learned)


class Sanity:
    """Comparison of a network's maps with those of other networks and of other classes.

    Parameters
    ----------
    probe : Probe
        The network.
    subjects : sequence of Subject
        Tracks to explain, for their most probable class.
    methods : sequence of Explainer
        Methods to check.
    seed : int
        Of the random weights and of the bootstrap.
    filters : sequence of str
        Of `model.evaluation.maps.filter_maps.FILTERS`: single filters to check with random
        weights. They are of no class, so they take part in no other comparison.
    """

    def __init__(
        self,
        probe: Probe,
        subjects: Sequence[Subject],
        methods: Sequence[Explainer],
        seed: int,
        filters: Sequence[str] = (),
    ) -> None:
        self._probe = probe
        self._subjects = subjects
        self._methods = methods
        self._seed = seed
        self._observations = Observations(COLUMNS, reference="")
        logits = [probe.predict(subject.levels).logits for subject in subjects]
        self._orders = [np.argsort(-scores) for scores in logits]
        self._filters = FilterMaps(probe.network, subjects, filters, seed)
        self._maps = self._explain(probe, 0) | self._filters.maps()

    def _explain(self, probe: Probe, place: int) -> dict[str, list[Float32]]:
        """Explain every subject for the class in some place of the network's ranking."""
        return {
            method.name: [
                method.explain(probe, subject, int(order[place]), self._seed).at(subject.frames)
                for subject, order in zip(self._subjects, self._orders, strict=True)
            ]
            for method in self._methods
        }

    def _compare(self, check: str, step: str, others: dict[str, list[Float32]]) -> None:
        for name, maps in others.items():
            for subject, map_, original in zip(self._subjects, maps, self._maps[name], strict=True):
                correlation = similarity(map_, original)
                key = (check, name, step)
                self._observations.add((*key, "spearman"), subject.name, correlation)
                self._observations.add((*key, "magnitude"), subject.name, abs(correlation))

    def compare_filters(self) -> None:
        """Compare the map of a filter with that of another filter of the same layer."""
        self._compare("filters", "", self._filters.others)

    def compare_classes(self) -> None:
        """Compare the map of the most probable class with that of the next."""
        self._compare("classes", "", self._explain(self._probe, 1))

    def randomise(self, runs: int) -> list[str]:
        """Randomise the weights layer by layer, several times with other random weights.

        Returns
        -------
        list of str
            The steps, in the order of randomisation.
        """
        for run in range(runs):
            for step in cascade(self._probe.network, self._seed + run):
                maps = self._explain(self._probe, 0) | self._filters.maps()
                self._compare("weights", step, maps)
        return list(steps_from_the_top(self._probe.network))

    @property
    def filters(self) -> list[dict[str, Any]]:
        """Facts about the single filters that are checked, for a results file."""
        return self._filters.facts

    def compare_with(self, check: str, probe: Probe) -> None:
        """Compare with the maps of another network, such as one that learned shuffled labels."""
        self._compare(check, "", self._explain(probe, 0))

    def rows(self, seed: int) -> list[dict[str, Any]]:
        """Return all figures: rows of check, method, step and measure, with intervals."""
        return self._observations.rows(seed)
