"""How long it takes: beside the usual ways, against the length of a song, and in the browser."""

import json
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages.charts.figures import LINE, colour, show_figure, show_source
from pages.session import results
from pages.session.results import Result
from pages.words.phrases import NBSP, listed

# Shorter songs are heard in one go, which takes what it takes.
_LONG = 60  # s


def show_speed() -> None:
    """Show every measurement of speed that is there, and how to make those that are not."""
    for name, command, show in (
        ("peers", "make bench-peers", _show_peers),
        ("browser", "make bench-browser", _show_browser),
    ):
        found = _measured(name)
        if found is None:
            st.info("This has not been measured yet. This command measures it:")
            st.code(command, language="bash")
        else:
            show(found.content)
            show_source(found)


def _measured(name: str) -> Result | None:
    file = results.FOLDER / f"{name}.json"
    if not file.is_file():
        return None
    return Result("random", json.loads(file.read_text(encoding="utf-8")))


def _show_peers(content: dict[str, Any]) -> None:
    """Compare with what others do, and draw the cost against the length."""
    lines = ["|  | Earmark | The usual way | That is | The usual way is |", "|---|---|---|---|---|"]
    for row in content["comparisons"]:
        if "missing" in row:
            lines.append(f"| {row['what']} |  | not installed here |  | {row['way']} |")
            continue
        ours, peer = (_seconds(row[side]["processor"]) for side in ("ours", "peer"))
        lines.append(
            f"| {row['what']} | {ours} | {peer} | {row['times']:.1f} times | {row['way']} |"
        )
    if content["comparisons"]:
        st.markdown("Processor time for one clip of 30 s, measured in turn in one run.", width=LINE)
        st.markdown("\n".join(lines))
    if content["lengths"]:
        _show_lengths(content["lengths"])


def _show_lengths(lengths: list[dict[str, float]]) -> None:
    """Draw the cost of a song against its length, and say what a minute of it costs."""
    figure = go.Figure()
    figure.add_scatter(
        x=[entry["seconds"] for entry in lengths],
        y=[entry["processor"] for entry in lengths],
        mode="lines+markers",
        marker={"size": 9},
        line={"color": colour("random"), "width": 2},
        hovertemplate="%{x} s of music: %{y:.2f} s<extra></extra>",
    )
    ticks = [int(entry["seconds"]) for entry in lengths]
    words = [_length(t) for t in ticks]
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=words, title="length of the song")
    figure.update_yaxes(type="log", title="processor time, s")
    st.markdown("What a whole song costs, read and judged in all its parts:", width=LINE)
    show_figure(figure, 320, "Processor time against the length of a song, both on log scales")
    minutes = [
        f"{_seconds(60 * entry['processor'] / entry['seconds'])} in a song of "
        f"{_length(int(entry['seconds']))}"
        for entry in lengths
        if entry["seconds"] >= _LONG
    ]
    if minutes:
        st.markdown(
            f"A minute of music costs {listed(minutes)}: where these agree, a song costs as much "
            "more as it is longer.",
            width=LINE,
        )


def _length(seconds: int) -> str:
    return f"{seconds}{NBSP}s" if seconds < 60 else f"{seconds // 60}{NBSP}min"


def _show_browser(content: dict[str, Any]) -> None:
    """List what a visitor waits for."""
    lines = ["| In the browser | Median | Times an empty page |", "|---|---|---|"]
    lines += [
        f"| {step['what']} | {_seconds(step['seconds'])} | {step['times_bare']:.1f} |"
        for step in content["steps"]
    ]
    st.markdown(
        "What a new visitor waits for, beside a page of the same server with nothing on it but a "
        "place for files. What else the machine did in the meantime slows both.",
        width=LINE,
    )
    st.markdown("\n".join(lines))


def _seconds(seconds: float) -> str:
    if seconds < 1:
        return f"{1000 * seconds:.0f}{NBSP}ms"
    return f"{seconds:.1f}{NBSP}s"
