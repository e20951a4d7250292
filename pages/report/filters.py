"""Whether filters mean something: with and without the filter loss, side by side."""

from statistics import mean
from typing import Any, Final

import pandas as pd
import streamlit as st

from model.evaluation.filters.answer import (
    cost_in_words,
    headline,
    meaning_in_words,
    own_sounds_in_words,
)
from pages.charts.figures import LINE, exactly, show_missing, show_source
from pages.session.results import PROTOCOLS, result
from pages.words.phrases import NBSP

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
    show_answer(found.content["protocols"])
    for protocol in found.content["protocols"]:
        st.markdown(f"**{PROTOCOLS[protocol['protocol']]}**")
        st.dataframe(table(protocol), width="stretch")
        trunk = protocol["trunk"]
        st.caption(
            f"Filters on the mixing layer of {trunk['name']}, with the weights "
            f"`{trunk['sha256'][:8]}`; {protocol['tracks']} test tracks, purity on "
            f"{protocol['new_artists']} of them by artists that were not learned from."
        )
    show_source(found)


def show_answer(protocols: list[dict[str, Any]]) -> None:
    """Say first what was asked, whether it costs accuracy and means more, then the figures."""
    st.markdown(f"**{headline(protocols)}**", width=LINE)
    for protocol in protocols:
        if cost := cost_in_words(protocol):
            st.markdown(
                _unbroken(
                    f"**{PROTOCOLS[protocol['protocol']]}.** *Does it cost accuracy?* {cost} *Do "
                    f"the filters mean more?* {meaning_in_words(protocol)}"
                ),
                width=LINE,
                help="Better, or worse: in every training with the loss than in any without it, "
                "where that happens by chance once in twenty times at most. Purity and what a "
                "filter tells of the genre are those of songs by artists not learned from.",
            )
    played = [
        f"*{PROTOCOLS[protocol['protocol']]}.* {said}"
        for protocol in protocols
        if (said := own_sounds_in_words(protocol))
    ]
    if played:
        st.markdown("**Does a filter answer to its own sound?**")
        for said in played:
            st.markdown(_unbroken(said), width=LINE)


def _unbroken(words: str) -> str:
    return words.replace(" %", f"{NBSP}%")


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
