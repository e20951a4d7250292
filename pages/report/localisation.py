"""Whether a class's map lies where that class's sound is."""

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from model.explain.methods import DEFAULT_METHOD
from pages.charts.figures import (
    LINE,
    QUIET,
    error_bars,
    exactly,
    show_figure,
    show_missing,
    show_source,
)
from pages.report.methods import in_text, ink, label_of, labels
from pages.session.results import result
from pages.words.phrases import NBSP, genre_name, listed, sentence

Content = dict[str, Any]
Row = dict[str, Any]

_TITLES: Final = {
    "splice": "One behind the other",
    "bands": "Two bands",
    "instruments": "Two sounds",
}
_MEASURES: Final = {
    "mass": "Share of the marks",
    "mask-mass": "Share of what is kept",
    "pointing": "Highest point inside",
}
# Of the mass, in the right half of a spliced clip: what we aim for.
_AIM: Final = 0.9


def show_localisation() -> None:
    """Show where the maps of mixtures lie."""
    st.subheader("Does it lie in the right place?", anchor=False)
    st.markdown(
        "Where the evidence has to be is known when we put it there: sounds of two genres one "
        "behind the other, one below and one above a frequency, or two at once of which one "
        "decides. How much of what a picture marks lies in the right place? The dashed line is "
        "chance.",
        width=LINE,
    )
    found = result("localisation")
    if found is None:
        show_missing("localisation")
        return
    content = found.content
    kinds = [kind for kind in content["kinds"] if kind["mixtures"]]
    tabs = st.tabs([_TITLES[kind["name"]] for kind in kinds])
    for tab, kind in zip(tabs, kinds, strict=True):
        with tab:
            _show_kind(content, kind["name"])
            st.caption(f"{sentence(kind['what'])}. {kind['mixtures']} mixtures.")
    st.markdown(_reading(content), width=LINE)
    st.caption(
        f"Mixed are clips that the network names right by themselves, {content['recognised']} of "
        f"{content['clips']}. Some are in several mixtures, so the intervals, which take each "
        "mixture for itself, are somewhat too narrow."
    )
    with st.expander("As a table, and whether the strongest mark is in the right place"):
        _show_table(content, [kind["name"] for kind in kinds])
        st.markdown("\n".join(f"- {_made_of(kind)}" for kind in kinds))
        st.markdown(f"Two sounds: {content['instruments']}.")
    show_source(found)


def _rows(content: Content, kind: str, measure: str) -> dict[str, Row]:
    return {
        row["method"]: row
        for row in content["rows"]
        if (row["kind"], row["measure"]) == (kind, measure)
    }


def _show_kind(content: Content, kind: str) -> None:
    rows = _rows(content, kind, "mass")
    values = [row["value"] for row in rows.values()]
    figure = go.Figure()
    figure.add_scatter(
        x=values,
        y=[label_of(content, name) for name in rows],
        error_x=error_bars(
            values, [[row["low"], row["high"]] for row in rows.values()], color=QUIET
        ),
        mode="markers",
        marker={"size": 10, "color": [ink(name) for name in rows]},
        showlegend=False,
        hovertemplate="%{y}: %{x:.1%}<extra></extra>",
    )
    figure.add_vline(
        content["chance"][kind]["value"], line={"dash": "dash", "color": QUIET, "width": 1.5}
    )
    figure.update_xaxes(
        tickformat=".0%", range=[0, 1.02], title="share of the marks in the right place"
    )
    figure.update_yaxes(autorange="reversed")
    show_figure(figure, 70 + 30 * len(rows), f"Share of the map in the right place: {kind}")


def _reading(content: Content) -> str:
    rows = _rows(content, "splice", "mass")
    name, best = max(rows.items(), key=lambda pair: pair[1]["value"])
    chance = content["chance"]["splice"]["value"]
    reached = best["value"] >= _AIM
    text = (
        f"Of clips one behind the other, **{in_text(content, name)}** has "
        f"**{exactly(best['value'])}** of its marks in the right half (95{NBSP}% interval "
        f"{exactly(best['low'])} to {exactly(best['high'])}; chance {exactly(chance)}): our aim "
        f"of {exactly(_AIM)} is {'reached' if reached else 'not reached'}. "
    )
    if (usual := rows.get(DEFAULT_METHOD)) and name != DEFAULT_METHOD:
        text += (
            f"{in_text(content, DEFAULT_METHOD)}, which the app shows first, has "
            f"{exactly(usual['value'])} there. "
        )
    if apart := _rows(content, "splice", "mass-apart").get(name):
        text += (
            "A mark at the joint hears a little of both: away from the joint it is "
            f"{exactly(apart['value'])}. "
        )
    blind = [in_text(content, other) for other, row in rows.items() if row["low"] <= chance]
    if blind:
        text += f"No better than chance: {listed(blind)}. "
    return text + " ".join(_beyond_chance(content, kind) for kind in ("bands", "instruments"))


def _beyond_chance(content: Content, kind: str) -> str:
    if kind not in content["chance"]:
        return ""
    chance = content["chance"][kind]["value"]
    found = [
        in_text(content, name)
        for name, row in _rows(content, kind, "mass").items()
        if row["low"] > chance
    ]
    if not found:
        return f"{_TITLES[kind]}: no method is better than chance."
    return f"{_TITLES[kind]}: better than chance: {listed(found)}."


def _show_table(content: Content, kinds: list[str]) -> None:
    methods = list(labels(content))
    columns: dict[str, list[str]] = {"Method": [label_of(content, name) for name in methods]}
    for kind in kinds:
        for measure, title in _MEASURES.items():
            rows = _rows(content, kind, measure)
            columns[f"{_TITLES[kind]}: {title.lower()}"] = [
                _with_interval(rows.get(name)) for name in methods
            ]
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height="content",
        column_config={"Method": st.column_config.TextColumn(pinned=True)},
        alt="Localisation as a table",
    )


def _with_interval(row: Row | None) -> str:
    if row is None:
        return ""
    return (
        f"{exactly(row['value'])} ({100 * row['low']:.0f} to {100 * row['high']:.0f}), "
        f"n{NBSP}={NBSP}{row['n']}"
    )


def _made_of(kind: dict[str, Any]) -> str:
    counts = sorted(kind["classes"].items(), key=lambda pair: -pair[1])
    classes = listed([f"{genre_name(name)} {count}" for name, count in counts])
    return f"{_TITLES[kind['name']]}, times each class is looked for: {classes}"
