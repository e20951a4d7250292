"""Whose ears hear the evidence: kept sound before judges, some of which share nothing with it.

A kept part may be called what the whole is because of what the map shows, or because of the
mask's shape, or of the quiet music around it. So every map is measured in every shape of mask
and with several beds, each time beside its fair null: the map's own values rearranged, under the
same mask. And the network that was explained is not the only one to ask: the network on pictures
and what the ear has of YAMNet share no layer, so each is an independent judge of the other's
evidence, and so is the network on song statistics, which knows neither spectrogram nor YAMNet.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np

from model.audio.masking import Sounds, mask_from_relevance, mask_in_proportion
from model.evaluation.maps.methods import random_for
from model.evaluation.maps.subjects import Subject
from model.evaluation.maps.surrogate import surrogate
from model.explain.door import Prediction, Target
from model.explain.grid import RelevanceMap
from model.explain.methods import METHODS
from model.gtzan.pictures import genre_of
from model.networks.classifier import Classifier, softmax
from model.networks.ear import Ear
from model.types import Float32
from model.uncertainty import bootstrap, counted, over_groups, paired

SHAPES: Final[dict[str, Callable[[Float32], Float32]]] = {
    "cut": mask_from_relevance,
    "in proportion": mask_in_proportion,
}
# How much quieter the rest is than the original; None where it is silent.
BEDS: Final = (None, 40.0, 30.0, 20.0)
MAP: Final = "map"
NULL: Final = "null"
# The bed by itself: nothing is kept, everything is as much quieter.
BED_ALONE: Final = "bed alone"
Hear = Callable[[Float32], Float32]


@dataclass(frozen=True)
class Judge:
    """Somebody who says what a sound is.

    Attributes
    ----------
    name, label : str
        In the results, and for people.
    probabilities : callable
        From a waveform at SAMPLE_RATE to probabilities, (classes,).
    slow : bool
        Whether it is asked about the usual shape of a map only, with silence and with the
        first bed around it.
    """

    name: str
    label: str
    probabilities: Hear
    slow: bool = False


@dataclass(frozen=True)
class Evidence:
    """A map of somebody's verdict.

    Attributes
    ----------
    name, label : str
        In the results, and for people.
    usual_shape : str
        Of SHAPES: how the app makes a mask of it.
    explain : callable
        From a subject to the map of the most probable class.
    """

    name: str
    label: str
    usual_shape: str
    explain: Callable[[Subject], RelevanceMap]


def ear_probabilities(classifier: Classifier, waveform: Float32) -> Float32:
    """Ask what the ear has of YAMNet alone; ValueError if there is no ear."""
    scores = _ear_of(classifier).scores(waveform)
    return softmax(scores, classifier.temperature)


def _ear_of(classifier: Classifier) -> Ear:
    if classifier.ear is None:
        raise ValueError(f"{classifier.name} has no ear. Choose a network with one by --model.")
    # The tagger is musicnn, as is the gate of the network on pictures: no independent judge.
    return classifier.ear.by_yamnet_alone()


def judges_of(classifier: Classifier, statistics: Hear) -> tuple[Judge, ...]:
    """List who is asked: the network as a whole, its two halves, and the song statistics."""
    eyes = classifier.eyes or classifier

    def probabilities(network: Classifier, waveform: Float32) -> Float32:
        return network.hear(waveform).probabilities

    return (
        Judge("app", "The app's network", partial(probabilities, classifier)),
        Judge("pictures", "The network on pictures alone", partial(probabilities, eyes)),
        Judge("ear", "YAMNet alone", partial(ear_probabilities, classifier)),
        Judge("statistics", "The network on song statistics", statistics, slow=True),
    )


def _by_method(network: Classifier, method: str, subject: Subject) -> RelevanceMap:
    prediction = _heard(network, subject)
    index = int(prediction.logits.argmax())
    target = Target.single(index, len(prediction.logits))
    return METHODS[method].explain(network, prediction, target)


# One subject's prediction for all the maps of it, by each of two networks.
@lru_cache(maxsize=2)
def _heard(network: Classifier, subject: Subject) -> Prediction:
    return network.hear(subject.sound.waveform, subject.levels)


def _by_ear(classifier: Classifier, subject: Subject) -> RelevanceMap:
    """Show where the ear hears its most probable class."""
    rows, columns, _ = _heard(classifier, subject).feature_maps.shape
    grid = classifier.grid
    heard = _ear_of(classifier).hear(subject.sound.waveform).on_map(rows, grid.frames(columns))
    return RelevanceMap(heard[..., heard.mean(axis=(0, 1)).argmax()], grid)


def evidence_of(classifier: Classifier, methods: Sequence[str]) -> tuple[Evidence, ...]:
    """List the maps to judge: of the app's network, and of each of its halves for the others."""
    eyes = classifier.eyes or classifier

    def shape(method: str) -> str:
        return "cut" if METHODS[method].smooth else "in proportion"

    return (
        *(
            Evidence(name, METHODS[name].label, shape(name), partial(_by_method, classifier, name))
            for name in methods
            if METHODS[name].offered_by(classifier)
        ),
        Evidence(
            "pictures-fine",
            "Fine map of the network on pictures alone",
            shape("fine"),
            partial(_by_method, eyes, "fine"),
        ),
        Evidence("ear-cam", "CAM of YAMNet alone, in time", "cut", partial(_by_ear, classifier)),
    )


@dataclass
class _Series:
    """Figures of one judge on one kind of sound, a track each."""

    alike: list[float] = field(default_factory=list)
    drop: list[float] = field(default_factory=list)


@dataclass
class Hearing:
    """Everything that judges say about kept sounds, one track after the other.

    Parameters
    ----------
    judges : sequence of Judge
        Whom to ask.
    evidence : sequence of Evidence
        Which maps.
    seed : int
        Of what is rearranged, and of the bootstrap.
    """

    judges: Sequence[Judge]
    evidence: Sequence[Evidence]
    seed: int = 0
    genres: list[str] = field(default_factory=list)
    _said: dict[tuple[str, str, str, str, str], _Series] = field(default_factory=dict)
    _kept: dict[tuple[str, str, str], list[tuple[float, float]]] = field(default_factory=dict)

    def hear(self, subject: Subject) -> None:
        """Let all judges hear one track's sound, whole and in parts."""
        whole = subject.sound.waveform
        of_whole = {judge.name: judge.probabilities(whole) for judge in self.judges}
        self.genres.append(genre_of(subject.name))
        for bed in BEDS[1:]:
            for judge in self.judges:
                if not judge.slow:
                    self._judge(
                        judge, of_whole, (BED_ALONE, "none", _name(bed), MAP), _floor(bed) * whole
                    )
        for evidence in self.evidence:
            found = evidence.explain(subject)
            moved = surrogate(found.values, random_for(subject.name, self.seed))
            for side, values in ((MAP, found.values), (NULL, moved)):
                drawn = RelevanceMap(values, found.grid).at(subject.mask_frames)
                for shape, mask_of in SHAPES.items():
                    mask = mask_of(drawn)
                    sounds = subject.split(mask)
                    self._kept.setdefault((evidence.name, shape, side), []).append(
                        (float(mask.mean()), sounds.kept_share)
                    )
                    self._judge_parts(evidence, shape, side, sounds, of_whole)

    def _judge_parts(
        self,
        evidence: Evidence,
        shape: str,
        side: str,
        sounds: Sounds,
        of_whole: dict[str, Float32],
    ) -> None:
        for number, bed in enumerate(BEDS):
            sound = sounds.kept + _floor(bed) * sounds.rest
            for judge in self.judges:
                if judge.slow and (number > 2 or shape != evidence.usual_shape):
                    continue
                self._judge(judge, of_whole, (evidence.name, shape, _name(bed), side), sound)

    def _judge(
        self,
        judge: Judge,
        of_whole: dict[str, Float32],
        key: tuple[str, str, str, str],
        sound: Float32,
    ) -> None:
        before = of_whole[judge.name]
        called = int(before.argmax())
        # Silence is nothing that a judge could call by any name.
        now = judge.probabilities(sound) if np.abs(sound).max() > 0 else np.zeros_like(before)
        series = self._said.setdefault((judge.name, *key), _Series())
        series.alike.append(float(now.max() > 0 and int(now.argmax()) == called))
        lost = max(float(before[called] - now[called]), 0.0)
        series.drop.append(100 * lost / float(before[called]))

    def results(self) -> dict[str, Any]:
        """Return all figures for a JSON file.

        Returns
        -------
        dict
            "judges", "evidence", "kept" with the mean of the mask and the share of the energy
            that every map and its null keep, and "rows": who heard what, under "map" and
            "null" the share that is called as the whole is, with its mean over genres and the
            mean drop of the probability, and under "paired" on how many tracks only the map
            or only the null is called alike, with the exact probability of that by chance.
        """
        return {
            "n": len(self.genres),
            "seed": self.seed,
            "judges": [{"name": judge.name, "label": judge.label} for judge in self.judges],
            "evidence": [
                {"name": each.name, "label": each.label, "usual_shape": each.usual_shape}
                for each in self.evidence
            ],
            "shapes": list(SHAPES),
            "beds": [_name(bed) for bed in BEDS],
            "kept": [
                {
                    "evidence": evidence,
                    "shape": shape,
                    "side": side,
                    "area": round(float(np.mean([area for area, _ in kept])), 4),
                    "energy": round(float(np.mean([energy for _, energy in kept])), 4),
                }
                for (evidence, shape, side), kept in self._kept.items()
            ],
            "rows": list(self._rows()),
        }

    def _rows(self) -> Iterable[dict[str, Any]]:
        for (judge, evidence, shape, bed, side), series in self._said.items():
            if side == NULL:
                continue
            row: dict[str, Any] = {"judge": judge, "evidence": evidence, "shape": shape, "bed": bed}
            row[MAP] = self._summary(series)
            null = self._said.get((judge, evidence, shape, bed, NULL))
            if null is not None:
                row[NULL] = self._summary(null)
                row["paired"] = paired(np.array(series.alike), np.array(null.alike))
                less = np.array(null.drop) - np.array(series.drop)
                row["drop_less_than_null"] = bootstrap(less, self.seed)
            yield row

    def _summary(self, series: _Series) -> dict[str, Any]:
        alike = np.array(series.alike)
        return {
            "alike": counted(alike),
            "alike_over_genres": round(over_groups(alike, self.genres), 4),
            "drop": bootstrap(np.array(series.drop), self.seed),
        }


def _name(bed: float | None) -> str:
    return "silent" if bed is None else f"-{bed:g} dB"


def _floor(bed: float | None) -> np.float32:
    return np.float32(0.0 if bed is None else 10 ** (-bed / 20))
