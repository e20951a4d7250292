"""Whether a class's map lies where that class's sound is."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.evaluation.maps.masks import Rule, threshold_rule
from model.evaluation.maps.methods import RANDOM, Explainer
from model.evaluation.maps.mixtures import Mixture
from model.evaluation.maps.observations import Observations
from model.evaluation.maps.probe import Probe
from model.evaluation.maps.subjects import Subject
from model.types import Float32
from model.uncertainty import bootstrap

Bool = npt.NDArray[np.bool_]

COLUMNS: Final = ("kind", "method", "measure")


def mass_inside(weights: Float32, region: Bool) -> float:
    """Compute the share of the positive weight that lies in a region.

    J. Zhang et al., "Top-down Neural Attention by Excitation Backprop", IJCV 2018; V. Petsiuk
    and others call it energy-based pointing.

    Parameters
    ----------
    weights : ndarray of float32, shape (mels, frames)
        Relevance or a mask.
    region : ndarray of bool, shape (mels, frames)
        Where it should lie.

    Returns
    -------
    float
        0 to 1; 0 if nothing is positive.
    """
    positive = np.maximum(weights, 0).astype(np.float64)
    total = positive.sum()
    return float(positive[region].sum() / total) if total > 0 else 0.0


def points_inside(relevance: Float32, region: Bool) -> float:
    """Play the pointing game: 1 if the most relevant cell lies in the region, else 0."""
    return float(region.flat[int(relevance.argmax())])


def localise(
    probe: Probe,
    kinds: Mapping[str, Sequence[Mixture]],
    methods: Sequence[Explainer],
    seed: int,
    rule: Rule | None = None,
) -> dict[str, Any]:
    """Measure every method on mixtures.

    Parameters
    ----------
    probe : Probe
        The network.
    kinds : mapping of str to sequence of Mixture
        Mixtures by the way they were made.
    methods : sequence of Explainer
        Methods to measure.
    seed : int
        Seed of the random maps and of the bootstrap.
    rule : Rule, optional
        How a map becomes a mask; by the app's own threshold if not given.

    Returns
    -------
    dict
        "chance" by kind, the mean share of the cells that the regions take, and "rows" with
        kind, method and measure ("mass" of the map's positive part, "mass-apart" of that
        which is not near a splice, "mask-mass" of what is kept, "pointing"), "value", "low",
        "high", "n" mixtures and "over_reference".
    """
    keep = rule or threshold_rule()
    observations = Observations(COLUMNS, RANDOM, {"pointing": 1.0})
    chance = {}
    for kind, mixtures in kinds.items():
        areas = []
        for mixture in mixtures:
            subject = Subject(mixture.name, mixture.levels)
            areas.append(float(np.mean(list(mixture.regions.values()))))
            for class_index, region in mixture.regions.items():
                for method in methods:
                    drawn = method.explain(probe, subject, class_index, seed).at(subject.frames)
                    figures = {
                        "mass": mass_inside(drawn, region),
                        "mask-mass": mass_inside(keep.mask_for(method.smooth)(drawn), region),
                        "pointing": points_inside(drawn, region),
                    }
                    if mixture.near is not None:
                        apart = np.where(mixture.near, np.float32(0), drawn)
                        figures["mass-apart"] = mass_inside(apart, region)
                    for measure, figure in figures.items():
                        observations.add((kind, method.name, measure), mixture.name, figure)
        if areas:
            chance[kind] = bootstrap(np.array(areas), seed)
    return {"chance": chance, "rows": observations.rows(seed)}
