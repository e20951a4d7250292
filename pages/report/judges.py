"""Independent judges: whether somebody else hears the evidence, too."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from pages.charts.figures import LINE, show_missing, show_source
from pages.session.results import result
from pages.words.phrases import NBSP, listed

Content = dict[str, Any]
Row = dict[str, Any]

# Whose verdict a map explains, by what its name begins with: who shares nothing with it.
_OF_THE_APP: Final = ("statistics", "imagenet", "vanilla")
_STRANGERS: Final = {"pictures": ("ear", *_OF_THE_APP), "ear": ("pictures", *_OF_THE_APP)}
_BEDS: Final = {"silent": "silence around it", "-30 dB": f"the rest 30{NBSP}dB quieter"}
_CHANCE: Final = 0.05


def show_judges() -> None:
    """Show what judges that share nothing with the explained network call the kept sound."""
    st.subheader("Does anybody else hear it?", anchor=False)
    st.markdown(
        "A network may find its own evidence in a sound where nobody else would. So others judge "
        "what it keeps. YAMNet, half of the ear, judges the evidence of the network on pictures, "
        "and that network YAMNet's. Three more judge both: one that knows only 57 statistics of "
        "the sound, one that learned photographs before it learned GTZAN, and one that knows GTZAN "
        "alone. Each says whether it calls the kept part what it calls the whole. The same "
        "values, rearranged at random and kept the same way, show what any picture would reach.",
        width=LINE,
        help="YAMNet and the network on pictures share no layer. In brackets: the values "
        "rearranged, with the same histogram and smoothness, under the same mask. A difference "
        f"counts as beyond chance below {_CHANCE:g} by McNemar's exact test.",
    )
    found = result("judges")
    if found is None:
        show_missing("judges")
        return
    content = found.content
    st.dataframe(pd.DataFrame(table(content)), hide_index=True, width="stretch")
    st.markdown(in_words(content), width=LINE)
    show_source(found)


def strangers_rows(content: Content) -> list[Row]:
    """Select the rows in which a judge hears what shares nothing with it, in the usual shape."""
    usual = {each["name"]: each["usual_shape"] for each in content["evidence"]}
    return [
        row
        for row in content["rows"]
        if row["shape"] == usual.get(row["evidence"])
        and row["bed"] in _BEDS
        and row["judge"] in _STRANGERS.get(row["evidence"].partition("-")[0], _OF_THE_APP)
    ]


def table(content: Content) -> dict[str, list[str]]:
    """Lay the rows out: a line for every map and judge, a column for every bed."""
    evidence = {each["name"]: each["label"] for each in content["evidence"]}
    judges = {each["name"]: each["label"] for each in content["judges"]}
    lines: dict[tuple[str, str], dict[str, Row]] = {}
    for row in strangers_rows(content):
        lines.setdefault((row["evidence"], row["judge"]), {})[row["bed"]] = row
    columns = {
        "Evidence": [evidence[name] for name, _ in lines],
        "Judge": [judges[name] for _, name in lines],
    }
    for bed, words in _BEDS.items():
        columns[f"Called alike, {words}"] = [_alike(rows.get(bed)) for rows in lines.values()]
    return columns


def _alike(row: Row | None) -> str:
    if row is None:
        return "–"
    own, null = (100 * row[side]["alike"]["value"] for side in ("map", "null"))
    sure = " *" if row["paired"]["chance"] < _CHANCE else ""
    return f"{own:.0f}{NBSP}% ({null:.0f}{NBSP}%){sure}"


def in_words(content: Content) -> str:
    """Say in how many of the cases a stranger hears more than chance in the evidence."""
    rows = strangers_rows(content)
    ahead = [row for row in rows if row["paired"]["first"] > row["paired"]["second"]]
    beyond = [row for row in ahead if row["paired"]["chance"] < _CHANCE]
    behind = [
        row
        for row in rows
        if row["paired"]["first"] < row["paired"]["second"] and row["paired"]["chance"] < _CHANCE
    ]
    words = (
        f"On {content['n']} tracks, the evidence is ahead of its rearranged values in "
        f"{len(ahead)} of {len(rows)} cases, beyond chance (marked *) in {len(beyond)}"
    )
    words += f", and behind them beyond chance in {len(behind)}. " if behind else ". "
    if not beyond:
        return words + "No judge that shares nothing with the network is seen to hear more in it."
    judges = {each["name"]: each["label"] for each in content["judges"]}
    names = dict.fromkeys(judges[row["judge"]].replace("The ", "the ", 1) for row in beyond)
    return words + f"Those who hear more in it: {listed(list(names))}."
