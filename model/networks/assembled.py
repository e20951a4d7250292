"""Networks that are ready to be asked, put together from what ships and loaded once."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.inference.explained import ExplainedRunner
from model.inference.runner import Runner
from model.inference.stored import UnknownNetworkError, read_layers
from model.networks.classifier import Classifier
from model.networks.ear import TAGGER_ENDING, Ear, ear_weights
from model.networks.geometry import map_grid
from model.networks.shipped import (
    DEFAULT_MODEL,
    WeightsError,
    checked_weights,
    load_checked,
    load_stored,
    read_card,
)
from model.networks.tagger import Tagger
from model.networks.trunk import Trunk

# The architecture, on a card, of the layers that make YAMNet and musicnn an ear beside a network
# on spectrograms.
TWO_EARS: Final = "two-ears"
_WARMING_FRAMES: Final = (39, 40)  # 3 s, for networks that are left to Keras


@lru_cache(maxsize=4)
def load_classifier(name: str = DEFAULT_MODEL) -> Classifier:
    """Load a shipped model, checked as `load_checked` does.

    Parameters
    ----------
    name : str
        Name of the weights in model/weights, without their ending.

    Returns
    -------
    Classifier
        The same object for the same name.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    """
    card = read_card(name)
    if card.get("architecture") == TWO_EARS:
        return _with_ear(card)
    try:
        return on_spectrograms(checked_weights(name, card), card)
    except UnknownNetworkError:
        return _left_to_keras(name)


def on_spectrograms(weights: Path, card: dict[str, Any]) -> Classifier:
    """Put a network on spectrograms together from its weights file.

    Parameters
    ----------
    weights : Path
        A file that was checked, or made on this machine.
    card : dict
        With "name" and "sha256".

    Returns
    -------
    Classifier
        Without an ear.

    Raises
    ------
    UnknownNetworkError
        If there are layers that only Keras knows.
    """
    runner = ExplainedRunner(weights)
    kernel, bias = runner.network.layers[runner.network.output].weights
    return Classifier(
        card=card,
        sha256=card["sha256"],
        kernel=kernel,
        bias=bias,
        grid=map_grid(runner.network),
        _network=runner,
    )


def _left_to_keras(name: str) -> Classifier:
    """Load a network with layers that only Keras knows."""
    card, network = load_checked(name)
    from model.networks.loading import described, with_feature_maps  # noqa: PLC0415  # bring Keras

    kernel, bias = (np.asarray(one, np.float32) for one in network.layers[-1].get_weights())
    classifier = Classifier(
        card=card,
        sha256=card["sha256"],
        kernel=kernel,
        bias=bias,
        grid=map_grid(described(network)),
        _network=with_feature_maps(network),
    )
    # The first call traces the graph, and the first other length once more: not while
    # somebody waits for a verdict.
    for frames in _WARMING_FRAMES:
        classifier.predict(np.full((N_MELS, frames), -DYNAMIC_RANGE_DB, np.float32))
    return classifier


@lru_cache(maxsize=2)
def load_trunk(name: str = "yamnet") -> tuple[dict[str, Any], Trunk]:
    """Load YAMNet's convolutions and their card, once for all who ask; checked, as all weights."""
    card, network = load_stored(name)
    return card, Trunk.of(network)


@lru_cache(maxsize=2)
def load_tagger(name: str = "musicnn-msd") -> tuple[dict[str, Any], Tagger]:
    """Load musicnn and its card, once for all who ask; checked, as all weights."""
    card, network = load_stored(name)
    return card, Tagger(Runner(network, (network.output,)))


def _ear(card: dict[str, Any]) -> Ear:
    """Load what hears, and what stands behind it."""
    layers = read_layers(checked_weights(card["name"], card))
    weights = ear_weights(layers)
    trunk_card, trunk = load_trunk(card["trunk"]["name"])
    _check_beside(card, "trunk", trunk_card["sha256"])
    if "tagger" not in card:
        return Ear(trunk, weights)
    tagger_card, tagger = load_tagger(card["tagger"]["name"])
    _check_beside(card, "tagger", tagger_card["sha256"])
    return Ear(trunk, weights, tagger, ear_weights(layers, TAGGER_ENDING))


def _check_beside(card: dict[str, Any], part: str, sha256: str) -> None:
    if card[part]["sha256"] != sha256:
        raise WeightsError(
            f"The ear {card['name']} was made beside other weights {card[part]['name']} than "
            "those that are here. Fetch the repository again."
        )


def _with_ear(card: dict[str, Any]) -> Classifier:
    """Put an ear beside the network that its card names."""
    ear = _ear(card)
    pictures = load_classifier(card["pictures"]["name"])
    _check_beside(card, "pictures", pictures.sha256)
    return beside(pictures, ear, card)


def beside(pictures: Classifier, ear: Ear, card: dict[str, Any]) -> Classifier:
    """Put an ear beside a network on spectrograms: their scores are added."""
    return replace(
        pictures,
        card=card,
        sha256=card["sha256"],
        kernel=np.concatenate([pictures.kernel, np.eye(len(pictures.bias), dtype=np.float32)]),
        ear=ear,
        eyes=pictures,
        _lock=pictures._lock,
    )
