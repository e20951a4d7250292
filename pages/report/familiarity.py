"""Familiarity: whether the network is wrong more often about songs unlike those it knows."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from pages.charts.figures import LINE, exactly, show_missing, show_source
from pages.session.results import result
from pages.words.phrases import NBSP

_WORDS: Final = {
    "strange": "Unlike anything it knows",
    "unusual": "Unusual for it",
    "familiar": "Familiar ground",
}
_KINDS: Final = {"familiarity": "GTZAN", "familiarity_today": "Songs of today"}


def show_familiarity() -> None:
    """Show how often verdicts are right, by what the app says of the song."""
    st.subheader("Does it know what it does not know?", anchor=False)
    st.markdown(
        "Beside every verdict the app says how much the song is like those that the network has "
        "learned from. If that means something, it is right more often on familiar ground.",
        width=LINE,
        help="The distance to the nearest genre's mean in the 64 main components of YAMNet's "
        "answers, in standard deviations within genres; the words follow from the share of the "
        "validation songs that are as far. Of GTZAN, the test tracks of the random split with "
        "sound.",
    )
    found = {kind: result(kind) for kind in _KINDS}
    columns: dict[str, list[str]] = {"What the app says": list(_WORDS.values())}
    for kind, name in _KINDS.items():
        measured = found[kind]
        if measured is None:
            show_missing(kind)
        else:
            bands = {band["name"]: band for band in measured.content["bands"]}
            columns[f"{name}: right"] = [_right(bands[band]) for band in _WORDS]
    if len(columns) > 1:
        st.dataframe(pd.DataFrame(columns), hide_index=True, width="stretch")
    for kind, name in _KINDS.items():
        measured = found[kind]
        if measured is not None:
            st.markdown(f"**{name}.** {in_words(measured.content)}", width=LINE)
            show_source(measured)


def _right(band: dict[str, Any]) -> str:
    if not band["n"]:
        return "no song"
    return f"{100 * band['accuracy']['share']:.0f}{NBSP}% of {band['n']}"


def in_words(content: dict[str, Any]) -> str:
    """Say how well songs named wrong are told from songs named right."""
    if "auc" not in content:
        return f"All {content['n']} songs are named alike, right or wrong: nothing to tell apart."
    low, high = content["interval"]
    words = (
        "Of a song that it names wrong and one that it names right, the wrong one is the less "
        f"familiar in {exactly(content['auc'])} of cases (95{NBSP}% interval {exactly(low)} to "
        f"{exactly(high)}; 50{NBSP}% would be chance). "
    )
    if low > 0.5:
        return words + "So the sign tells something, and it is no proof."
    return words + "That may be chance: the sign says what is unusual, not what is wrong."
