"""Calibration: whether the probabilities mean what they say."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from pages.charts.figures import (
    QUIET,
    colour,
    error_bars,
    exactly,
    show_both,
    show_figure,
    show_missing,
    show_source,
)
from pages.session.results import Result, result


def show_calibration() -> None:
    """Show reliability diagrams under both protocols."""
    st.markdown(
        "When the network says 80\u00a0%, is it right in 80\u00a0% of cases? Each mark gathers "
        "the tracks of which it was about equally sure. On the dashed line it is right as often "
        "as it says; below it is too sure of itself, above it too modest. The bars count the "
        "tracks."
    )
    show_both("calibration", _show)
    today = result("calibration_today")
    if today is None:
        show_missing("calibration_today")
        return
    after = today.content["after"]
    st.markdown(
        f"On the {today.content['n']} songs of today its percentages are off by "
        f"**{exactly(after['ece'])}** on average; chance alone shows "
        f"{exactly(after['ece_by_chance'])}."
    )
    show_source(today)


def _show(found: Result) -> None:
    content = found.content
    before, after = content["before"], content["after"]
    figure = make_subplots(2, 1, shared_xaxes=True, row_heights=[0.78, 0.22], vertical_spacing=0.04)
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"dash": "dash", "color": QUIET, "width": 1.5},
        hoverinfo="skip",
        showlegend=False,
        row=1,
        col=1,
    )
    _add_curve(figure, before, "As the network puts it", QUIET, "diamond-open")
    _add_curve(figure, after, "As the app shows it", colour(found.protocol), "circle")
    figure.update_yaxes(
        title="how often it is right", tickformat=".0%", range=[0, 1.02], row=1, col=1
    )
    figure.update_yaxes(title="tracks", showgrid=False, nticks=3, row=2, col=1)
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_xaxes(title="how sure it is", row=2, col=1)
    figure.update_layout(barmode="group", bargap=0.15)
    show_figure(figure, 400, "Reliability diagram: accuracy against confidence")
    st.markdown(
        f"On average it is off by **{exactly(before['ece'])}**, and by **{exactly(after['ece'])}** "
        f"as the app shows it. With {content['n']} tracks, chance alone shows "
        f"{exactly(after['ece_by_chance'])} where nothing is wrong.",
        help="The expected calibration error before and after dividing the scores by the "
        f"temperature {content['temperature']:.2f}, which was fitted on the validation tracks.",
    )


def _add_curve(
    figure: go.Figure, figures: dict[str, Any], name: str, ink: str, symbol: str
) -> None:
    bins = [bin_ for bin_ in figures["bins"] if bin_["n"]]
    shares = [bin_["accuracy"] for bin_ in bins]
    figure.add_scatter(
        x=[bin_["confidence"] for bin_ in bins],
        y=shares,
        error_y=error_bars(shares, [bin_["interval"] for bin_ in bins], thickness=1, width=3),
        mode="markers",
        marker={"size": 9, "color": ink, "symbol": symbol},
        name=name,
        legendgroup=name,
        customdata=[bin_["n"] for bin_ in bins],
        hovertemplate="%{customdata} tracks at %{x:.0%}: %{y:.0%} right<extra></extra>",
        row=1,
        col=1,
    )
    figure.add_bar(
        x=[(bin_["low"] + bin_["high"]) / 2 for bin_ in figures["bins"]],
        y=[bin_["n"] for bin_ in figures["bins"]],
        marker_color=ink,
        name=name,
        legendgroup=name,
        showlegend=False,
        hovertemplate="%{y} tracks<extra></extra>",
        row=2,
        col=1,
    )
