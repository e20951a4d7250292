"""The user's choices: class, method, and whether similar genres are merged.

The choices stay when the page changes; a new clip or another stretch of it brings the
class back to the one the network puts first.
"""

from typing import TypeVar

import streamlit as st

from model.analysis import Analysis
from model.explain.methods import DEFAULT_METHOD, METHODS, MORE_METHODS, QUICK_METHODS
from model.genres import GROUPS, members_of
from model.songs.whole_song import Window
from pages.words.methods import method_help, method_name, method_sentences
from pages.words.phrases import about_seconds, genre_name, percent, sentence

# Keys of widgets.
GENRE, METHOD, MERGE = "genre", "method", "merge"

# What the session remembers: the verdict that the chosen class is for, and a class that was
# asked for before there was a verdict.
_GENRE_IS_FOR, _ASKED_FOR = "genre_is_for", "genre_asked_for"

Judged = TypeVar("Judged", Analysis, Window)


def ask_for_genre(genre: str) -> None:
    """Explain a class of the next clip, unless merging takes it away; once."""
    st.session_state[_ASKED_FOR] = genre


def ask_for_method(method: str) -> None:
    """Choose a method, before its list is drawn."""
    st.session_state[METHOD] = method


def merge_genres(merged: bool) -> None:
    """Set the switch that merges similar genres, before it is drawn."""
    st.session_state[MERGE] = merged


def resolve_genre(analysis: Analysis) -> str:
    """Return the chosen class, the most probable one until the user chooses another."""
    verdict = (analysis.excerpt.clip.sha256, analysis.excerpt.start)
    if st.session_state.get(_GENRE_IS_FOR) != verdict:
        st.session_state[_GENRE_IS_FOR] = verdict
        st.session_state[GENRE] = st.session_state.pop(_ASKED_FOR, analysis.verdict.top)
    if st.session_state[GENRE] not in analysis.classes:  # since similar genres were merged, or not
        st.session_state[GENRE] = _counterpart(st.session_state[GENRE], analysis)
    return str(st.session_state[GENRE])


def resolve_method(analysis: Analysis) -> str:
    """Return the chosen method, the usual one until the user chooses another.

    Also where the network that listens now does not have what the chosen method asks for.
    """
    chosen = st.session_state.get(METHOD) or DEFAULT_METHOD
    return chosen if analysis.offers(chosen) else DEFAULT_METHOD


def quick_methods(analysis: Analysis) -> list[str]:
    """List the methods that nobody waits for long, as far as the network has them."""
    return [name for name in QUICK_METHODS if analysis.offers(name)]


def _counterpart(genre: str, analysis: Analysis) -> str:
    """Find the most probable class that shares a genre with another."""
    members = set(members_of(genre))
    return next(name for name, _ in analysis.verdict.ranking if members & set(members_of(name)))


def with_merging(judged: Judged) -> Judged:
    """Merge similar genres in a verdict, if the user has chosen that."""
    return judged.merged if st.session_state.get(MERGE) else judged


def choose_merging() -> None:
    """Draw the switch that merges similar genres; `with_merging` does what it says."""
    why = "\n".join(f"- {sentence(genre_name(group.name))}: {group.why}." for group in GROUPS)
    st.toggle(
        "Count similar genres as one",
        key=MERGE,
        persist_state="session",
        help=f"For genres that the network often mixes up:\n\n{why}\n\n"
        "Their percentages are added, and the picture and the sound show what speaks for either. "
        "Exactly: probabilities and class activation maps are summed, short "
        "passages and fine detail are those of their odds together, and the lead map compares the "
        "summed maps.",
    )


def genre_on_list(analysis: Analysis, genre: str) -> str:
    """Name a class as the list of classes does, with its probability."""
    return f"{genre_name(genre)} ({percent(dict(analysis.verdict.ranking)[genre])})"


def choose_genre(analysis: Analysis) -> str:
    """Draw the list of classes, the most probable first."""
    resolve_genre(analysis)
    return st.selectbox(
        "Show what speaks for",
        [genre for genre, _ in analysis.verdict.ranking],
        format_func=lambda genre: genre_on_list(analysis, genre),
        key=GENRE,
        persist_state="session",
    )


def choose_method(analysis: Analysis) -> str:
    """Draw the list of methods, and describe the chosen one.

    The methods that take longer stand behind a button, each with the time that it takes.
    """
    # Not as the widget's default, which must not be there where a link has set a method.
    # Set anew in every run, or a link's choice would be lost on the way to another page and back.
    st.session_state[METHOD] = resolve_method(analysis)
    quick = quick_methods(analysis)
    shown = [*quick, *({st.session_state[METHOD]} - set(quick))]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Kind of picture",
            shown,
            format_func=method_name,
            required=True,
            key=METHOD,
            persist_state="session",
            wrap=True,
        )
        with st.popover("More methods"):
            st.caption(
                "Other ways to find the evidence, from research papers. They take longer: the "
                "times are for one genre, on this computer."
            )
            for name, method in MORE_METHODS.items():
                st.button(
                    f"{method.label}: {about_seconds(analysis.seconds(name))}",
                    key=f"method-{name}",
                    help=method_help(name),
                    on_click=ask_for_method,
                    args=(name,),
                    width="stretch",
                )
    method = METHODS[st.session_state[METHOD]]
    st.caption(method_sentences(method.name), help=method_help(method.name))
    return method.name
