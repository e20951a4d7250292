"""The headline figures, what artists have to do with them, and every genre."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.charts.figures import LINE, between, exactly, show_both, show_missing, show_source
from pages.session.results import PROTOCOLS, Result, result
from pages.words.phrases import NBSP, genre_name, percent, sentence


def show_headline() -> None:
    """Show how often the network is right, under both protocols."""
    show_both("accuracy", _headline)


def _headline(found: Result) -> None:
    content = found.content
    st.metric("Right verdicts", exactly(content["accuracy"]), label_visibility="collapsed")
    st.markdown(
        f"of {content['n']} tracks that the network did not learn from. On other tracks of the "
        f"same kind it would be {between(content['interval'])} (95{NBSP}% interval); guessing "
        f"would reach {percent(1 / len(content['classes']))}."
    )
    if parts := _parts(content):
        st.markdown(parts)


_PARTS = {
    "with sound": "of which there is sound",
    "with 30 s of it": f"with all 30{NBSP}s of their sound",
}


def _parts(content: dict[str, Any]) -> str:
    """Say how often it is right where it hears sound, as it does in the app."""
    parts = content.get("parts", {})
    told = [
        f"of the {parts[key]['n']} {words}, **{exactly(parts[key]['share'])}**"
        for key, words in _PARTS.items()
        if key in parts
    ]
    return f"Right {' and '.join(told)}; the others it knows by pictures only." if told else ""


def show_songs_of_today() -> None:
    """Show how often the network is right on songs from elsewhere, most of them newer."""
    found = result("today")
    if found is None:
        show_missing("today")
        return
    content = found.content
    spread = content["by_group"]
    st.markdown(
        f"**Songs of today:** of {content['n']} songs from outside GTZAN, most of them commercial "
        f"songs of 1965 to 2024 and none of them learned from, it names "
        f"**{exactly(content['accuracy'])}** right; with every genre weighed alike "
        f"**{exactly(content['mean_over_genres'])}**. Songs of one collection resemble each other, "
        f"so on others it would be {between([spread['low'], spread['high']])} (95{NBSP}% interval "
        f"over {spread['clusters']} collections). Their genres are those of folders and file "
        "names: some 5 to 10 % are wrong, or a matter of taste.",
        width=LINE,
    )
    show_source(found)


def show_artists() -> None:
    """Show how much of the accuracy on the random split is owed to familiar artists."""
    found = result("accuracy", "random")
    artists: dict[str, Any] = found.content.get("artists", {}) if found else {}
    if found is None or not {"familiar", "new"} <= artists.keys():
        return
    familiar, new, unknown = artists["familiar"], artists["new"], artists["unknown"]
    others = f" Nobody wrote down whose the other {unknown} are." if unknown else ""
    st.markdown(
        f"On our random split {familiar['n']} of the {found.content['n']} test tracks are by "
        f"artists of whom the network had heard other tracks. Of these it names "
        f"**{exactly(familiar['share'])}** right ({between(familiar['interval'])}); of the "
        f"{new['n']} by artists that were new to it, **{exactly(new['share'])}** "
        f"({between(new['interval'])}).{others}",
        width=LINE,
    )
    show_source(found)


def show_genres() -> None:
    """Show precision and recall of every genre under both protocols, in one table."""
    found = [result("accuracy", protocol) for protocol in PROTOCOLS]
    measured = [one for one in found if one is not None]
    if not measured:
        return
    genres = list(measured[0].content["per_genre"])
    columns: dict[str, list[Any]] = {"Genre": [sentence(genre_name(genre)) for genre in genres]}
    for one in measured:
        rows = [one.content["per_genre"][genre] for genre in genres]
        title = PROTOCOLS[one.protocol]
        columns[f"{title}: right when named"] = [_in_percent(row["precision"]) for row in rows]
        columns[f"{title}: recognised"] = [_in_percent(row["recall"]) for row in rows]
        columns[f"{title}: recognised, 95{NBSP}%"] = [_interval(row) for row in rows]
        columns[f"{title}: tracks"] = [row["support"] for row in rows]
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height="content",
        column_config={
            name: st.column_config.NumberColumn(format="%.0f %%")
            for name in columns
            if name.endswith(("right when named", "recognised"))
        }
        | {"Genre": st.column_config.TextColumn(pinned=True)},
        alt="How often each genre is recognised, and is right when named, on both splits",
    )
    st.caption(
        "Recognised: of the tracks of this genre, how many were called so. Right when named: of "
        "the tracks called so, how many are of this genre.",
        help=f"Recall, with its 95{NBSP}% interval, and precision. From the same files as the "
        "tables of squares above.",
    )


def _in_percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _interval(row: dict[str, Any]) -> str:
    return between(row["recall_interval"]) if row["recall_interval"] else ""
