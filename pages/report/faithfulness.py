"""Is the explanation true? What the sound that a map keeps tells the network."""

from collections import Counter
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from pages.charts.figures import LINE, exactly, show_figure, show_missing, show_source
from pages.report.measure_tables import MAP, Content, Row, find, show_tables
from pages.report.methods import BLIND, CLUELESS, SIMPLE, dashes, in_text, ink, label_of, labels
from pages.session.results import result
from pages.words.phrases import listed, percent

# Curves that lie over that of the CAM, or say little more: the tables have them.
_LEFT_OUT: Final = ("crm", "crm-class", "grad-cam++")


def show_faithfulness() -> None:
    """Show every method's measures, and how the verdict follows the cells."""
    st.markdown(
        "A heatmap that looks good proves nothing. So we let the network judge: it hears the "
        "sound that a map keeps, and what is left without it. If the map is true, the verdict "
        "stays with the kept part and goes with the rest. A map that is drawn at random, as "
        "smooth as the real one, shows what any heatmap would reach.",
        width=LINE,
    )
    found = result("faithfulness")
    if found is None:
        show_missing("faithfulness")
        return
    content = found.content
    st.markdown(reading(content), width=LINE)
    localised = result("localisation")
    if words := caution(content, localised.content if localised else None):
        st.markdown(words, width=LINE)
    show_tables(content)
    _show_curves(content)
    show_source(found)


def _rows(content: Content) -> dict[str, Row]:
    """Select the rows of tracks with audio where all maps keep equally many cells."""
    rows = find(content, group="audio", setting=content["equal_areas"])
    return rows | find(content, group="audio", setting=MAP)


def _lines(content: Content) -> dict[str, dict[str, float]]:
    """Collect every measure's values by method, turned so that more is better."""
    rows = _rows(content)
    return {
        measure["label"]: {
            method: rows[key]["value"] * (1 if measure["better"] == "higher" else -1)
            for method in labels(content)
            if (key := f"{measure['name']} {method}") in rows
        }
        for measure in content["measures"]
        if measure["better"]
    }


def leaders(content: Content) -> list[tuple[str, int]]:
    """Count the lines that each method leads; most first."""
    best = [max(values, key=values.__getitem__) for values in _lines(content).values()]
    return Counter(best).most_common()


def reading(content: Content) -> str:
    """Say in words how the app's own method does against simple ones, by these figures."""
    own = content["default_method"]
    rows = _rows(content)
    won: list[str] = []
    lost: list[str] = []
    seeing = 0
    for label, values in _lines(content).items():
        seeing += _is_ahead(values, own, BLIND)
        (won if _is_ahead(values, own, SIMPLE) else lost).append(_in_text(label))
    (leader, led), *_ = leaders(content)
    text = (
        f"With equally many cells kept of every map, **{in_text(content, own)}**, which the app "
        f"shows first, is ahead of all simple ways at once "
        f"({listed([in_text(content, name) for name in SIMPLE])}) on {len(won)} of "
        f"{len(won) + len(lost)} lines"
    )
    text += f": {listed(won)}. " if won else ". "
    if lost:
        text += f"It is not on {listed(lost)}. "
    text += (
        f"It is ahead of the ways that know nothing of the class "
        f"({listed([in_text(content, name) for name in BLIND])}) on {seeing}. "
    )
    if leader != own:
        text += f"Most lines, {led}, are led by {in_text(content, leader)}. "
    return "\n\n".join((text, _against_chance(content, rows, own), _in_silence(content, own)))


def _is_ahead(values: dict[str, float], own: str, others: tuple[str, ...]) -> bool:
    """Tell whether a method is better than all of some others on one line.

    Its own values rearranged are just as sparse: what ties to the last digit is no rival.
    """
    rivals = [values[other] for other in others if other in values]
    return all(values[own] > rival for rival in rivals if rival != values[own])


def _in_text(label: str) -> str:
    """Write a measure's name within a list: "deletion (silence)"."""
    first, _, second = label.lower().partition(", ")
    return f"{first} ({second})" if second else first


def caution(content: Content, localisation: Content | None) -> str:
    """Say where the map that leads most lines lies, if it hardly lies in the right place.

    Turning single cells up and down can move a verdict without being what it came from.
    """
    if localisation is None:
        return ""
    rows = {
        row["method"]: row
        for row in localisation["rows"]
        if (row["kind"], row["measure"]) == ("splice", "mass")
    }
    own = content["default_method"]
    (leader, _), *_ = leaders(content)
    if leader not in rows or own not in rows or rows[leader]["high"] >= rows[own]["low"]:
        return ""
    return (
        f"That {in_text(content, leader)} moves the verdict most does not make it the reason: "
        f"of clips spliced from two genres it puts {exactly(rows[leader]['value'])} of its mass "
        f"in the right half, {in_text(content, own)} {exactly(rows[own]['value'])}. It picks "
        "single cells that the network is sensitive to, as a disturbance made to mislead it "
        "does."
    )


def _against_chance(content: Content, rows: dict[str, Row], own: str) -> str:
    """Say on which lines the method and the map that knows nothing can be told apart."""
    ahead, behind = [], []
    for measure in content["measures"]:
        over = rows.get(f"{measure['name']} {own}", {}).get("over_reference")
        if not measure["better"] or over is None:
            continue
        low, high = over["low"], over["high"]
        if measure["better"] == "lower":
            low, high = -high, -low
        if low > 0:
            ahead.append(_in_text(measure["label"]))
        elif high < 0:
            behind.append(_in_text(measure["label"]))
    random = in_text(content, CLUELESS)
    lost = {method: rows[f"FF {method}"]["value"] for method in (own, CLUELESS)}
    text = (
        f"With what it marks turned down, the verdict loses {lost[own]:.2f} of its probability; "
        f"with as much of a random map turned down, {lost[CLUELESS]:.2f}. "
    )
    lines = sum(bool(measure["better"]) for measure in content["measures"])
    if len(ahead) == lines:
        return text + f"Beyond chance it is ahead of the {random.lower()} on all {lines} lines."
    if ahead:
        text += f"Beyond chance it is ahead of the {random.lower()} on {listed(ahead)}. "
    if behind:
        text += f"Beyond chance it is behind on {listed(behind)}. "
    if len(ahead) + len(behind) == lines:
        return text.rstrip()
    return text + "The other lines do not tell the two apart."


def _in_silence(content: Content, own: str) -> str:
    """Say what becomes of a kept part with silence around it."""
    setting = next(name["name"] for name in content["settings"] if "threshold" in name["name"])
    alone = find(content, group="audio", setting=setting)
    cut_out = alone[f"Fid-In {own}"]
    in_place = find(content, group="audio", setting=content["equal_areas"])[f"Fid-In {own}"]
    return (
        "What the app plays as kept has silence around it, and no music that the network knows "
        f"is like that: it calls {percent(cut_out['value'])} of such parts what it calls the "
        f"whole{_of_others(content, alone)}. With the rest only turned down it is "
        f"{percent(in_place['value'])}. So the kept sound is for ears to judge; it is no proof by "
        "itself."
    )


def _of_others(content: Content, alone: dict[str, Row]) -> str:
    """Say how the parts that simple ways keep are called, and how much of the clip they are."""
    told = [
        f"{in_text(content, name)} {percent(alone[f'Fid-In {name}']['value'])}, keeping "
        f"{percent(alone[f'kept-area {name}']['value'])} of the cells"
        for name in SIMPLE
        if f"Fid-In {name}" in alone
    ]
    return f" ({'; '.join(told)})" if told else ""


def _curves(content: Content) -> list[dict[str, Any]]:
    return [curve for curve in content["curves"] if curve["group"] == "audio"]


def _show_curves(content: Content) -> None:
    st.markdown(
        "Small places of the picture are replaced by the average at their pitch, the most "
        "relevant first: the sooner the verdict falls, the better the map. And the other way "
        "round, beginning with the averages alone: the sooner it rises, the better. Means over "
        f"{max((curve['n'] for curve in _curves(content)), default=0)} tracks with audio.",
        width=LINE,
    )
    for tab, way in zip(
        st.tabs(["Taken away", "Put back"]), ("deletion", "insertion"), strict=True
    ):
        with tab:
            figure = go.Figure()
            for curve in _curves(content):
                if curve["measure"] == f"{way}-mean" and curve["method"] not in _LEFT_OUT:
                    _add_curve(figure, content, curve)
            figure.update_xaxes(title="share of the picture", tickformat=".0%")
            figure.update_yaxes(title="probability", tickformat=".0%", rangemode="tozero")
            show_figure(figure, 460, f"Probability while cells are followed: {way}")


def _add_curve(figure: go.Figure, content: Content, curve: dict[str, Any]) -> None:
    own = curve["method"] == content["default_method"]
    figure.add_scatter(
        x=content["steps"],
        y=curve["mean"],
        mode="lines+markers",
        line={
            "color": ink(curve["method"]),
            "dash": dashes(curve["method"]),
            "width": 3 if own else 1.5,
        },
        marker={"size": 6 if own else 4},
        name=label_of(content, curve["method"]),
        hovertemplate="%{y:.0%} at %{x:.0%}",
    )
