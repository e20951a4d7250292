"""A small timeline of one excerpt, beside its verdict."""

from typing import Final

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from model.analysis import Analysis
from model.songs.timeline import timeline_of
from pages.charts.colours import ACCENT
from pages.charts.figures import lay_out, show_laid_out
from pages.charts.timeline import (
    clock_axis,
    first_of,
    in_words,
    moments_between,
    point_at,
    stacked,
    write_names,
)
from pages.words.phrases import clock

_HEIGHT: Final = 150  # px
# All but what is explained, which stands out as it does in the bars.
_QUIET: Final = "#989ca3"


def show_excerpt_timeline(analysis: Analysis, explained: str) -> None:
    """Draw the probabilities moment by moment; the figure is built once.

    Parameters
    ----------
    analysis : Analysis
        Of the excerpt.
    explained : str
        The class that is being explained: its area stands out, at the bottom.
    """
    figure, alt = _timeline(
        analysis.excerpt.clip.sha256,
        analysis.excerpt.start,
        analysis.classifier.sha256,
        analysis.merges,
        explained,
        analysis,
    )
    show_laid_out(figure, alt)


# 0.1 MB each. Building one takes as long as the rest of the page together.
@st.cache_resource(max_entries=48, show_spinner=False)
def _timeline(
    sha256: str, start: float, model: str, merges: bool, explained: str, _analysis: Analysis
) -> tuple[go.Figure, str]:
    """Build the figure and what it says to those who cannot see it."""
    excerpt, classes = _analysis.excerpt, _analysis.classes
    timeline = timeline_of(_analysis.prediction, _analysis.classifier)
    if _analysis.merges:
        timeline = timeline.merged(_analysis.classifier.genres)
    end = start + excerpt.seconds
    times = start + timeline.times
    moments = moments_between(start, end, times, timeline.probabilities)
    order = [explained, *(name for name, _ in _analysis.verdict.ranking if name != explained)]

    def colour(name: str) -> str:
        return ACCENT if name == explained else _QUIET

    figure = stacked(moments, classes, order, colour)
    write_names(figure, moments, classes, order, colour, excerpt.seconds, upright=False)
    words = [
        f"{clock(time)} {first_of(classes, row) if row.any() else 'silence'}"
        for time, row in zip(times, timeline.probabilities, strict=True)
    ]
    point_at(figure, times, np.gradient(times), words)
    clock_axis(figure, start, end)
    figure.update_layout(showlegend=False)
    lay_out(figure, _HEIGHT)
    return figure, f"Most probable genre over time: {in_words(moments, classes)}"
