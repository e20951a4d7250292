"""Whether filters mean something: with and without the filter loss, side by side."""

from statistics import mean
from typing import Any, Final

import pandas as pd
import streamlit as st

from pages.charts.figures import LINE, exactly, points, show_missing, show_source
from pages.session.results import PROTOCOLS, result

Runs = list[dict[str, Any]]

# What listeners read of each form.
_FORMS: Final = {
    "none": "No filter loss",
    "rows": "One range of pitch",
    "cells": "One place (as published)",
}


def show_filter_loss() -> None:
    """Show what the filter loss changes, and say what was learned."""
    st.markdown(
        "Can a network be made to listen with filters that mean something, one genre and one place "
        "each? Zhang, Wu and Zhu (2018) train them with a loss of their own. Here the same layer "
        "was trained with and without it.",
        width=LINE,
    )
    found = result("filters")
    if found is None:
        show_missing("filters")
        return
    for protocol in found.content["protocols"]:
        st.markdown(f"**{PROTOCOLS[protocol['protocol']]}**")
        st.dataframe(table(protocol), width="stretch")
        trunk = protocol["trunk"]
        st.caption(
            f"Filters on the mixing layer of {trunk['name']}, with the weights "
            f"`{trunk['sha256'][:8]}`; {protocol['tracks']} test tracks, purity on "
            f"{protocol['new_artists']} of them by artists that were not learned from."
        )
    st.markdown(" ".join(findings(one) for one in found.content["protocols"]), width=LINE)
    show_source(found)


def table(protocol: dict[str, Any]) -> pd.DataFrame:
    """Put the forms side by side: means over trainings that differ in their seed."""
    return pd.DataFrame(
        {
            _FORMS[form["form"]]: _column(form["runs"], form["agreement"])
            for form in protocol["forms"]
        }
    )


def _column(runs: Runs, agreement: list[float]) -> dict[str, str]:
    def average(name: str) -> float:
        return mean(run[name] for run in runs)

    def value(name: str) -> str:
        return f"{mean(run[name]['value'] for run in runs):.2f}"

    accuracy = [run["accuracy"] for run in runs]
    low, high = (mean(one[end] for one in accuracy) for end in ("low", "high"))
    faithful = [run["faithfulness"] for run in runs]
    return {
        "Trainings": str(len(runs)),
        "Right": f"{exactly(mean(one['value'] for one in accuracy))} "
        f"({100 * low:.0f} to {100 * high:.0f})",
        "Top passages of one genre": f"{exactly(average('purity'))} "
        f"(by chance {exactly(average('purity_by_chance'))})",
        "Filters with a clear genre": exactly(average("clear")),
        "Spread of the place in pitch": f"{average('row_spread_bands'):.1f} bands",
        "How long a filter answers": f"{average('time_extent_seconds'):.1f} s of 5",
        "Filters that never answer": exactly(average("dead")),
        "What a filter tells of the genre": f"{average('mutual_information_bits'):.3f} bits "
        f"(by chance {average('information_by_chance'):.3f})",
        "Likeness of two trainings": f"{mean(agreement):.2f}" if agreement else "",
        "Score lost without the genre's filters": value("deletion"),
        "The same, as many at random": value("deletion_at_random"),
        "Probability lost with the rest alone": f"{mean(one['cam']['FF'] for one in faithful):.2f} "
        f"(rearranged {mean(one['random']['FF'] for one in faithful):.2f})",
    }


def findings(protocol: dict[str, Any]) -> str:
    """Say what the loss cost and what it gained, in one paragraph."""
    forms = {form["form"]: form for form in protocol["forms"]}
    if "none" not in forms:
        return ""
    sentences = []
    for name, form in forms.items():
        if name == "none":
            continue
        cost = form["against_none"]
        certain = cost["high"] < 0 or cost["low"] > 0
        better, worse = _compared(form["runs"], forms["none"]["runs"])
        sentences.append(
            f"{_FORMS[name]}: accuracy changes by {points(cost['value'])} points "
            f"({points(cost['low'])} to {points(cost['high'])}), "
            f"{'more' if certain else 'no more'} than chance explains."
            + (f" Better: {', '.join(better)}." if better else "")
            + (f" Not better: {', '.join(worse)}." if worse else "")
        )
    name = PROTOCOLS[protocol["protocol"]]
    return f"**{name}.** " + " ".join(sentences)


def _compared(runs: Runs, others: Runs) -> tuple[list[str], list[str]]:
    """Sort what filters are to be into what is better in every training than in any other."""
    wanted = {
        "filters of one genre": [run["purity"] for run in runs],
        "a place in pitch": [-run["row_spread_bands"] for run in runs],
        "what a filter tells of the genre": [run["mutual_information_bits"] for run in runs],
    }
    usual = {
        "filters of one genre": [run["purity"] for run in others],
        "a place in pitch": [-run["row_spread_bands"] for run in others],
        "what a filter tells of the genre": [run["mutual_information_bits"] for run in others],
    }
    better = [name for name in wanted if min(wanted[name]) > max(usual[name])]
    return better, [name for name in wanted if name not in better]
