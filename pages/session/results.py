"""The results that commands wrote, read from their files."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from model.networks.shipped import DEFAULT_MODEL, WeightsError, read_card

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "model" / "evaluation" / "results"

# Both ways of choosing test tracks, in the order of the page, and what they are called on it.
PROTOCOLS: Final = {"random": "Random split", "filtered": "Filtered split"}

# Kind of result: its file and what follows `python -m model` in its command.
_KINDS: Final = {
    "accuracy": ("{protocol}_test.json", "evaluate --split {protocol}_test"),
    "today": ("outside_test.json", "evaluate"),
    "calibration_today": ("calibration_outside_test.json", "calibration"),
    "calibration": ("calibration_{protocol}_test.json", "calibration --split {protocol}_test"),
    "familiarity": ("familiarity_{protocol}_test.json", "familiarity --split {protocol}_test"),
    "familiarity_today": ("familiarity_outside_test.json", "familiarity"),
    "ears": ("ears_{protocol}_test.json", "ears --split {protocol}_test"),
    "played": ("played_{protocol}_test.json", "played --split {protocol}_test"),
    "judges": ("judges_{protocol}_test.json", "judges --split {protocol}_test"),
    "length": ("length_{protocol}_test.json", "length --split {protocol}_test"),
    "robustness": ("robustness_{protocol}_test.json", "robustness --split {protocol}_test"),
    "comparison": ("comparison_{protocol}.json", "compare --protocol {protocol} --runs runs"),
    "agreement": ("agreement.json", "agreement"),
    "faithfulness": ("faithfulness_{protocol}_test.json", "faithfulness --split {protocol}_test"),
    "sanity": (
        "sanity_{protocol}_test.json",
        "sanity --split {protocol}_test --shuffled runs/shuffled-{protocol}",
    ),
    "filter_sanity": (
        "sanity_filters_{protocol}_test.json",
        "sanity --split {protocol}_test --methods deconvolution-conv1 deconvolution-conv2 "
        "deconvolution-conv3",
    ),
    "parts": (
        "parts_{protocol}_test.json",
        "parts --split {protocol}_test --outside PATH/TO/SONGS",
    ),
    "filters": ("filters.json", "filters --runs runs"),
    "localisation": ("localisation_{protocol}_test.json", "localisation --split {protocol}_test"),
}


@dataclass(frozen=True, eq=False)
class Result:
    """The results file of one command.

    Attributes
    ----------
    protocol : str
        A key of PROTOCOLS.
    content : dict
        The file.
    """

    protocol: str
    content: dict[str, Any]

    @property
    def command(self) -> str:
        """The command that makes these figures again."""
        return str(self.content["command"])

    @property
    def measured_network(self) -> str | None:
        """Name of the network that was measured, where it is not the one that the app runs.

        That of the filtered split is another one by nature, trained in the same way.
        """
        name = str(self.content.get("model", {}).get("name", DEFAULT_MODEL))
        alike = {DEFAULT_MODEL, DEFAULT_MODEL.replace("random", self.protocol)}
        return None if name in alike else name

    @property
    def is_stale(self) -> bool:
        """Whether other weights were measured than those that are now in model/weights."""
        if "model" not in self.content:
            return False
        model = self.content["model"]
        try:
            return bool(read_card(model["name"])["sha256"] != model["sha256"])
        except WeightsError:
            return True


def _place(kind: str, protocol: str) -> Path:
    return FOLDER / _KINDS[kind][0].format(protocol=protocol)


def result(kind: str, protocol: str = "random") -> Result | None:
    """Read a result.

    Parameters
    ----------
    kind : str
        A key of _KINDS, such as "accuracy".
    protocol : str
        A key of PROTOCOLS.

    Returns
    -------
    Result or None
        None if it has not been measured.
    """
    file = _place(kind, protocol)
    if not file.is_file():
        return None
    return Result(protocol, json.loads(file.read_text(encoding="utf-8")))


def command_for(kind: str, protocol: str = "random") -> str:
    """Build the command that measures a result and writes it where this page looks."""
    file = _place(kind, protocol)
    where = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
    words = _KINDS[kind][1].format(protocol=protocol)
    data = "SONGS" if kind.endswith("today") else "GTZAN"
    return f"python -m model {words} --data PATH/TO/{data} --json {where}"
