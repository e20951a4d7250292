"""Accuracy against the length of the excerpt, and robustness to alterations."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.charts.figures import QUIET, colour, error_bars, exactly, points, show_both, show_figure
from pages.session.results import Result
from pages.words.phrases import NBSP, genre_name, listed


def show_length() -> None:
    """Show the accuracy against the length heard, under both protocols."""
    st.markdown(
        "The same tracks, of which only a part is heard: the middle alone, or all parts of that "
        "length one after the other, whose percentages are averaged."
    )
    show_both("length", _show_length)


def _show_length(found: Result) -> None:
    lengths = found.content["lengths"]
    figure = go.Figure()
    # Side by side, so that the bars do not lie over each other.
    series = (
        ("centre", "The middle alone", -0.06, QUIET, "diamond-open"),
        ("all", "All parts averaged", 0.06, colour(found.protocol), "circle"),
    )
    for key, name, shift, ink, symbol in series:
        shares = [entry[key]["share"] for entry in lengths]
        figure.add_scatter(
            x=[index + shift for index in range(len(lengths))],
            y=shares,
            error_y=error_bars(shares, [entry[key]["interval"] for entry in lengths]),
            mode="lines+markers",
            marker={"size": 9, "symbol": symbol},
            line={"color": ink, "width": 2},
            name=name,
            hovertemplate="%{y:.1%}<extra></extra>",
        )
    figure.update_xaxes(
        tickvals=list(range(len(lengths))),
        ticktext=[f"{entry['seconds']:g}{NBSP}s" for entry in lengths],
        range=[-0.4, len(lengths) - 0.6],
        showgrid=False,
        title="heard",
    )
    figure.update_yaxes(tickformat=".0%", range=[0, 1], title="right")
    show_figure(figure, 340, "Accuracy against the length heard, with 95 % intervals")
    whole = found.content.get("tracks_in_split", found.content["n"])
    if found.content["n"] < whole:
        st.markdown(
            f"{found.content['n']} of the {whole} test tracks have their full sound, which the "
            "app hears as it hears yours."
        )


def show_robustness() -> None:
    """Show how alterations of recordings change the verdicts, under both protocols."""
    st.markdown(
        "Real recordings of test tracks, changed as recordings are on their way to you, and heard "
        "by the app. The dashed line marks how often it is right on the recordings as they are."
    )
    show_both("robustness", _show_robustness)


def _show_robustness(found: Result) -> None:
    content = found.content
    conditions = content["conditions"]
    names = [condition["name"] for condition in conditions]
    shares = [condition["accuracy"]["share"] for condition in conditions]
    altered = [condition for condition in conditions if "unchanged" in condition]
    figure = go.Figure()
    figure.add_scatter(
        x=shares,
        y=names,
        error_x=error_bars(shares, [condition["accuracy"]["interval"] for condition in conditions]),
        mode="markers",
        marker={"size": 10, "color": colour(found.protocol)},
        name="Right",
        hovertemplate="%{y}: %{x:.1%} right<extra></extra>",
    )
    figure.add_scatter(
        x=[condition["unchanged"]["share"] for condition in altered],
        y=[condition["name"] for condition in altered],
        mode="markers",
        marker={"size": 9, "color": QUIET, "symbol": "diamond-open"},
        name="Same verdict as before",
        hovertemplate="%{y}: %{x:.1%} unchanged<extra></extra>",
    )
    figure.add_vline(shares[0], line={"dash": "dash", "color": QUIET, "width": 1.5})
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_yaxes(autorange="reversed")
    show_figure(figure, 380, "Accuracy under each alteration, with 95 % intervals")
    counts = sorted(content["genres"].items(), key=lambda pair: -pair[1])
    (first, most), (second, next_most), *_ = counts
    st.markdown(
        f"{content['n']} of the {content['tracks_in_split']} test tracks have their full audio, "
        f"{most} of them {genre_name(first)} and {next_most} {genre_name(second)}: compare the "
        "rows with each other, not with the other figures of this page."
        + _absent(content["genres"])
    )
    with st.expander("As a table, with what was done"):
        st.dataframe(
            pd.DataFrame([_row(condition) for condition in conditions]),
            hide_index=True,
            height="content",
            alt="Accuracy, verdicts unchanged and change of probability for each alteration",
        )
        st.markdown("\n".join(f"- **{c['name']}**: {c['what']}" for c in conditions))


def _absent(genres: dict[str, int]) -> str:
    absent = [genre_name(genre) for genre, count in genres.items() if not count]
    return f" There is none of {listed(absent, 'or')}." if absent else ""


def _row(condition: dict[str, Any]) -> dict[str, str | None]:
    unchanged = condition.get("unchanged")
    low, high = condition["accuracy"]["interval"]
    return {
        "Recording": condition["name"],
        "Right": exactly(condition["accuracy"]["share"]),
        f"95{NBSP}%": f"{100 * low:.0f} to {100 * high:.0f}{NBSP}%",
        "Same verdict": unchanged and exactly(unchanged["share"]),
        "Change of its percentage, points": unchanged and points(condition["mean_change"]),
    }
