"""The faithfulness of every method, over many tracks."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.evaluation.maps.curves import SHARES, Curves, area_under
from model.evaluation.maps.masks import Rule, area_rule, quieter, threshold_rule
from model.evaluation.maps.measures import COUNTED, MEASURES, compare_parts
from model.evaluation.maps.methods import RANDOM, Explainer, random_for
from model.evaluation.maps.observations import Key, Observations
from model.evaluation.maps.probe import Probe
from model.evaluation.maps.subjects import AUDIO, PICTURES, Subject
from model.explain.compactness import complexity, sparseness
from model.explain.grid import RelevanceMap
from model.explain.methods import DEFAULT_METHOD
from model.gtzan.pictures import genre_of
from model.types import Float32

GROUPS: Final = {
    AUDIO: "real audio: what is kept and the rest go through the whole front end again",
    PICTURES: "stored pictures without audio: masked in the mel domain",
}
MAP: Final = "map"
RANDOM_ORDER: Final = "random-order"
COLUMNS: Final = ("group", "method", "setting", "measure")

EQUAL_AREAS: Final = quieter(area_rule())
RULES: Final[tuple[Rule, ...]] = (threshold_rule(), EQUAL_AREAS)


class Faithfulness:
    """Measurement of the methods, one track after the other.

    Parameters
    ----------
    probe : Probe
        The network.
    methods : sequence of Explainer
        Methods to measure.
    rules : sequence of Rule
        What a map keeps.
    seed : int
        Of the random maps and orders and of the bootstrap.
    """

    def __init__(
        self,
        probe: Probe,
        methods: Sequence[Explainer],
        rules: Sequence[Rule] = RULES,
        seed: int = 0,
    ) -> None:
        self._probe = probe
        self._methods = methods
        self._rules = rules
        self._seed = seed
        self._observations = Observations(COLUMNS, RANDOM, COUNTED, genre_of)
        self._seconds: dict[str, list[float]] = {method.name: [] for method in methods}
        self._curves: dict[tuple[str, str, str], list[npt.NDArray[np.float64]]] = {}
        self._groups = dict.fromkeys(GROUPS, 0)
        self._warm: set[str] = set()

    def measure(self, subject: Subject, *, in_full: bool) -> None:
        """Measure the methods on one track, for the most probable class.

        Parameters
        ----------
        subject : Subject
            The track.
        in_full : bool
            Whether to include the costly methods, and deletion and insertion, which take
            most of the time.
        """
        whole = self._probe.probabilities(subject.levels[np.newaxis])[0]
        class_index = int(whole.argmax())
        self._groups[subject.group] += 1
        methods = [method for method in self._methods if in_full or not method.costly]
        maps = self._explain(subject, class_index, methods)
        self._measure_maps(subject, maps)
        self._measure_parts(subject, maps, whole, class_index)
        if in_full:
            self._measure_curves(subject, maps, class_index)

    def _explain(
        self, subject: Subject, class_index: int, methods: Sequence[Explainer]
    ) -> dict[str, RelevanceMap]:
        """Explain by every method, and time each."""
        maps = {}
        for method in methods:
            explain = partial(method.explain, self._probe, subject, class_index, self._seed)
            if method.name not in self._warm:
                # The first run of a method traces a graph; that time is not counted.
                explain()
                self._warm.add(method.name)
            begin = time.perf_counter()
            maps[method.name] = explain()
            self._seconds[method.name].append(time.perf_counter() - begin)
        return maps

    def _measure_maps(self, subject: Subject, maps: dict[str, RelevanceMap]) -> None:
        for name, relevance in maps.items():
            drawn = relevance.at(subject.frames)
            add = partial(self._observations.add, track=subject.name)
            add((subject.group, name, MAP, "SPS"), figure=sparseness(drawn))
            add((subject.group, name, MAP, "COMP"), figure=complexity(drawn))

    def _measure_parts(
        self, subject: Subject, maps: dict[str, RelevanceMap], whole: Float32, class_index: int
    ) -> None:
        """Run the network on the kept part and the rest, for every method and rule."""
        parts: list[Float32] = []
        keys: list[Key] = []
        smooth = {method.name: method.smooth for method in self._methods}
        for name, relevance in maps.items():
            drawn = relevance.at(subject.mask_frames)
            for mask_of, rules in self._rules_by_mask(smooth[name]).items():
                mask = mask_of(drawn)
                for rule, both in zip(
                    rules, subject.parts(mask, [rule.floor for rule in rules]), strict=True
                ):
                    parts += both
                    keys.append((subject.group, name, rule.name))
                    area = float(mask.mean())
                    self._observations.add((*keys[-1], "kept-area"), subject.name, area)
        probabilities = self._probe.probabilities(np.stack(parts))
        for key, kept, rest in zip(keys, probabilities[::2], probabilities[1::2], strict=True):
            for measure, figure in compare_parts(whole, kept, rest, class_index).items():
                self._observations.add((*key, measure), subject.name, figure)

    def _rules_by_mask(self, smooth: bool) -> dict[Callable[[Float32], Float32], list[Rule]]:
        """Group rules that differ only in their floor, since they share a mask."""
        grouped: dict[Callable[[Float32], Float32], list[Rule]] = {}
        for rule in self._rules:
            grouped.setdefault(rule.mask_for(smooth), []).append(rule)
        return grouped

    def _measure_curves(
        self, subject: Subject, maps: dict[str, RelevanceMap], class_index: int
    ) -> None:
        def probability(levels: Float32) -> Float32:
            return self._probe.probabilities(levels)[:, class_index]

        orders = {name: relevance.at(subject.frames) for name, relevance in maps.items()}
        rng = random_for(subject.name, self._seed)
        orders[RANDOM_ORDER] = rng.random(subject.levels.shape, np.float32)
        curves = Curves(probability, subject.levels)
        for name, relevance in orders.items():
            for measure, curve in curves.follow(relevance).items():
                key = (subject.group, name, MAP, measure)
                self._observations.add(key, subject.name, area_under(curve))
                self._curves.setdefault((subject.group, name, measure), []).append(curve)

    def results(self) -> dict[str, Any]:
        """Return all figures for a JSON file.

        Returns
        -------
        dict
            "groups", "methods" with the median of the seconds a track, "settings",
            "measures", "steps" of deletion and insertion, their mean "curves", and "rows": a
            row has group, method, setting and measure, "value", "low", "high", "n",
            "over_genres" and "over_reference".
        """
        return {
            "groups": [
                {"name": name, "what": what, "n": self._groups[name]}
                for name, what in GROUPS.items()
            ],
            "methods": [
                {
                    "name": method.name,
                    "label": method.label,
                    "cost": method.cost,
                    "per_class": method.per_class,
                    "seconds": round(median(self._seconds[method.name]), 3),
                }
                for method in self._methods
                if self._seconds[method.name]
            ]
            + [{"name": RANDOM_ORDER, "label": "Cells in random order"}],
            "settings": [{"name": rule.name, "label": rule.label} for rule in self._rules]
            + [{"name": MAP, "label": "the map as it is"}],
            "measures": [vars(measure) for measure in MEASURES],
            "steps": list(SHARES),
            "curves": [
                {
                    "group": group,
                    "method": method,
                    "measure": measure,
                    "n": len(curves),
                    "mean": np.mean(curves, axis=0).round(4).tolist(),
                }
                for (group, method, measure), curves in self._curves.items()
            ],
            "default_method": DEFAULT_METHOD,
            "equal_areas": EQUAL_AREAS.name,
            "reference": RANDOM,
            "seed": self._seed,
            "rows": self._observations.rows(self._seed),
        }
