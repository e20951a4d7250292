"""What the user chooses to look at: class, method, and what counts as one class.

The choices stay when the page changes; a new clip or another stretch of it brings the
class back to the one the network puts first.
"""

import streamlit as st

from model.analysis import Analysis
from model.explain import METHODS
from model.merging import GROUPS, members_of
from pages.widgets.words import genre_name, percent, sentence

# Keys of widgets.
GENRE, METHOD, MERGE = "genre", "method", "merge"

_GENRE_IS_FOR = "genre_is_for"


def settle_genre(analysis: Analysis) -> str:
    """Give the chosen class, which is the winner until the user says otherwise."""
    verdict = (analysis.excerpt.clip.sha256, analysis.excerpt.start)
    if st.session_state.get(_GENRE_IS_FOR) != verdict:
        st.session_state[_GENRE_IS_FOR] = verdict
        st.session_state[GENRE] = analysis.top
    if st.session_state[GENRE] not in analysis.classes:  # since similar genres were merged, or not
        st.session_state[GENRE] = _counterpart(st.session_state[GENRE], analysis)
    return str(st.session_state[GENRE])


def _counterpart(genre: str, analysis: Analysis) -> str:
    """Give the most probable class that shares a genre with another."""
    members = set(members_of(genre))
    return next(name for name, _ in analysis.ranking if members & set(members_of(name)))


def with_merging(analysis: Analysis) -> Analysis:
    """Give the analysis with similar genres merged, if the user has chosen that."""
    return analysis.merged if st.session_state.get(MERGE) else analysis


def choose_merging() -> None:
    """Draw the switch that merges similar genres; `with_merging` does what it says."""
    why = "\n".join(f"- {sentence(genre_name(group.name))}: {group.why}." for group in GROUPS)
    st.toggle(
        "Merge similar genres",
        key=MERGE,
        persist_state="session",
        help=f"Counts genres as one that the network often mixes up:\n\n{why}\n\n"
        "Their probabilities are summed, and so are their maps: the sound is that of the "
        "summed map. CRM (all classes) has one map in any case.",
    )


def choose_genre(analysis: Analysis) -> str:
    """Draw the list of classes, the most probable first."""
    settle_genre(analysis)
    probabilities = dict(analysis.ranking)
    return st.selectbox(
        "Explain the score of",
        list(probabilities),
        format_func=lambda genre: f"{genre_name(genre)} ({percent(probabilities[genre])})",
        key=GENRE,
        persist_state="session",
    )


def choose_method() -> str:
    """Draw the list of methods, and say what the chosen one shows."""
    method = st.segmented_control(
        "Method",
        list(METHODS),
        format_func=lambda name: METHODS[name].label,
        default="cam",
        required=True,
        key=METHOD,
        persist_state="session",
    )
    st.caption(METHODS[method].summary)
    return method
