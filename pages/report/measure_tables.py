"""Every method by every measure, in tables."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from pages.charts.figures import LINE
from pages.report.methods import label_of, labels
from pages.words.phrases import NBSP, sentence

Content = dict[str, Any]
Row = dict[str, Any]

# Measures of the sound that is kept, and of the map itself.
OF_THE_SOUND: Final = ("AI", "AD", "AG", "FF", "kept-area", "Fid-In")
OF_THE_MAP: Final = (
    "deletion-mean",
    "insertion-mean",
    "deletion-silence",
    "insertion-silence",
    "SPS",
    "COMP",
)
MAP: Final = "map"
_ARROWS: Final = {"higher": " ↑", "lower": " ↓", "": ""}
_GROUPS: Final = {"audio": "real audio", "pictures": "pictures"}


def find(content: Content, **wanted: str) -> dict[str, Row]:
    """Select the rows with these values, by measure and method: ``{"AD cam": row}``."""
    return {
        f"{row['measure']} {row['method']}": row
        for row in content["rows"]
        if all(row[key] == value for key, value in wanted.items())
    }


def show_tables(content: Content) -> None:
    """Show what is kept by each rule, and the maps themselves, in tabs."""
    groups = [group for group in content["groups"] if group["n"]]
    settings = [setting for setting in content["settings"] if setting["name"] != MAP]
    shown = [(setting, group) for setting in reversed(settings) for group in groups]
    names = [f"{_short(setting['name'])}, {_GROUPS[group['name']]}" for setting, group in shown]
    tabs = st.tabs([*names, *(f"The map itself, {_GROUPS[group['name']]}" for group in groups)])
    for tab, (setting, group) in zip(tabs, shown, strict=False):
        with tab:
            _show_table(content, OF_THE_SOUND, setting=setting["name"], group=group["name"])
            st.caption(f"Kept: {setting['label']}. {sentence(group['what'])}.")
    for tab, group in zip(tabs[len(shown) :], groups, strict=True):
        with tab:
            _show_table(content, OF_THE_MAP, setting=MAP, group=group["name"])
    _show_legend(content)


def _short(setting: str) -> str:
    kind, share, *_ = setting.split("-")
    name = "Equal areas" if kind == "area" else "Threshold"
    return f"{name} ({100 * float(share):.0f}{NBSP}%)"


def _show_table(content: Content, measures: tuple[str, ...], **wanted: str) -> None:
    rows = find(content, **wanted)
    known = {measure["name"]: measure for measure in content["measures"]}
    methods = [
        method
        for method in labels(content)
        if any(f"{measure} {method}" in rows for measure in measures)
    ]
    columns: dict[str, list[str]] = {"Method": [label_of(content, method) for method in methods]}
    best: dict[str, set[int]] = {}
    for name in measures:
        measure = known[name]
        found = [rows.get(f"{name} {method}") for method in methods]
        title = measure["label"] + _ARROWS[measure["better"]]
        columns[title] = [_figure(row, measure["unit"]) for row in found]
        best[title] = _best([row["value"] if row else None for row in found], measure["better"])
    alike = [rows.get(f"Fid-In {method}", {}).get("over_genres") for method in methods]
    if any(share is not None for share in alike):
        columns["The same, mean over genres"] = [
            "" if share is None else f"{share:.2f}" for share in alike
        ]
    columns["Tracks"] = [
        _tracks([rows[key] for m in measures if (key := f"{m} {method}") in rows])
        for method in methods
    ]
    table = pd.DataFrame(columns)
    marked = table.style.apply(
        lambda column: [
            "font-weight: bold" if index in best.get(column.name, ()) else ""
            for index in range(len(column))
        ]
    )
    st.dataframe(
        marked,
        hide_index=True,
        height="content",
        column_config={"Method": st.column_config.TextColumn(pinned=True, width=165)},
        alt="Every method's measures",
    )


def _figure(row: Row | None, unit: str) -> str:
    if row is None:
        return ""
    digits = 1 if unit == "%" else 2
    # Adding 0 takes the sign from a zero.
    figures = (round(row[key], digits) + 0.0 for key in ("value", "low", "high"))
    value, low, high = (f"{figure:.{digits}f}" for figure in figures)
    return f"{value} ({low} to {high})".replace("-", "\u2212")


def _best(values: list[float | None], better: str) -> set[int]:
    known = [value for value in values if value is not None]
    if not better or not known:
        return set()
    leading = max(known) if better == "higher" else min(known)
    return {index for index, value in enumerate(values) if value == leading}


def _tracks(rows: list[Row]) -> str:
    counts = sorted({row["n"] for row in rows}, reverse=True)
    return " / ".join(str(count) for count in counts)


def _fewer(content: Content) -> str:
    """Say which figures are of fewer tracks than the others, if there are such."""
    most = {group["name"]: group["n"] for group in content["groups"]}
    if all(row["n"] == most[row["group"]] for row in content["rows"]):
        return ""
    return " Costly methods, deletion and insertion are measured on fewer tracks."


def _show_legend(content: Content) -> None:
    st.caption(
        f"Mean over the tracks with its 95{NBSP}% interval (bootstrap over tracks), the middle "
        f"{content['seconds']:g}{NBSP}s of each; of shares, the exact interval. An arrow points to "
        f"the better end; the best is bold.{_fewer(content)}"
    )
    with st.expander("What each measure is, and what each method costs"):
        lines = [
            f"- **{measure['label']}** ({measure['name']}): "
            f"{measure['what'][:1].lower()}{measure['what'][1:]}"
            + (f", in {measure['unit']}" if measure["unit"] else "")
            for measure in content["measures"]
        ]
        st.markdown("\n".join(lines), width=LINE)
        lines = [
            f"- **{method['label']}**: {method['cost']}; {method['seconds']:.2f}{NBSP}s a track"
            for method in content["methods"]
            if "cost" in method
        ]
        st.markdown("\n".join(lines), width=LINE)
