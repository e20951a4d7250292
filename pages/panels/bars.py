"""The probabilities as bars, one a genre."""

from typing import Final

import plotly.graph_objects as go
import streamlit as st

from model.analysis import Analysis
from pages.charts.colours import ACCENT
from pages.panels.choices import GENRE
from pages.words.phrases import genre_name, percent

_BAR = 35  # px
# Legible on light and dark ground alike.
_QUIET: Final = "rgba(128,132,140,0.55)"


def show_probabilities(analysis: Analysis, explained: str) -> None:
    """Draw all genres, the most probable first; a click on one explains it.

    Parameters
    ----------
    analysis : Analysis
        Whose probabilities.
    explained : str
        The genre that is being explained: its bar stands out.
    """
    genres = [genre for genre, _ in analysis.verdict.ranking]
    # A chart's selection cannot be reset, so a new choice makes a new chart.
    key = f"probabilities-{explained}-{len(genres)}"

    def explain_clicked() -> None:
        points = st.session_state[key].selection.points
        if points:
            st.session_state[GENRE] = genres[points[0]["point_index"]]

    st.plotly_chart(
        _bars(tuple(analysis.verdict.ranking), explained),
        key=key,
        on_select=explain_clicked,
        selection_mode="points",
        config={"displayModeBar": False},
        alt="Probabilities: "
        + ", ".join(f"{genre_name(genre)} {percent(p)}" for genre, p in analysis.verdict.ranking),
    )


# Under 0.1 MB each.
@st.cache_resource(max_entries=48, show_spinner=False)
def _bars(ranking: tuple[tuple[str, float], ...], explained: str) -> go.Figure:
    names = [genre_name(genre) for genre, _ in ranking]
    names[0] = f"<b>{names[0]}</b>"
    figure = go.Figure(
        go.Bar(
            x=[probability for _, probability in ranking],
            y=names,
            orientation="h",
            text=[percent(probability) for _, probability in ranking],
            textposition="outside",
            cliponaxis=False,
            marker_color=[ACCENT if genre == explained else _QUIET for genre, _ in ranking],
            selected_marker_opacity=1,
            unselected_marker_opacity=1,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(
        height=len(ranking) * _BAR + 12,
        margin={"l": 76, "r": 56, "t": 4, "b": 8},
        bargap=0.35,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
    )
    figure.update_xaxes(range=[0, 1], visible=False, fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False)
    return figure
