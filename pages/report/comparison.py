"""The comparison of networks on the same tracks."""

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.charts.figures import (
    between,
    colour,
    error_bars,
    exactly,
    points,
    show_figure,
    show_missing,
    show_source,
)
from pages.session.results import PROTOCOLS, Result, result
from pages.words.phrases import genre_name, listed

_ROW: Final = 54  # px
_OFFSET: Final = 0.17  # rows between the marks of the two protocols

Rows = dict[str, dict[str, Any]]


def show_comparison() -> None:
    """Show all networks that were trained, under both protocols."""
    found = {protocol: result("comparison", protocol) for protocol in PROTOCOLS}
    for protocol, one in found.items():
        if one is None:
            show_missing("comparison", protocol)
    measured = [one for one in found.values() if one is not None]
    if not measured:
        return
    rows = {one.protocol: {row["key"]: row for row in one.content["rows"]} for one in measured}
    known: Rows = {}
    for of_protocol in rows.values():
        known |= {key: row for key, row in of_protocol.items() if key not in known}
    show_figure(
        _chart(rows, known),
        _ROW * len(known) + 90,
        "Accuracy of every network with its 95 % interval, under both protocols",
    )
    st.caption(
        "Large marks: mean over the runs, with the 95\u00a0% interval for other tracks of the same "
        "kind. Small marks: each run, from a seed of its own."
    )
    _show_table(rows, known)
    for one in measured:
        show_source(one)
    _show_notes(measured, known)


def _chart(rows: dict[str, Rows], known: Rows) -> go.Figure:
    place = {key: index for index, key in enumerate(known)}
    figure = go.Figure()
    for number, (protocol, of_protocol) in enumerate(rows.items()):
        shift = (number - (len(rows) - 1) / 2) * 2 * _OFFSET
        means = [row["mean"] for row in of_protocol.values()]
        heights = [place[key] + shift for key in of_protocol]
        figure.add_scatter(
            x=means,
            y=heights,
            error_x=error_bars(means, [row["interval"] for row in of_protocol.values()]),
            mode="markers",
            marker={"size": 11, "color": colour(protocol)},
            name=PROTOCOLS[protocol],
            text=[row["name"] for row in of_protocol.values()],
            hovertemplate="%{text}: %{x:.1%}<extra></extra>",
        )
        runs = [
            (accuracy, place[key] + shift)
            for key, row in of_protocol.items()
            for accuracy in (row["accuracies"] if row["spread"] is not None else ())
        ]
        figure.add_scatter(
            x=[accuracy for accuracy, _ in runs],
            y=[height + _OFFSET / 2 for _, height in runs],
            mode="markers",
            marker={"size": 5, "color": colour(protocol), "opacity": 0.6},
            showlegend=False,
            hovertemplate="one run: %{x:.1%}<extra></extra>",
        )
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_yaxes(
        tickvals=list(place.values()),
        ticktext=[_broken(row["name"]) for row in known.values()],
        range=[len(place) - 0.5, -0.5],
        showgrid=False,
    )
    return figure


def _broken(name: str) -> str:
    """Break a long name into two lines."""
    words = name.split()
    if len(name) < 18:
        return name
    half = min(range(1, len(words)), key=lambda k: abs(2 * len(" ".join(words[:k])) - len(name)))
    return " ".join(words[:half]) + "<br>" + " ".join(words[half:])


def _show_table(rows: dict[str, Rows], known: Rows) -> None:
    table: dict[str, list[Any]] = {"Network": [row["name"] for row in known.values()]}
    for protocol, of_protocol in rows.items():
        found = [of_protocol.get(key) for key in known]
        title = PROTOCOLS[protocol]
        table[title] = [_accuracy(row) for row in found]
        table[f"{title}, 95\u00a0%"] = [_interval(row) for row in found]
    for protocol, of_protocol in rows.items():
        title = f"{PROTOCOLS[protocol]}, against the flagship"
        table[title] = [_difference(of_protocol.get(key)) for key in known]
    table["Parameters"] = [row["parameters"] for row in known.values()]
    table["Starting weights"] = [row["start"] for row in known.values()]
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        height="content",
        column_config={
            "Network": st.column_config.TextColumn(pinned=True),
            "Parameters": st.column_config.NumberColumn(format="localized"),
        },
        alt="The comparison as a table",
    )
    st.caption(
        "Mean and standard deviation over the runs. The difference from the flagship is taken "
        "track by track, in percentage points, with its 95\u00a0% interval: if that holds 0, the "
        "tracks do not tell the two apart."
    )


def _accuracy(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    spread = "" if row["spread"] is None else f" ± {100 * row['spread']:.1f}"
    return f"{100 * row['mean']:.1f}{spread}\u00a0%"


def _interval(row: dict[str, Any] | None) -> str:
    return "" if row is None else between(row["interval"])


def _difference(row: dict[str, Any] | None) -> str:
    if row is None or "against_flagship" not in row:
        return ""
    low, high = row["against_flagship"]["interval"]
    return f"{points(row['against_flagship']['mean'])} ({points(low)} to {points(high)})"


def _show_notes(measured: list[Result], known: Rows) -> None:
    with st.expander("What they are, each run, and how to train them"):
        for key, row in known.items():
            st.markdown(f"**{row['name']}**: {row['what']}.{_particulars(row)}")
            for one in measured:
                of_protocol = {other["key"]: other for other in one.content["rows"]}
                if key not in of_protocol:
                    continue
                other = of_protocol[key]
                each = ", ".join(exactly(accuracy) for accuracy in other["accuracies"])
                shipped = other.get("shipped_seed")
                st.markdown(
                    f"- {PROTOCOLS[one.protocol]}: {each}"
                    + (f"; the app ships seed {shipped}" if shipped is not None else "")
                )
                if "command" in other:
                    st.code(other["command"], language="bash", wrap_lines=True)


def _particulars(row: dict[str, Any]) -> str:
    if "merged" in row:
        return (
            " Merged: "
            + "; ".join(
                f"{listed([genre_name(genre) for genre in group['members']])} ({group['why']})"
                for group in row["merged"]
            )
            + "."
        )
    if "credits" in row:
        credits_ = row["credits"]
        return (
            f" Its weights: [{credits_['name']}]({credits_['source']}), {credits_['authors']}; "
            f"{credits_['licence']} licence. They are not part of this app."
        )
    return ""
