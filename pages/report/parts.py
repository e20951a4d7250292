"""Whether the parts of a verdict are found again, and what they carry."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from pages.charts.figures import LINE, show_missing, show_source
from pages.session.results import result

_HEADS: Final = {"pictures": "The network on pictures", "ear": "The ear"}
_LISTS: Final = {"random_test": "GTZAN, random test", "outside_test": "Songs of today"}


def show_parts_report() -> None:
    """Show how stable the parts of a verdict are, and what is lost without them."""
    st.markdown(
        "On *Listen* what speaks for a genre is shown in parts that were learned from many of its "
        "songs. Are they found again from other songs? Does a song lose more without the places "
        "where a part is strong than without as many elsewhere?",
        width=LINE,
    )
    found = result("parts")
    if found is None:
        show_missing("parts")
        return
    st.dataframe(stability_table(found.content), width="stretch", hide_index=True)
    st.caption(
        "Likeness of two sets of parts: the mean cosine of pairs, 1 for the same. Halves have no "
        "artist or source in common."
    )
    st.dataframe(removal_table(found.content), width="stretch", hide_index=True)
    st.caption(
        f"Means over songs that were not learned from, {found.content['seconds']:g}\u00a0s of "
        "each, for the genre that the network hears and its strongest part with places in pitch; "
        "95\u00a0% intervals over artists or sources. Odds are natural logarithms. Elsewhere: "
        "places in the same shape, moved in time and pitch."
    )
    st.markdown(" ".join(sentences(found.content)), width=LINE)
    show_source(found)


def stability_table(content: dict[str, Any]) -> pd.DataFrame:
    """Put both heads below each other."""
    rows = [
        {
            "Parts of": _HEADS[head],
            "Learned again from other draws": _figure(found["seeds"]),
            "From the two halves of the songs": _figure(found["halves"]),
            "Parts that are no pair": f"{found['halves']['mixed_up']:.2f}",
        }
        for head, found in content["stability"].items()
    ]
    return pd.DataFrame(rows)


def removal_table(content: dict[str, Any]) -> pd.DataFrame:
    """Put what is lost without a part beside what is lost without as much elsewhere."""
    rows = [
        {
            "Songs": f"{_LISTS.get(row['name'], row['name'])} ({row['songs']})",
            "Odds lost without its places": _figure(row["sound_part"]),
            "Without as much elsewhere": _figure(row["sound_moved"]),
            "Energy taken": f"{100 * row['energy_part']['value']:.0f}\u00a0%, elsewhere "
            f"{100 * row['energy_moved']['value']:.0f}\u00a0%",
            "In the last layer": _figure(row["head_part"]),
            "As much of all parts": _figure(row["head_alike"]),
        }
        for row in content["tests"]
    ]
    return pd.DataFrame(rows)


def sentences(content: dict[str, Any]) -> list[str]:
    """Say what the scores are made of."""
    said = []
    for row in content["tests"]:
        parts, against, start, score = (
            f"{row[name]['value']:+.1f}".replace("-", "\u2212")
            for name in ("parts", "against", "start", "score")
        )
        part, moved = row["sound_part"], row["sound_moved"]
        apart = part["low"] > moved["high"] or part["high"] < moved["low"]
        said.append(
            f"{_LISTS.get(row['name'], row['name'])}: of a mean score of {score}, the parts add "
            f"{parts}, what speaks against the genre {against}, and the start {start}. Of what "
            "speaks for it the parts expect "
            f"{100 * row['misplaced_pictures']['value']:.0f}\u00a0% (pictures) and "
            f"{100 * row['misplaced_ear']['value']:.0f}\u00a0% (ear) in other channels than it is "
            f"in; one part a head would {100 * row['misplaced_by_one_pictures']['value']:.0f} and "
            f"{100 * row['misplaced_by_one_ear']['value']:.0f}\u00a0%. "
            + (
                "Without a part's places the odds change otherwise than without as many elsewhere."
                if apart
                else "That a song loses more without a part's places than without as many "
                "elsewhere is not certain: the intervals overlap."
            )
        )
    return said


def _figure(found: dict[str, float]) -> str:
    value, low, high = (f"{round(found[name], 2) + 0.0:.2f}" for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})".replace("-", "\u2212")
