"""What is known of every filter of a network, as a command wrote it."""

import json
from dataclasses import dataclass
from typing import Any

import streamlit as st

from model.networks.classifier import Classifier
from pages.session.results import FOLDER

Filter = dict[str, Any]


@dataclass(frozen=True, eq=False)
class FilterPortraits:
    """Portraits of a network's filters.

    Attributes
    ----------
    tracks : int
        On how many tracks the categories were found.
    command : str
        What makes them again.
    by_layer : dict of str to list of dict
        The filters of each layer, in their order.
    """

    tracks: int
    command: str
    by_layer: dict[str, list[Filter]]

    def of(self, layer: str, channel: int) -> Filter | None:
        """Return one filter's portrait; None where there is none, as for a second ear."""
        filters = self.by_layer.get(layer, [])
        return filters[channel] if channel < len(filters) else None


def filter_portraits(classifier: Classifier) -> FilterPortraits | None:
    """Read the portraits of a network; None where they were not made, or for other weights."""
    return _read(*_network_on_pictures(classifier))


def _network_on_pictures(classifier: Classifier) -> tuple[str, str]:
    """Name and SHA-256 of the network whose filters have portraits: an ear sits beside it."""
    own = {"name": classifier.name, "sha256": classifier.sha256}
    pictures = classifier.card.get("pictures", own)
    return str(pictures["name"]), str(pictures["sha256"])


@st.cache_data(max_entries=8, show_spinner=False)
def _read(name: str, sha256: str) -> FilterPortraits | None:
    path = FOLDER / f"filters_of_{name}.json"
    if not path.is_file():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["model"]["sha256"] != sha256:
        return None
    by_layer = {layer["layer"]: layer["filters"] for layer in content["layers"]}
    return FilterPortraits(content["tracks"], content["command"], by_layer)


def portraits_command(classifier: Classifier) -> str:
    """Build the command that makes a network's portraits where this page looks."""
    name, _ = _network_on_pictures(classifier)
    protocol = "filtered" if name.endswith("-filtered") else "random"
    return (
        f"python -m model filter-portraits --split {protocol}_test --data PATH/TO/GTZAN "
        f"--model {name} --json model/evaluation/results/filters_of_{name}.json"
    )
