"""Whether maps depend on what the network learned, and on the class."""

from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from pages.charts.figures import LINE, QUIET, show_figure, show_missing, show_source
from pages.report.methods import dashes, in_text, ink, label_of, labels
from pages.session.results import result
from pages.words.phrases import NBSP, listed

Content = dict[str, Any]
Row = dict[str, Any]

_CRM: Final = "crm"
# Maps of where a class is ahead of others: no place can be in those of two.
_APART: Final = ("fine", "lead")
# Two maps alike to this digit are one.
_THE_SAME: Final = 0.9995
# A map of which more is left, for certain, follows the sound.
_MUCH: Final = 0.5
_BEFORE: Final = "as learned"


def show_sanity() -> None:
    """Show how maps change with random weights, and how alike the maps of two classes are."""
    st.subheader("Does it show what was learned?", anchor=False)
    st.markdown(
        "A picture that stays the same when the network forgets what it learned shows the sound, "
        "not the network. Here the network forgets, step by step, beginning with what it learned "
        "last; the curves tell how much of the picture is left (1: all of it, 0: nothing).",
        width=LINE,
        help="Weights are replaced by random ones, from the last layer down. Likeness is "
        "Spearman's rank correlation of the cells: 1 is the same order, 0 none.",
    )
    found = result("sanity")
    if found is None:
        show_missing("sanity")
        return
    content, filters = found.content, result("filter_sanity")
    _show_cascade(with_filters(content, filters.content) if filters else content)
    st.markdown(_forgetting(content), width=LINE)
    if filters:
        show_filters_forgetting(filters.content)
        show_source(filters)
    st.markdown("**Pictures of two genres**")
    _show_classes(content)
    st.markdown(_classes(content), width=LINE)
    show_source(found)


def with_filters(content: Content, filters: Content) -> Content:
    """Add the lines of single filters, measured by themselves, where the steps are the same."""
    if filters["layers"] != content["layers"]:
        return content
    return content | {
        "methods": [*content["methods"], *filters["methods"]],
        "rows": [*content["rows"], *filters["rows"]],
    }


def show_filters_forgetting(content: Content) -> None:
    """Show what is left of single filters without what was learned, the intervals in the help."""
    words, exact = filters_forgetting(content)
    st.markdown(words, width=LINE, help=exact)


def filters_forgetting(content: Content) -> tuple[str, str]:
    """Say what is left of single filters without what was learned, and the intervals."""
    forgotten = {
        row["method"]: row
        for row in _rows(content, "weights")
        if row["step"] == content["layers"][-1]
    }
    others = _by_method(content, "filters")
    names = {name: label.rpartition(" ")[2] for name, label in labels(content).items()}
    left = listed([f"{_likeness(forgotten[name])} ({layer})" for name, layer in names.items()])
    unlike = listed([_likeness(others[name]) for name in names])
    copies = [layer for name, layer in names.items() if forgotten[name]["low"] > _MUCH]
    meaning = (
        f"Much is left of {listed(copies)}: what you hear of its filters on *Filters* is mostly "
        "the song, whatever they learned."
        if copies
        else "Little is left: what you hear of a filter on *Filters* comes from what it learned."
    )
    words = (
        "Single filters of the early layers, taken back to the sound that they answered to, were "
        f"asked the same. With all forgotten, the likeness is {left}; between two filters of one "
        f"layer, as learned, it is {unlike}. {meaning}"
    )
    exact = f"One filter a track, {content['n']} tracks. 95{NBSP}% intervals: " + "; ".join(
        f"{layer} {_likeness(forgotten[name], 'low')} to {_likeness(forgotten[name], 'high')}, two "
        f"filters {_likeness(others[name], 'low')} to {_likeness(others[name], 'high')}"
        for name, layer in names.items()
    )
    return words, f"{exact}."


def _likeness(row: Row, end: str = "value") -> str:
    # What rounds to 0 has no sign.
    return f"{round(row[end], 2) + 0.0:.2f}".replace("-", "\u2212")


def _rows(content: Content, check: str) -> list[Row]:
    return [
        row for row in content["rows"] if row["check"] == check and row["measure"] == "spearman"
    ]


def _by_method(content: Content, check: str) -> dict[str, Row]:
    return {row["method"]: row for row in _rows(content, check)}


def _show_cascade(content: Content) -> None:
    steps = content["layers"]
    rows = {(row["method"], row["step"]): row["value"] for row in _rows(content, "weights")}
    figure = go.Figure()
    for method in content["methods"]:
        name = method["name"]
        figure.add_scatter(
            x=[_BEFORE, *steps],
            y=[1.0, *(rows[name, step] for step in steps)],
            mode="lines+markers",
            line={"color": ink(name), "dash": dashes(name), "width": 2},
            marker={"size": 5},
            name=method["label"],
            hovertemplate="%{y:.2f} after %{x}",
        )
    figure.add_hline(0, line={"color": QUIET, "dash": "dash", "width": 1.5})
    figure.update_xaxes(title="forgotten down to", tickangle=-60)
    figure.update_yaxes(title="likeness of the pictures", range=[-0.6, 1.05])
    show_figure(figure, 420, "Likeness of the maps while the network forgets, layer by layer")


def _forgetting(content: Content) -> str:
    rows = {(row["method"], row["step"]): row for row in _rows(content, "weights")}
    last = content["layers"][-1]
    kept = [
        method["label"]
        for method in content["methods"]
        if rows[method["name"], last]["low"] > _MUCH
    ]
    own = content["methods"][0]
    row = rows[own["name"], last]
    text = (
        f"With all forgotten, the likeness of the {own['label']} to what it was "
        f"is {row['value']:.2f} (95{NBSP}% interval {row['low']:.2f} to {row['high']:.2f}, "
        f"{content['n']} tracks). "
    )
    if kept:
        text += f"What stays alike is {listed(kept)}: it follows the sound, not what was learned. "
    labels = _by_method(content, "labels").get(own["name"])
    if labels:
        text += (
            "A network of the same kind that learned shuffled labels, and so nothing about "
            f"genres, gives a {own['label']} of likeness {labels['value']:.2f} "
            f"({labels['low']:.2f} to {labels['high']:.2f}). Its last layers learned so from a "
            "quarter of the tracks, on the same starting weights."
        )
    return text.replace("-", "\u2212")


def _show_classes(content: Content) -> None:
    rows = _by_method(content, "classes")
    names = list(rows)
    figure = go.Figure()
    figure.add_bar(
        x=[rows[name]["value"] for name in names],
        y=[label_of(content, name) for name in names],
        error_x={
            "array": [rows[name]["high"] - rows[name]["value"] for name in names],
            "arrayminus": [rows[name]["value"] - rows[name]["low"] for name in names],
            "symmetric": False,
            "thickness": 1.5,
            "color": QUIET,
        },
        orientation="h",
        marker_color=[ink(name) for name in names],
        showlegend=False,
        hovertemplate="%{y}: %{x:.2f}<extra></extra>",
    )
    figure.update_xaxes(title="likeness of the pictures", range=[-1.05, 1.05])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    show_figure(figure, 90 + 32 * len(names), "Likeness of the maps of two classes")


def _classes(content: Content) -> str:
    rows = _by_method(content, "classes")
    one_map = [name for name, row in rows.items() if row["value"] >= _THE_SAME]
    text = (
        "The pictures of the most probable genre and of the next should differ: otherwise they "
        "explain no verdict. "
    )
    if _CRM in one_map:
        text += (
            f"{label_of(content, _CRM)} is 1.00 by its definition: it adds up what all ten genres "
            "lose without a place, so there is one picture, whichever genre is asked for. Each "
            "genre's own part of that sum is offered beside it. "
        )
    apart = [in_text(content, name) for name in _APART if name in rows]
    if apart:
        verb = "is" if len(apart) == 1 else "are"
        text += (
            f"{listed(apart)} {verb} apart by construction: where one genre is ahead, the other is "
            "not. That does not speak for them. "
        )
    others = [in_text(content, name) for name in one_map if name != _CRM]
    if others:
        text += f"By nature the same for every class, too: {listed(others)}."
    return text
