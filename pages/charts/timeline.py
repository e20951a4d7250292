"""Probabilities over time, drawn as stacked areas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from model.types import Float32
from pages.charts.colours import ink_on
from pages.words.phrases import clock, genre_name, listed, percent

# Two values at one time would not stack.
_INSTANT: Final = 1e-3  # s
# A class's name is written on its area where that is so long and so high, in shares of the
# picture: along it, or, in a high picture, upright where it is shorter.
_LONG, _SHORT, _HIGH = 0.15, 0.06, 0.22
_STEPS: Final = (1, 2, 5, 10, 15, 30, 60, 120)  # s
_MOST_TICKS: Final = 6
_NAMED: Final = 3  # classes, where something is pointed at
# Between areas, on light and dark ground alike.
_SEAM: Final = {"width": 0.5, "color": "rgba(128,132,140,0.6)"}


@dataclass(frozen=True, eq=False)
class Moments:
    """Probabilities over time, with straight lines between them.

    Attributes
    ----------
    times : ndarray of float32, shape (moments,)
        In seconds from the beginning of the clip, rising.
    probabilities : ndarray of float32, shape (moments, classes)
        All 0 where there is silence.
    """

    times: Float32
    probabilities: Float32

    @property
    def runs(self) -> list[tuple[int | None, float, float]]:
        """Spans with the index of the leading class, or None for silence."""
        leaders = [int(row.argmax()) if row.any() else None for row in self.probabilities]
        groups = groupby(range(len(leaders)), key=leaders.__getitem__)
        runs = [(leader, list(moments)) for leader, moments in groups]
        return [
            (leader, float(self.times[moments[0]]), float(self.times[moments[-1]]))
            for leader, moments in runs
        ]

    def at(self, time: float) -> Float32:
        """Find the probabilities at a time between the first and the last moment, (classes,)."""
        return self.probabilities[self.times.searchsorted(time)]


def moments_between(
    start: float, end: float, times: npt.NDArray[np.floating], probabilities: Float32
) -> Moments:
    """Take the moments within a span, and draw the first and the last out to its ends.

    Parameters
    ----------
    start, end : float
        The stretch, in seconds.
    times : ndarray, shape (moments,)
        In seconds; at least one lies within.
    probabilities : ndarray of float32, shape (moments, classes)
        At these times.

    Returns
    -------
    Moments
        From edge to edge.
    """
    start, end = start + _INSTANT, end - _INSTANT
    inside = (start < times) & (times < end)
    kept = probabilities[inside]
    return Moments(
        np.concatenate([[start], times[inside], [end]]).astype(np.float32),
        np.concatenate([kept[:1], kept, kept[-1:]]),
    )


def joined(parts: Sequence[Moments]) -> Moments:
    """Join parts in order of time."""
    return Moments(
        np.concatenate([part.times for part in parts]),
        np.concatenate([part.probabilities for part in parts]),
    )


def stacked(
    moments: Moments, classes: Sequence[str], order: Sequence[str], colour: Callable[[str], str]
) -> go.Figure:
    """Draw areas on top of each other, with the names of those that lead for long.

    Parameters
    ----------
    moments : Moments
        What to draw.
    classes : sequence of str
        Of the probabilities.
    order : sequence of str
        The same classes from the bottom to the top.
    colour : callable
        Gives a class's colour as "#rrggbb".

    Returns
    -------
    plotly.graph_objects.Figure
        Time in seconds, probabilities from 0 to 1.
    """
    # All at once: Plotly looks through a figure again for each that is added.
    areas = [
        {
            "type": "scatter",
            "x": moments.times,
            "y": moments.probabilities[:, classes.index(name)],
            "stackgroup": "genres",
            "mode": "lines",
            "line": _SEAM,
            "fillcolor": colour(name),
            "name": genre_name(name),
            "hoverinfo": "skip",
        }
        for name in order
    ]
    figure = go.Figure(areas)
    figure.update_yaxes(range=[0, 1], tickvals=[0, 0.5, 1], tickformat=".0%", showgrid=False)
    return figure


def write_names(
    figure: go.Figure,
    moments: Moments,
    classes: Sequence[str],
    order: Sequence[str],
    colour: Callable[[str], str],
    seconds: float,
    *,
    upright: bool,
) -> None:
    """Write names on areas with room for them, in a picture of so many seconds."""
    for leader, start, end in moments.runs:
        share = (end - start) / seconds
        if leader is None or share < (_SHORT if upright else _LONG):
            continue
        middle = (start + end) / 2
        heights = dict(zip(classes, moments.at(middle).tolist(), strict=True))
        name = classes[leader]
        if heights[name] < _HIGH:
            continue
        below = sum(heights[other] for other in order[: order.index(name)])
        figure.add_annotation(
            x=middle,
            y=below + heights[name] / 2,
            text=genre_name(name),
            font={"color": ink_on(colour(name)), "size": 13},
            textangle=0 if share >= _LONG else -90,
            showarrow=False,
        )


def point_at(
    figure: go.Figure,
    centres: npt.ArrayLike,
    widths: npt.ArrayLike,
    words: Sequence[str],
) -> None:
    """Lay what can be pointed at and clicked over the areas: clear bars, in seconds."""
    figure.add_bar(
        x=centres,
        width=widths,
        y=[1] * len(words),
        marker={"color": "rgba(0,0,0,0)", "line": {"width": 0}},
        showlegend=False,
        customdata=words,
        hovertemplate="%{customdata}<extra></extra>",
    )


def clock_axis(figure: go.Figure, start: float, end: float) -> None:
    """Let time run from left to right, with ticks at round times."""
    step = next((step for step in _STEPS if (end - start) / step <= _MOST_TICKS), _STEPS[-1])
    first = -(-start // step) * step
    ticks = np.arange(first, end + _INSTANT, step)
    figure.update_xaxes(
        range=[start, end],
        tickvals=ticks,
        ticktext=[clock(tick) for tick in ticks],
        showgrid=False,
    )


def first_of(classes: Sequence[str], probabilities: Float32) -> str:
    """Name the most probable classes, with their probabilities."""
    pairs = zip(classes, probabilities.tolist(), strict=True)
    first = sorted(pairs, key=lambda pair: -pair[1])[:_NAMED]
    return listed([f"{genre_name(name)} {percent(share)}" for name, share in first])


def in_words(moments: Moments, classes: Sequence[str]) -> str:
    """Say who leads when, for those who cannot see it."""
    return "; ".join(
        f"{clock(start)} to {clock(end)} "
        + ("silence" if leader is None else genre_name(classes[leader]))
        for leader, start, end in moments.runs
    )
