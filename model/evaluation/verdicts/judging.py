"""Verdicts of trained networks, on different kinds of input, on the test tracks."""

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model.constants import GENRES
from model.evaluation.verdicts.linear import fit_linear
from model.evaluation.verdicts.runs import Run, find_runs
from model.genres import GROUPS, merge_labels, merge_probabilities, merged_names
from model.gtzan.pictures import Pictures, load_pictures
from model.gtzan.splits import read_split
from model.gtzan.statistics_table import load_song_table
from model.networks.classifier import softmax
from model.networks.shipped import WeightsError, read_card
from model.training.pretrained.convert_efficientnet import CREDITS

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Judged:
    """Results of one contender's runs on the test tracks.

    Attributes
    ----------
    right : ndarray of bool, shape (runs, tracks)
        Whether the verdict was the true class.
    seeds : list of int
        Of the runs; empty where there is no chance in it.
    parameters : int
        Weights and biases of one run's network.
    notes : dict
        Further facts for the table.
    """

    right: Bools
    seeds: list[int]
    parameters: int
    notes: dict[str, Any]


@dataclass(frozen=True)
class Material:
    """Everything that contenders are judged with.

    Attributes
    ----------
    data : Path
        Folder of GTZAN.
    protocol : str
        "random" or "filtered".
    runs : Path
        Folder of trainings.
    """

    data: Path
    protocol: str
    runs: Path

    def tracks(self, part: str) -> Pictures:
        """Load the pictures of one part: train, valid or test."""
        names = read_split(self.data, f"{self.protocol}_{part}")
        return load_pictures(self.data).of(names)


def judge_linear(material: Material) -> Judged:
    """Fit the linear classifier and judge it."""
    classifier = fit_linear(material.tracks("train"), material.tracks("valid"))
    test = material.tracks("test")
    right = (classifier.predict(test) == test.labels)[np.newaxis]
    return Judged(right, [], classifier.parameters, {"penalty": classifier.penalty})


def judge_statistics(recipe: str, material: Material) -> Judged | None:
    """Judge the networks on song statistics; None if there are none."""
    from model.networks.loading import load_network  # noqa: PLC0415  # Keras takes seconds to import

    runs = find_runs(material.runs, recipe, material.protocol)
    if not runs:
        return None
    names = read_split(material.data, f"{material.protocol}_test")
    test = load_song_table(material.data).of(names)
    networks = [load_network(run.weights) for run in runs]
    verdicts = [network.predict_on_batch(test.statistics).argmax(axis=1) for network in networks]
    right = np.stack([verdict == test.labels for verdict in verdicts])
    return Judged(right, [run.seed for run in runs], networks[0].count_params(), {})


@dataclass(frozen=True, eq=False)
class _Verdicts:
    """Verdicts of one recipe's trainings on the test tracks."""

    runs: list[Run]
    labels: npt.NDArray[np.int64]
    logits: list[npt.NDArray[np.float32]]
    parameters: int


@lru_cache
def _ask_pictures(recipe: str, material: Material) -> _Verdicts | None:
    # Keras takes seconds to import, and `--help` should not wait for it.
    from model.networks.loading import load_network  # noqa: PLC0415
    from model.training.fit import predict_logits  # noqa: PLC0415

    runs = find_runs(material.runs, recipe, material.protocol)
    if not runs:
        return None
    test = material.tracks("test")
    networks = [load_network(run.weights) for run in runs]
    logits = [predict_logits(network, test) for network in networks]
    return _Verdicts(runs, test.labels, logits, networks[0].count_params())


def judge_pictures(recipe: str, material: Material) -> Judged | None:
    """Judge the networks on pictures of one recipe; None if there are none."""
    answers = _ask_pictures(recipe, material)
    if answers is None:
        return None
    right = np.stack([logits.argmax(axis=1) == answers.labels for logits in answers.logits])
    return _judged(right, answers, _shipped(answers.runs, material.protocol))


def judge_imagenet(recipe: str, material: Material) -> Judged | None:
    """Judge networks on pictures, and credit their starting weights."""
    judged = judge_pictures(recipe, material)
    return judged and replace(judged, notes={"credits": CREDITS})


def judge_merged(recipe: str, material: Material) -> Judged | None:
    """Judge networks on pictures, counting similar genres as one."""
    answers = _ask_pictures(recipe, material)
    if answers is None:
        return None
    labels = merge_labels(answers.labels, GENRES)
    # Sums of probabilities depend on the temperature: the app's, therefore.
    merged = [
        merge_probabilities(softmax(logits, run.temperature), GENRES)[0]
        for run, logits in zip(answers.runs, answers.logits, strict=True)
    ]
    right = np.stack([probabilities.argmax(axis=1) == labels for probabilities in merged])
    groups = [{"members": list(group.members), "why": group.why} for group in GROUPS]
    return _judged(right, answers, {"classes": list(merged_names(GENRES)), "merged": groups})


def _judged(right: Bools, answers: _Verdicts, notes: dict[str, Any]) -> Judged:
    return Judged(right, [run.seed for run in answers.runs], answers.parameters, notes)


def _shipped(runs: list[Run], protocol: str) -> dict[str, Any]:
    """Say which of the runs the app ships, if it is one of them."""
    try:
        shipped = read_card(f"earmark-{protocol}")["sha256"]
    except WeightsError:
        return {}
    for run in runs:
        if hashlib.sha256(run.weights.read_bytes()).hexdigest() == shipped:
            return {"shipped_seed": run.seed}
    return {}
