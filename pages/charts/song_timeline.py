"""The timeline of a whole song, and its windows to open."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from model.songs.whole_song import SongVerdict, Window
from pages.charts.colours import genre_colour
from pages.charts.figures import show_figure
from pages.charts.timeline import (
    Moments,
    clock_axis,
    first_of,
    in_words,
    joined,
    moments_between,
    point_at,
    stacked,
    write_names,
)
from pages.words.phrases import clock, genre_name, percent

_AREAS: Final = 420  # px


def show_song_timeline(
    windows: Sequence[Window],
    verdict: SongVerdict,
    seconds: float,
    key: str,
    *,
    fine: bool,
    opened: Callable[[float], None],
) -> None:
    """Draw the probabilities over time; a click on a window opens it.

    Parameters
    ----------
    windows : sequence of Window
        Those heard, in order of time.
    verdict : SongVerdict
        Of these windows.
    seconds : float
        Length of the song.
    key : str
        Of the chart; another for other windows.
    fine : bool
        Whether to draw moment by moment, or each window as a whole.
    opened : callable
        Takes where the window begins, in seconds.
    """
    order = [name for name, _ in verdict.mean.ranking]
    moments = joined([_moments(window, verdict, fine=fine) for window in windows])
    figure = stacked(moments, verdict.mean.classes, order, genre_colour)
    write_names(figure, moments, verdict.mean.classes, order, genre_colour, seconds, upright=True)
    _add_windows(figure, windows)
    clock_axis(figure, 0.0, seconds)
    # The order of the bars; to hide a genre would leave areas that do not add up.
    figure.update_layout(
        legend={"traceorder": "normal", "itemclick": False, "itemdoubleclick": False}
    )

    def open_clicked() -> None:
        for point in st.session_state[key].selection.points:
            window = windows[point["point_index"]]
            if window.heard:
                opened(window.span.start)

    steps = joined([_moments(window, verdict, fine=False) for window in windows])
    show_figure(
        figure,
        _AREAS,
        f"Most probable genre over time: {in_words(steps, verdict.mean.classes)}",
        key=key,
        on_select=open_clicked,
        selection_mode="points",
    )


def _moments(window: Window, verdict: SongVerdict, *, fine: bool) -> Moments:
    span, heard = window.span, window.heard
    times = np.array([span.fresh_middle])
    if heard is None:
        probabilities = np.zeros((1, len(verdict.mean.classes)), np.float32)
    elif fine:
        times, probabilities = span.start + heard.timeline.times, heard.timeline.probabilities
    else:
        probabilities = heard.probabilities[np.newaxis]
    return moments_between(span.fresh_from, span.end, times, probabilities)


def _add_windows(figure: go.Figure, windows: Sequence[Window]) -> None:
    """Let each window be pointed at and clicked, and name the silent ones."""
    point_at(
        figure,
        [window.span.fresh_middle for window in windows],
        [window.span.fresh_seconds for window in windows],
        [_hover_text(window) for window in windows],
    )
    for window in windows:
        if window.heard is None:
            middle = window.span.fresh_middle
            figure.add_annotation(x=middle, y=0.5, text="silence", textangle=-90, showarrow=False)


def _hover_text(window: Window) -> str:
    when = f"{clock(window.span.start)} to {clock(window.span.end)}"
    if window.heard is None:
        return f"{when}<br>silence"
    first = first_of(window.heard.classes, window.heard.probabilities)
    return f"{when}<br>{first}<br>click to listen"


def show_windows(windows: Sequence[Window], key: str, opened: Callable[[float], None]) -> None:
    """Offer each window as a button with its verdict.

    Parameters
    ----------
    windows : sequence of Window
        Those heard, in order of time.
    key : str
        Begins the buttons' keys.
    opened : callable
        Takes where the window begins, in seconds.
    """
    with st.container(horizontal=True, gap="small"):
        for window in windows:
            start, heard = window.span.start, window.heard
            label = "silence"
            if heard:
                label = f"{genre_name(heard.top)} {percent(float(heard.probabilities.max()))}"
            st.button(
                f"{clock(start)} {label}",
                key=f"{key}-{start:.0f}",
                disabled=heard is None,
                on_click=opened,
                args=(start,),
            )
