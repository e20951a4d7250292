"""What the user chooses to look at: class, method, threshold and opacity.

The choices stay when the page changes; a new clip or another stretch of it brings the
class back to the one the network puts first.
"""

import streamlit as st

from model.analysis import Analysis
from model.explain import METHODS
from pages.widgets.words import genre_name, percent

# Keys of widgets.
GENRE, METHOD, THRESHOLD, OPACITY, AGAINST = "genre", "method", "threshold", "opacity", "against"

_GENRE_IS_FOR = "genre_is_for"


def settle_genre(analysis: Analysis) -> str:
    """Give the chosen class, which is the winner until the user says otherwise."""
    verdict = (analysis.excerpt.clip.sha256, analysis.excerpt.start)
    if st.session_state.get(_GENRE_IS_FOR) != verdict:
        st.session_state[_GENRE_IS_FOR] = verdict
        st.session_state[GENRE] = analysis.top
    return str(st.session_state[GENRE])


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


def choose_threshold() -> float:
    """Draw the slider of the threshold."""
    return st.slider(
        "Keep what reaches this share of the peak",
        0.0,
        1.0,
        0.4,
        0.05,
        format="percent",
        key=THRESHOLD,
        persist_state="session",
        help="Places inside the white line are kept and can be heard; the rest is cut away. "
        "A higher share keeps less.",
    )


def choose_opacity() -> float:
    """Draw the slider of the heatmap's opacity."""
    return st.slider(
        "Opacity of the heatmap",
        0.0,
        1.0,
        0.75,
        0.05,
        format="percent",
        key=OPACITY,
        persist_state="session",
    )


def choose_against(method: str) -> bool:
    """Draw the switch that shows what speaks against the class, where a method knows that."""
    if not METHODS[method].signed:
        return False
    return st.toggle("Show evidence against, in blue", key=AGAINST, persist_state="session")
