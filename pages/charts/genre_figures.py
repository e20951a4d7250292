"""A genre's average evidence as pictures: along frequency, and in rhythm."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.charts.colours import ACCENT
from pages.charts.figures import QUIET, error_bars, is_dark, show_figure
from pages.words.genre_findings import range_name, side_of
from pages.words.phrases import NBSP, genre_name, percent, sentence

_HEIGHT: Final = 360  # px
# By whether the ground is dark: from no movement to much, and from less to more.
_MOVEMENT: Final = {
    False: [[0, "#FBF8F3"], [0.5, "#E9A15B"], [1, "#B34700"]],
    True: [[0, "#151C26"], [0.5, "#B35A12"], [1, "#FFD9A0"]],
}
_DIFFERENCE: Final = {
    False: [[0, "#0A6B70"], [0.5, "#FBF8F3"], [1, "#C75000"]],
    True: [[0, "#5CC8C4"], [0.5, "#151C26"], [1, "#F0914A"]],
}
_TICKS_HZ: Final = (100, 500, 1_000, 2_000, 4_000, 8_000)
_RATE_TICKS: Final = (0.5, 1, 2, 3, 4, 5, 6)


def show_ranges(genre: str, own: Mapping[str, Any], edges_hz: Sequence[float]) -> None:
    """Draw the share of the evidence in each range of frequencies, beside the other genres."""
    names = [
        _short(range_name(low, high, edges_hz[-1]))
        for low, high in zip(edges_hz[:-1], edges_hz[1:], strict=True)
    ]
    shares = [figure["value"] for figure in own["ranges"]]
    others = [figure["others"] for figure in own["ranges"]]
    bounds = [[figure["low"], figure["high"]] for figure in own["ranges"]]
    figure = go.Figure()
    figure.add_bar(
        x=shares,
        y=names,
        orientation="h",
        error_x=error_bars(shares, bounds, color=QUIET),
        marker_color=ACCENT,
        name=sentence(genre_name(genre)),
        hovertemplate="%{y}: %{x:.0%}<extra></extra>",
    )
    figure.add_scatter(
        x=others,
        y=names,
        mode="markers",
        marker={"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": _mark()}},
        name="Average of the other nine",
        hovertemplate="the other nine, %{y}: %{x:.0%}<extra></extra>",
    )
    figure.update_layout(bargap=0.35)
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(showgrid=False)
    alt = ", ".join(f"{name} {share:.0%}" for name, share in zip(names, shares, strict=True))
    show_figure(figure, _HEIGHT, f"Share of the evidence for {genre_name(genre)}: {alt}")


def _mark() -> str:
    return "#E6EAF0" if is_dark() else "#1F2733"


def _short(name: str) -> str:
    return name.removeprefix("from ")


def show_profile(genre: str, averages: Mapping[str, Any]) -> None:
    """Draw the share of the evidence in every row of the network's map."""
    profiles = {name: np.asarray(own["profile"]) for name, own in averages["genres"].items()}
    others = np.mean([one for name, one in profiles.items() if name != genre], axis=0)
    rows_hz = averages["rows_hz"]
    figure = go.Figure()
    for name, shares, ink in (
        ("Average of the other nine", others, QUIET),
        (sentence(genre_name(genre)), profiles[genre], ACCENT),
    ):
        figure.add_scatter(
            x=list(range(len(rows_hz))),
            y=shares,
            customdata=rows_hz,
            mode="lines",
            line={"color": ink, "width": 2.5, "shape": "hvh"},
            name=name,
            hovertemplate=f"%{{customdata:.0f}}{NBSP}Hz: %{{y:.1%}}<extra></extra>",
        )
    figure.update_xaxes(
        tickvals=np.interp(_TICKS_HZ, rows_hz, range(len(rows_hz))).tolist(),
        ticktext=_tick_names(),
        showgrid=False,
    )
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    show_figure(figure, 260, f"Share of the evidence for {genre_name(genre)} along frequency")


def _tick_names() -> list[str]:
    return [f"{hz / 1000:g} kHz" if hz >= 1000 else f"{hz} Hz" for hz in _TICKS_HZ]


@st.fragment
def show_rhythm(genre: str, averages: Mapping[str, Any]) -> None:
    """Draw how strongly relevant sound moves, at which rates and which frequencies."""
    power = {name: np.sqrt(own["rhythm"]) for name, own in averages["genres"].items()}
    shown = power[genre]
    place = st.container()
    caption = "The stronger the colour, the more the sound rises and falls there, that many times "
    caption += "a second. Only places that speak for the genre count."
    looks: dict[str, Any] = {"colorscale": _MOVEMENT[is_dark()], "zmin": 0}
    if st.toggle(
        "Compare with the other nine genres", key="rhythm_compared", persist_state="session"
    ):
        shown = shown - np.mean([one for name, one in power.items() if name != genre], axis=0)
        most = float(np.abs(shown).max())
        looks = {"colorscale": _DIFFERENCE[is_dark()], "zmin": -most, "zmax": most}
        caption = "Orange: there the sound rises and falls more, that many times a second, than in "
        caption += "the other nine genres. Teal: less."
    figure = _rhythm(shown, averages["rows_hz"], averages["rates_hz"], looks)
    with place:
        show_figure(
            figure,
            _HEIGHT,
            f"Rhythm of the evidence for {genre_name(genre)}: rates of change against frequency",
        )
    st.caption(f"{caption} Twice a second is a beat at 120 a minute.")


def _rhythm(
    shown: np.ndarray, rows_hz: Sequence[float], rates_hz: Sequence[float], looks: dict[str, Any]
) -> go.Figure:
    rows = list(range(len(rows_hz)))
    figure = go.Figure(
        go.Heatmap(
            z=shown,
            x=rates_hz,
            y=rows,
            showscale=False,
            customdata=np.broadcast_to(np.asarray(rows_hz)[:, np.newaxis], shown.shape),
            hovertemplate=f"%{{customdata:.0f}}{NBSP}Hz, %{{x:.1f}} a second<extra></extra>",
            **looks,
        )
    )
    figure.update_yaxes(
        tickvals=np.interp(_TICKS_HZ, rows_hz, rows).tolist(),
        ticktext=_tick_names(),
        showgrid=False,
    )
    figure.update_xaxes(tickvals=list(_RATE_TICKS), title="times a second", showgrid=False)
    return figure


def show_statistics(own: Mapping[str, Any], averages: Mapping[str, Any]) -> None:
    """Show every figure with its intervals as a table."""
    edges, rates = averages["range_edges_hz"], averages["rate_edges_hz"]
    ranges = [
        (f"Share {range_name(low, high, edges[-1])}", figure, percent)
        for low, high, figure in zip(edges[:-1], edges[1:], own["ranges"], strict=True)
    ]
    tempi = [
        (f"Share of movement at {low:g} to {high:g} changes a second", figure, percent)
        for low, high, figure in zip(rates[:-1], rates[1:], own["rates"], strict=True)
    ]
    single = [
        ("How gathered it is (Gini index)", own["gini"], _two_decimals),
        ("Share on drum-like sound", own["percussive"], percent),
        ("Coming and going over time", own["coming_and_going"], percent),
        ("Steadiness of the beat", own["pulse"], _two_decimals),
    ]
    table = [
        {
            "What": name,
            "This genre": write(figure["value"]),
            f"95{NBSP}%": f"{write(figure['low'])} to {write(figure['high'])}",
            "Others": write(figure["others"]),
            "Differs": ("lower", "", "higher")[side_of(figure) + 1],
        }
        for name, figure, write in [*ranges, *tempi, *single]
    ]
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        height="content",
        alt="All figures of this genre's evidence, with intervals",
    )


def _two_decimals(value: float) -> str:
    return f"{value:.2f}"
