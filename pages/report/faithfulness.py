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
        "A picture that looks good proves nothing. So we let the network judge: it hears the "
        "sound that a picture keeps, and what is left without it. If the picture is true, the "
        "verdict stays with the kept part and goes with the rest. A picture that is drawn at "
        "random, as smooth as the real one, shows what any picture would reach.",
        width=LINE,
    )
    found = result("faithfulness")
    if found is None:
        show_missing("faithfulness")
        return
    content = found.content
    words, exact = reading(content)
    st.markdown(words, width=LINE, help=exact)
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


def reading(content: Content) -> tuple[str, str]:
    """Say in words how the app's own method does against simple ones, by these figures.

    Returns
    -------
    words, exact : str
        The sentences, and which measures they count, by the field's names.
    """
    own = content["default_method"]
    rows = _rows(content)
    lines = _lines(content)
    lost = [label for label, values in lines.items() if not _is_ahead(values, own, SIMPLE)]
    seeing = sum(_is_ahead(values, own, BLIND) for values in lines.values())
    simple = listed([in_text(content, name) for name in SIMPLE])
    blind = listed([in_text(content, name) for name in BLIND])
    (leader, led), *_ = leaders(content)
    words = (
        f"We asked in {len(lines)} ways. With as much of the sound kept by every method, "
        f"**{in_text(content, own)}**, which the app shows first, is ahead of all simple methods "
        f"in {len(lines) - len(lost)} of them, and ahead of those that know nothing of the genre "
        f"in {seeing}. "
    )
    if leader != own:
        words += f"{in_text(content, leader)} comes first most often, in {led}. "
    exact = f"Simple methods: {simple}. Those that know nothing of the genre: {blind}. "
    if lost:
        exact += (
            f"Not ahead of all simple methods on {listed([_in_text(label) for label in lost])}. "
        )
    chance, told_apart = _against_chance(content, rows, own)
    return "\n\n".join((words, chance, _in_silence(content, own))), exact + told_apart


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
        f"That {in_text(content, leader)} moves the verdict most does not make it the reason. "
        "Of clips in which one genre follows another, it has "
        f"{exactly(rows[leader]['value'])} of its marks in the right half, "
        f"{in_text(content, own)} {exactly(rows[own]['value'])}. It picks out single spots to "
        "which the network happens to be sensitive, as a disturbance made to mislead it would."
    )


def _against_chance(content: Content, rows: dict[str, Row], own: str) -> tuple[str, str]:
    """Say in how many ways the method and the map that knows nothing can be told apart.

    Returns
    -------
    words, exact : str
        The sentences, and the measures on which the two can be told apart.
    """
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
    random = in_text(content, CLUELESS).lower()
    lost = {method: rows[f"FF {method}"]["value"] for method in (own, CLUELESS)}
    lines = sum(bool(measure["better"]) for measure in content["measures"])
    words = (
        f"With what it marks turned down, the verdict loses {100 * lost[own]:.0f} points of its "
        f"percentage; with as much of a {random} turned down, {100 * lost[CLUELESS]:.0f}. Beyond "
        f"chance it is ahead of the {random} in {len(ahead)} of {lines} ways"
    )
    words += f" and behind it in {len(behind)}. " if behind else ". "
    if len(ahead) + len(behind) < lines:
        words += "The others do not tell the two apart."
    exact = f"Beyond chance ahead of the {random} on {listed(ahead)}. " if ahead else ""
    exact += f"Beyond chance behind it on {listed(behind)}." if behind else ""
    return words.rstrip(), exact.rstrip()


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
        f"{percent(alone[f'kept-area {name}']['value'])} of the picture"
        for name in SIMPLE
        if f"Fid-In {name}" in alone
    ]
    return f" ({'; '.join(told)})" if told else ""


def _curves(content: Content) -> list[dict[str, Any]]:
    return [curve for curve in content["curves"] if curve["group"] == "audio"]


def _show_curves(content: Content) -> None:
    st.markdown(
        "Small places of the picture are replaced by the average at their pitch, the most "
        "strongly marked first: the sooner the verdict falls, the better the picture. And the "
        "other way round, beginning with the averages alone: the sooner it rises, the better. "
        "Means over "
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
