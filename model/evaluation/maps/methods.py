"""The methods under test: those of `model.explain`, and controls that know nothing of the class."""

import zlib
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from model.evaluation.maps.probe import Probe
from model.evaluation.maps.subjects import Subject
from model.evaluation.maps.surrogate import surrogate
from model.explain import cam, fine, grad_cam, gradient_input, integrated_gradients, occlusion
from model.explain.baselines import silence
from model.explain.door import GRADIENT_RUNS, Method, Network, Prediction, Target
from model.explain.grid import RelevanceMap
from model.explain.methods import METHODS
from model.types import Float32

CAM: Final = "cam"
RANDOM: Final = "random"
RANDOM_FINE: Final = "random-fine"
MOVED_CAM: Final = "moved-cam-fine"


def random_for(track: str, seed: int) -> np.random.Generator:
    """Seed random numbers by the track, so that they do not depend on which tracks are measured."""
    return np.random.default_rng((seed, zlib.crc32(track.encode())))


@dataclass(frozen=True, eq=False)
class OddsTarget(Target):
    """A class of which the log-odds are explained, by a method that explains a sum of scores.

    Attributes
    ----------
    by_score : ndarray of float32, shape (classes,)
        Derivative of the log-odds by the scores.
    """

    by_score: Float32

    @classmethod
    def of(cls, target: Target, by_score: Float32) -> "OddsTarget":
        """Explain the same class by its log-odds."""
        return cls(target.index, target.membership, by_score)

    @property
    def weights(self) -> Float32:
        """Weights of the scores in what is explained, (classes,)."""
        return self.by_score


def odds_weights(network: Network, prediction: Prediction, target: Target) -> Float32:
    """Compute the derivative of a class's log-odds by the scores, (classes,)."""
    return fine.log_odds_weights(prediction.logits, target.members, network.temperature)


@dataclass(frozen=True)
class Explainer:
    """A method under test.

    Attributes
    ----------
    method : Method
        How it explains, and the facts about it.
    rearranged : bool
        Whether its values are rearranged at random: a control with the same statistics.
    of_odds : bool
        Whether it explains the log-odds of a class, as the fine map does, and not the score.
    """

    method: Method
    rearranged: bool = False
    of_odds: bool = False

    @property
    def name(self) -> str:
        """Name that the command line and the results use."""
        return self.method.name

    @property
    def label(self) -> str:
        """Name shown to people."""
        return self.method.label

    @property
    def cost(self) -> str:
        """What one map asks of the network, in words."""
        return self.method.cost

    @property
    def per_class(self) -> bool:
        """Whether every class has a map of its own."""
        return self.method.per_class

    @property
    def smooth(self) -> bool:
        """Whether neighbouring cells are alike; decides how the app makes a mask."""
        return self.method.smooth

    @property
    def costly(self) -> bool:
        """Whether it runs the network so often that it is measured on fewer tracks."""
        return self.method.runs is not None and self.method.runs(0) > GRADIENT_RUNS

    @property
    def facts(self) -> dict[str, Any]:
        """Facts that a results file records."""
        return {"name": self.name, "label": self.label, "per_class": self.per_class}

    def explain(self, probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
        """Explain one class of a track.

        Parameters
        ----------
        probe : Probe
            The network.
        subject : Subject
            The track.
        class_index : int
            The class.
        seed : int
            Seed of the rearrangement.

        Returns
        -------
        RelevanceMap
            The relevance of that class.
        """
        prediction = probe.predict(subject.levels)
        target = Target.single(class_index, len(prediction.logits))
        if self.of_odds:
            target = OddsTarget.of(target, odds_weights(probe, prediction, target))
        found = self.method.explain(probe, prediction, target)
        if not self.rearranged:
            return found
        return RelevanceMap(surrogate(found.values, random_for(subject.name, seed)), found.grid)


def _above_silence(levels: Float32) -> RelevanceMap:
    return RelevanceMap(levels - silence(levels))


def _band_energy(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    return _above_silence(prediction.levels)


class BandEnergy(Explainer):
    """The spectrogram itself: a control that needs no run of the network."""

    def explain(self, probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
        """Take the level above silence for relevance, whatever the class."""
        return _above_silence(subject.levels)


class FineByMovedCam(Explainer):
    """The fine map with its true gradient and a rearranged CAM, to see what the CAM adds."""

    def explain(self, probe: Probe, subject: Subject, class_index: int, seed: int) -> RelevanceMap:
        """Explain as the fine map does, with the cells of the contrast elsewhere."""
        prediction = probe.predict(subject.levels)
        target = Target.single(class_index, len(prediction.logits))
        weights = odds_weights(probe, prediction, target)
        by_input, _, _ = probe.gradients(subject.levels[np.newaxis], weights)
        contrast = prediction.feature_maps @ (probe.kernel @ weights)
        # One channel that counts once: the rearranged contrast itself.
        elsewhere = surrogate(contrast, random_for(subject.name, seed))[..., np.newaxis]
        one = np.ones((1, 1), np.float32)
        return RelevanceMap(
            fine.fine(elsewhere, one, probe.grid, subject.levels, by_input[0], one[0])
        )


# Methods that explain the score, given the target of the fine map.
RIVALS: Final = tuple(
    Explainer(
        replace(
            rival,
            name=f"{rival.name}-odds",
            label=f"{rival.label}, of the odds",
            cost=f"{rival.cost}; of the log-odds",
        ),
        of_odds=True,
    )
    for rival in (gradient_input.METHOD, integrated_gradients.METHOD, occlusion.METHOD)
)

CONTROLS: Final = (
    FineByMovedCam(
        replace(
            fine.METHOD,
            name=MOVED_CAM,
            label="Fine map, CAM elsewhere",
            cost="1 run, 1 gradient: the true gradient, the CAM's contrast rearranged",
        )
    ),
    Explainer(
        replace(
            cam.METHOD,
            name=RANDOM,
            label="Random map, as smooth",
            cost="1 run of the network: the CAM's own values, rearranged",
            per_class=False,
        ),
        rearranged=True,
    ),
    Explainer(
        replace(
            fine.METHOD,
            name=RANDOM_FINE,
            label="Random fine map",
            cost="1 run, 1 gradient: the fine map's own values, rearranged",
            per_class=False,
        ),
        rearranged=True,
    ),
    BandEnergy(
        Method(
            name="band-energy",
            label="Band energy",
            summary="The spectrogram itself.",
            cost="none: the spectrogram itself",
            per_class=False,
            signed=False,
            smooth=True,
            explain=_band_energy,
        )
    ),
)

# A decoder belongs to the whole network, which `model.evaluation.maps.judges` listens with.
_WITHOUT_DECODER: Final = tuple(method for method in METHODS.values() if not method.needs_decoder)

# Grad-CAM repeats the CAM behind a global average, as the tests show: measured only on demand.
EXPLAINERS: Final = {
    explainer.name: explainer
    for explainer in (
        *map(Explainer, _WITHOUT_DECODER),
        Explainer(grad_cam.METHOD),
        *RIVALS,
        *CONTROLS,
    )
}
DEFAULT_METHODS: Final = tuple(name for name in EXPLAINERS if name != grad_cam.METHOD.name)
CHEAP_METHODS: Final = tuple(name for name in DEFAULT_METHODS if not EXPLAINERS[name].costly)
