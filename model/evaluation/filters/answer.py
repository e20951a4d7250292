"""The question that the filters were trained for, answered from their figures, in words.

Does a filter loss cost accuracy, and are the filters more meaningful? What is measured once a
training is better or worse only where every training with the loss lies beyond every one without
it, and where that would happen by chance once in twenty times at most: with three against three.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb
from statistics import mean
from typing import Any, Final

Protocol = dict[str, Any]
Form = dict[str, Any]

# What listeners read of each form, within a sentence.
FORMS: Final = {
    "rows": "one range of pitch each",
    "cells": "one place each (as published)",
}
_FEW: Final = 20
_CHANCE: Final = 0.5
# What a filter means of a genre: from a training to a figure of which more is better.
_OF_GENRE: Final[dict[str, Callable[[dict[str, Any]], float]]] = {
    "the purity of their strongest passages": lambda run: run["purity"],
    "the number of filters with a clear genre": lambda run: run["clear"],
    "what a filter tells of the genre": lambda run: run["mutual_information_bits"],
    "the weight of a genre's own filters in its score": lambda run: (
        run["deletion"]["value"] - run["deletion_at_random"]["value"]
    ),
}


@dataclass(frozen=True)
class Finding:
    """What one form of the filter loss changes, beside trainings without it.

    Attributes
    ----------
    form : str
        A key of FORMS.
    cost : dict
        Accuracy with the loss less that without: "value", "low" and "high".
    trainings : tuple of int
        With the loss, and without.
    better, worse, level : tuple of str
        Measures of what filters mean of a genre, by what became of them.
    bands : tuple of float
        Spread of a filter's place in pitch, in mel bands, with the loss and without.
    alike : tuple of float, or None
        Likeness of two trainings' filters, with the loss and without; None where one is alone.
    """

    form: str
    cost: dict[str, float]
    trainings: tuple[int, int]
    better: tuple[str, ...]
    worse: tuple[str, ...]
    level: tuple[str, ...]
    bands: tuple[float, float]
    alike: tuple[float, float] | None

    @property
    def enough(self) -> bool:
        """Whether there are trainings enough to tell a difference from chance."""
        return _are_enough(self.trainings)

    @property
    def loses(self) -> bool:
        """Whether accuracy falls by more than chance explains."""
        return self.cost["high"] < 0

    @property
    def gains(self) -> bool:
        """Whether accuracy rises by more than chance explains."""
        return self.cost["low"] > 0


def findings(protocol: Protocol) -> list[Finding]:
    """Compare every form of the loss with trainings without it; none where these are missing."""
    forms = {form["form"]: form for form in protocol["forms"]}
    if "none" not in forms:
        return []
    return [_finding(forms[name], forms["none"]) for name in FORMS if name in forms]


def _finding(form: Form, usual: Form) -> Finding:
    trainings = (len(form["runs"]), len(usual["runs"]))
    pairs: dict[str, tuple[Sequence[float], Sequence[float]]] = {
        name: ([of(run) for run in form["runs"]], [of(run) for run in usual["runs"]])
        for name, of in _OF_GENRE.items()
    }
    sides: dict[int, list[str]] = {1: [], -1: [], 0: []}
    enough = _are_enough(trainings)
    for name, (own, others) in pairs.items():
        sides[_side(own, others) if enough else 0].append(name)
    own_bands, usual_bands = (
        mean(run["row_spread_bands"] for run in each["runs"]) for each in (form, usual)
    )
    return Finding(
        form["form"],
        form["against_none"],
        trainings,
        tuple(sides[1]),
        tuple(sides[-1]),
        tuple(sides[0]),
        (own_bands, usual_bands),
        (mean(form["agreement"]), mean(usual["agreement"]))
        if form["agreement"] and usual["agreement"]
        else None,
    )


def _are_enough(trainings: tuple[int, int]) -> bool:
    """Tell whether one order of so many trainings is rare enough among all orders of them."""
    return comb(sum(trainings), trainings[0]) >= _FEW


def _side(own: Sequence[float], others: Sequence[float]) -> int:
    """Tell whether all figures lie above all others, 1, or below, -1, or neither, 0."""
    if not own or not others:
        return 0
    return int(min(own) > max(others)) - int(max(own) < min(others))


def headline(protocols: Sequence[Protocol]) -> str:
    """Answer the question in one sentence; empty where nothing was compared."""
    by_split = {one["protocol"]: found for one in protocols if (found := findings(one))}
    if not by_split:
        return ""
    costly = [split for split, found in by_split.items() if any(one.loses for one in found)]
    rest = [split for split in by_split if split not in costly]
    if not costly:
        cost = "The filter loss costs no accuracy beyond what chance explains"
    elif rest:
        cost = (
            f"The filter loss costs accuracy on {_splits(costly)}; on {_splits(rest)} the "
            "difference is within chance"
        )
    else:
        cost = f"The filter loss costs accuracy on {_splits(costly)}"
    everything = [one for found in by_split.values() for one in found]
    better = [one for one in everything if one.better]
    if not any(one.enough for one in everything):
        meaning = "and there are too few trainings to tell whether the filters mean more"
    elif not better and all(one.worse for one in everything if one.enough):
        meaning = "and it makes the filters less meaningful, not more"
    elif not better:
        meaning = "and it makes the filters no more meaningful"
    elif any(one.worse for one in everything):
        meaning = "and it makes the filters more meaningful in some ways and less in others"
    else:
        meaning = "and it makes the filters more meaningful"
    contrast = (not costly) == bool(better)
    return f"{cost}, {meaning if contrast else meaning.replace('and', 'but', 1)}."


def cost_in_words(protocol: Protocol) -> str:
    """Say what each form costs in accuracy on a protocol's test tracks."""
    found = findings(protocol)
    lost = [one for one in found if one.loses]
    lead = "Yes" if lost and len(lost) == len(found) else "In part" if lost else "No"
    return f"{lead}: {'; '.join(map(_cost, found))}." if found else ""


def _cost(one: Finding) -> str:
    value, low, high = (100 * one.cost[end] for end in ("value", "low", "high"))
    if one.loses:
        change = f"falls by {-value:.1f} points (95 % interval {-high:.1f} to {-low:.1f})"
    elif one.gains:
        change = f"rises by {value:.1f} points (95 % interval {low:.1f} to {high:.1f})"
    else:
        change = (
            f"changes by {_signed(value)} points (95 % interval {_signed(low)} to "
            f"{_signed(high)}), no more than chance explains"
        )
    return f"with {FORMS[one.form]}, accuracy {change}"


def meaning_in_words(protocol: Protocol) -> str:
    """Say of each form whether its filters mean more, on tracks that were not learned from."""
    return " ".join(map(_meaning, findings(protocol)))


def _meaning(one: Finding) -> str:
    if not one.enough:
        own, usual = one.trainings
        return (
            f"With {FORMS[one.form]}: {own} {'training' if own == 1 else 'trainings'} with the "
            f"loss and {usual} without are too few to tell."
        )
    lead = "no" if not one.better else "in part" if one.worse else "yes"
    said = [
        f"{word} {_listed(names)}"
        for word, names in (
            ("better in", one.better),
            ("worse in", one.worse),
            ("no clear difference in", one.level),
        )
        if names
    ]
    own_bands, usual_bands = one.bands
    place = (
        f"Their place in pitch varies by {own_bands:.0f} mel bands instead of {usual_bands:.0f}, "
        "which the mask around it brings about"
        if own_bands < usual_bands
        else f"Their place in pitch varies no less, by {own_bands:.0f} mel bands"
    )
    alike = (
        f"; filters of two trainings are alike to {one.alike[0]:.2f} ({one.alike[1]:.2f} without "
        "the loss)"
        if one.alike
        else ""
    )
    return f"With {FORMS[one.form]}, {lead}: {'; '.join(said)}. {place}{alike}."


def own_sounds_in_words(protocol: Protocol) -> str:
    """Say whether single filters answer to their own sound; empty where it was not measured."""
    rows = protocol.get("own_sounds", [])
    if not rows:
        return ""
    said = [
        f"in {row['layer']} {row['own']:.1f} times as much as to the whole clip (to another "
        f"filter's sound {row['other']:.1f} times), more to its own in "
        f"{100 * row['stronger']['value']:.0f} % of pairs (95 % interval "
        f"{100 * row['stronger']['low']:.0f} to {100 * row['stronger']['high']:.0f})"
        for row in rows
    ]
    certain = [row["layer"] for row in rows if row["stronger"]["low"] > _CHANCE]
    others = [row["layer"] for row in rows if row["layer"] not in certain]
    lead = (
        f"Filters of {_listed(certain)} answer more to their own sound, made by deconvolution, "
        "than to that of another filter"
        if certain
        else "Filters answer no more to their own sound, made by deconvolution, than to that of "
        "another filter"
    )
    if certain and others:
        lead += f"; of {_listed(others)} that is not certain"
    return f"{lead}: {'; '.join(said)}. Half of the pairs would be chance; {_tracks(rows)} tracks."


def _tracks(rows: Sequence[dict[str, Any]]) -> int:
    return max(int(row["tracks"]) for row in rows)


def _signed(points: float) -> str:
    return f"{round(points, 1) + 0.0:+.1f}".replace("-", "\u2212")


def _splits(names: Sequence[str]) -> str:
    return f"the {_listed(names)} {'split' if len(names) == 1 else 'splits'}"


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
