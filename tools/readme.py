"""The figures in README.md and DEPLOYMENT.md, between markers: ``python -m tools.readme``.

Between ``<!-- NAME -->`` and ``<!-- end of NAME -->`` stands what the function of that name makes
of the files in ``model/evaluation/results``. The text around them holds no figure that a command
measures, so a new measurement leaves it as it is, or makes a test fail that holds it to be so.
"""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from model.evaluation.filters.answer import (
    cost_in_words,
    headline,
)
from model.evaluation.maps.report import as_markdown

ROOT: Final = Path(__file__).resolve().parents[1]
README: Final = ROOT / "README.md"
DEPLOYMENT: Final = ROOT / ".github" / "DEPLOYMENT.md"
_RESULTS: Final = ROOT / "model" / "evaluation" / "results"
_PROTOCOLS: Final = {
    "random": "Random split",
    "filtered": "Without faulty clips, nearly every artist on one side",
}
# Whose kept sound is played by itself; and the setting of the app.
_ALONE: Final = ("regions", "fine", "cam", "gradient-input", "band-energy", "random")
_APP_SETTING: Final = "threshold-0.4"


def result(name: str) -> dict[str, Any]:
    """Read what a command measured."""
    content: dict[str, Any] = json.loads((_RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return content


_PARTS: Final = {
    "all tracks": "",
    "with sound": ", those with sound",
    "with 30 s of it": ", those with all 30 s of it",
}


def accuracy() -> str:
    """Share of right verdicts, on GTZAN and on songs of today, and how audio and pictures agree."""
    lines = [
        "| Test tracks | Number | Right | Mean over genres | Of other such tracks (95 %) |",
        "|---|---:|---:|---:|---:|",
    ]
    for protocol, words in _PROTOCOLS.items():
        parts = result(f"{protocol}_test")["parts"]
        lines += [
            _line(words + added, parts[key]["n"], parts[key]["share"], parts[key], "by_artist")
            for key, added in _PARTS.items()
            if key in parts
        ]
    today = result("outside_test")
    lines.append(_line("Songs of today", today["n"], today["accuracy"], today, "by_group"))
    same = result("agreement")
    return "\n".join(lines) + (
        "\n\nThe network on pictures has the same verdict on real audio as on stored pictures "
        f"for\n{_percent(same['share'])} of {same['n']} full-length clips, and for "
        f"{same['agreeing_new']} of the {same['n_new']} that it did not learn from."
    )


def _line(words: str, n: int, share: float, figures: dict[str, Any], spread: str) -> str:
    low, high = figures[spread]["low"], figures[spread]["high"]
    return (
        f"| {words} | {n} | {_percent(share)} | {_percent(figures['mean_over_genres'])} | "
        f"{100 * low:.1f} to {_percent(high)} |"
    )


def explanations() -> str:
    """Main figures on the maps, a line a method."""
    return as_markdown(result("faithfulness_random_test"), result("localisation_random_test"))


def kept_sound() -> str:
    """Table of what the kept sound is called by itself, and of the right places in frequency."""
    measured = result("faithfulness_random_test")
    rows = {
        (row["measure"], row["method"]): row["value"]
        for row in measured["rows"]
        if (row["group"], row["setting"]) == ("audio", _APP_SETTING)
    }
    bands = {
        row["method"]: row["value"]
        for row in result("localisation_random_test")["rows"]
        if (row["kind"], row["measure"]) == ("bands", "mass")
    }
    labels = {method["name"]: method["label"] for method in measured["methods"]}
    lines = [
        "| Method | Cells kept | Kept sound alone has the verdict of the whole | "
        "Right half in frequency |",
        "|---|---:|---:|---:|",
    ]
    for name in (*_ALONE, "lead"):
        kept, called = (rows.get((measure, name)) for measure in ("kept-area", "Fid-In"))
        cells = [_percent(value, 0) if value is not None else "" for value in (kept, called)]
        place = _percent(bands[name]) if name in bands else ""
        lines.append(f"| {labels[name]} | {cells[0]} | {cells[1]} | {place} |")
    return "\n".join(lines)


# The maps whose sound the README holds against chance.
_PLAYED: Final = ("regions", "fine", "listenable")
_BEDS: Final = {"silent": "silence", "-30 dB": "the rest, quieter"}


def played() -> str:
    """Table of what the app's network calls the sound of its own evidence, and by chance."""
    content = result("played_random_test")
    rows = {(row["method"], row["test"], row["bed"]): row for row in content["rows"]}
    labels = {each["name"]: each["label"] for each in content["methods"]}
    lines = [
        "| Map | Around it | Energy kept | Called alike | Loss | Surer | "
        "Lost with the rest alone |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for name in _PLAYED:
        for bed, around in _BEDS.items():
            own, null = (rows[name, test, bed] for test in ("own", "rearranged"))
            cells = [
                f"{form(own[key]['value'])} ({form(null[key]['value'])})"
                for key, form in (
                    ("alike", partial(_percent, digits=0)),
                    ("drop", "{:.0f} %".format),
                    ("increase", partial(_percent, digits=0)),
                    ("lost_with_the_rest_alone", "{:.2f}".format),
                )
            ]
            energy = _percent(own["energy"]["value"], 0)
            lines.append(f"| {labels[name]} | {around} | {energy} | {' | '.join(cells)} |")
    return "\n".join(lines)


_FORMS: Final = {
    "none": "without the filter loss",
    "rows": "loss over frequency, free in time",
    "cells": "loss over frequency and time, as published",
}


def filters() -> str:
    """What the filter loss costs and gains, a line for each way to train."""
    lines = [
        "| Split | Filters trained | Trainings | Right (95 %) | Top passages of one genre "
        "(chance) | Spread in pitch | Filter and genre | "
        "Score lost without the genre's filters (random) |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for protocol in result("filters")["protocols"]:
        for form in protocol["forms"]:
            runs = form["runs"]
            right, low, high = (
                sum(run["accuracy"][end] for run in runs) / len(runs)
                for end in ("value", "low", "high")
            )
            purity, chance, spread, bits = (
                sum(run[name] for run in runs) / len(runs)
                for name in (
                    "purity",
                    "purity_by_chance",
                    "row_spread_bands",
                    "mutual_information_bits",
                )
            )
            lost, random = (
                sum(run[name]["value"] for run in runs) / len(runs)
                for name in ("deletion", "deletion_at_random")
            )
            lines.append(
                f"| {protocol['protocol']} | {_FORMS[form['form']]} | {len(runs)} | "
                f"{_percent(right)} ({100 * low:.0f} to {100 * high:.0f}) | {_percent(purity, 0)} "
                f"({_percent(chance, 0)}) | {spread:.1f} bands | {bits:.3f} bits | "
                f"{lost:.2f} ({random:.2f}) |"
            )
    return "\n".join(lines)


def filters_answer() -> str:
    """Whether filters mean more with their loss, and what it costs; the app's report says more."""
    protocols = result("filters")["protocols"]
    costs = [
        f"On the {protocol['protocol']} split, {cost[:1].lower()}{cost[1:]}"
        for protocol in protocols
        if (cost := cost_in_words(protocol))
    ]
    paragraphs = [f"**{headline(protocols)}**", f"Does it cost accuracy? {' '.join(costs)}"]
    return "\n\n".join("\n".join(wrap(each, 108, break_on_hyphens=False)) for each in paragraphs)


def start() -> str:
    """Table of processor time and memory of a server, from its start on."""
    lines = [
        "| From its start on, until | Processor time | Memory | At most so far |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {step['what']} | {step['processor_seconds']:.0f} s | "
        f"{step['memory_mb'] / 1000:.1f} GB | {step['most_mb'] / 1000:.1f} GB |"
        for step in result("start")["steps"]
    ]
    return "\n".join(lines)


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"


BLOCKS: Final[dict[str, Callable[[], str]]] = {
    "accuracy": accuracy,
    "explanations": explanations,
    "kept sound": kept_sound,
    "played": played,
    "filters": filters,
    "filters answer": filters_answer,
}
DEPLOYMENT_BLOCKS: Final[dict[str, Callable[[], str]]] = {"start": start}
DOCUMENTS: Final = {README: BLOCKS, DEPLOYMENT: DEPLOYMENT_BLOCKS}


def filled(text: str, blocks: dict[str, Callable[[], str]] = BLOCKS) -> str:
    """Write the figures of today between the markers of a text.

    Parameters
    ----------
    text : str
        Of the document.
    blocks : dict, optional
        Its markers, with what makes the figures; by default those of the README.

    Returns
    -------
    str
        The same where it is up to date.

    Raises
    ------
    ValueError
        If a pair of markers is missing.
    """
    for name, make in blocks.items():
        between = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=\n<!-- end of {name} -->)", re.DOTALL)
        pieces = between.split(text)
        if len(pieces) != 2:
            raise ValueError(f"there has to be one pair of markers for {name}")
        text = make().join(pieces)
    return text


if __name__ == "__main__":
    for document, blocks in DOCUMENTS.items():
        old = document.read_text(encoding="utf-8")
        document.write_text(filled(old, blocks), encoding="utf-8")
