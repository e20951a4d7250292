"""The methods under test, behind one signature."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from model.evaluation.maps.gradients import (
    IG_STEPS,
    band_means,
    gradient_times_input,
    integrated_gradients,
    silence,
)
from model.evaluation.maps.occlusion import occlusion
from model.evaluation.maps.probe import Probe
from model.evaluation.maps.subjects import Subject
from model.evaluation.maps.surrogate import surrogate
from model.explain.fine import CAP, fine_map
from model.explain.grad_cam import grad_cam, grad_cam_plus_plus
from model.explain.grid import RelevanceMap
from model.explain.methods import METHODS
from model.types import Float32

CAM: Final = "cam"
RANDOM: Final = "random"
RANDOM_FINE: Final = "random-fine"


def random_for(track: str, seed: int) -> np.random.Generator:
    """Give a track's own random numbers, the same whatever other tracks are measured."""
    return np.random.default_rng((seed, zlib.crc32(track.encode())))


@dataclass(frozen=True)
class Explainer:
    """One method under test.

    Attributes
    ----------
    name : str
        What the command line and the results call it.
    label : str
        Name shown to people.
    cost : str
        What it asks of the network, in words.
    per_class : bool
        Whether every class has a map of its own.
    explain : callable
        From the network, a subject, a class and a seed to the relevance of that class.
    costly : bool
        Whether it runs the network so often that it is measured on fewer tracks.
    smooth : bool
        Whether neighbouring cells of its maps are alike; decides how the app makes a mask.
    """

    name: str
    label: str
    cost: str
    per_class: bool
    explain: Callable[[Probe, Subject, int, int], RelevanceMap]
    costly: bool = False
    smooth: bool = True

    @property
    def told(self) -> dict[str, Any]:
        """What a file of figures says of it."""
        return {"name": self.name, "label": self.label, "per_class": self.per_class}


def _of_the_app(name: str) -> Explainer:
    method = METHODS[name]
    compute = method.compute
    if compute is None:
        return Explainer(
            name, method.label, "1 run, 1 gradient", True, explain_finely, smooth=False
        )

    def explain(probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
        maps = compute(probe.forward(subject.levels)[0], probe.kernel)
        return RelevanceMap(maps[class_index if method.per_class else 0], probe.grid)

    return Explainer(name, method.label, "1 run of the network", method.per_class, explain)


def explain_finely(
    probe: Probe, subject: Subject, class_index: int, seed: int, cap: float = CAP
) -> RelevanceMap:
    """Explain by the app's fine map."""
    said = probe.forward(subject.levels)
    members = np.arange(len(said[1])) == class_index
    return fine_map(probe, subject.levels, said, members, cap)


def _by_map_gradient(compute: Callable[[Float32, Float32], Float32]) -> Callable[..., RelevanceMap]:
    def explain(probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
        _, gradients, maps = probe.gradients(subject.levels[np.newaxis], class_index)
        return RelevanceMap(compute(maps[0], gradients[0]), probe.grid)

    return explain


def _gradient_times_input(
    probe: Probe, subject: Subject, class_index: int, seed: int
) -> RelevanceMap:
    return RelevanceMap(
        gradient_times_input(lambda x: probe.gradients(x, class_index)[0], subject.levels)
    )


def _integrated_gradients(
    probe: Probe, subject: Subject, class_index: int, seed: int
) -> RelevanceMap:
    return RelevanceMap(
        integrated_gradients(
            lambda x: probe.gradients(x, class_index)[0], subject.levels, band_means(subject.levels)
        )
    )


def _occlusion(probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
    def score(levels: Float32) -> Float32:
        return probe.logits(levels)[:, class_index]

    return occlusion(score, subject.levels, band_means(subject.levels))


def _rearranged(name: str) -> Callable[..., RelevanceMap]:
    """Explain by the values of a method's map, anywhere: what its mere looks are worth."""

    def explain(probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
        original = EXPLAINERS[name].explain(probe, subject, class_index, seed)
        values = surrogate(original.values, random_for(subject.name, seed))
        return RelevanceMap(values, original.grid)

    return explain


def _band_energy(probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
    return RelevanceMap(subject.levels - silence(subject.levels))


EXPLAINERS: Final = {
    explainer.name: explainer
    for explainer in (
        *(_of_the_app(name) for name in METHODS),
        Explainer(
            "grad-cam", "Grad-CAM", "1 gradient", per_class=True, explain=_by_map_gradient(grad_cam)
        ),
        Explainer(
            "grad-cam++",
            "Grad-CAM++",
            "1 gradient",
            per_class=True,
            explain=_by_map_gradient(grad_cam_plus_plus),
        ),
        Explainer(
            "gradient-input",
            "Gradient × input",
            "1 gradient",
            per_class=True,
            explain=_gradient_times_input,
            smooth=False,
        ),
        Explainer(
            "integrated-gradients",
            "Integrated gradients",
            f"{IG_STEPS} gradients, from the band means",
            per_class=True,
            explain=_integrated_gradients,
            costly=True,
            smooth=False,
        ),
        Explainer(
            "occlusion",
            "Occlusion",
            "a run of the network for each patch of 16 bands by 1.9 s, covered by the band means",
            per_class=True,
            explain=_occlusion,
            costly=True,
        ),
        Explainer(
            RANDOM,
            "Random map, as smooth",
            "1 run of the network: the CAM's own values, rearranged",
            per_class=False,
            explain=_rearranged(CAM),
        ),
        Explainer(
            RANDOM_FINE,
            "Random fine map",
            "1 run, 1 gradient: the fine map's own values, rearranged",
            per_class=False,
            explain=_rearranged("fine"),
            smooth=False,
        ),
        Explainer(
            "band-energy",
            "Band energy",
            "none: the spectrogram itself",
            per_class=False,
            explain=_band_energy,
        ),
    )
}
# Grad-CAM repeats the CAM behind a global average, as the tests show.
DEFAULT_METHODS: Final = tuple(name for name in EXPLAINERS if name != "grad-cam")
CHEAP_METHODS: Final = tuple(name for name in DEFAULT_METHODS if not EXPLAINERS[name].costly)
