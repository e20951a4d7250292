"""A verdict in parts: shares of the score, maps, sounds, and the verdict without some of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from model.analysis import Analysis
from model.explain.methods import METHODS
from model.genres import members_of
from model.networks.shipped import WeightsError
from model.verdict_parts import EAR, VerdictParts, load_dictionary
from pages.charts.figures import LINE
from pages.panels.changed_verdict import show_changed_verdict
from pages.panels.stage import DrawnMap, Whole, show_parts
from pages.session.verdict_parts import parts_of
from pages.words.phrases import genre_name, percent, sentence

_KEY: Final = "parts"


def offer_parts(analysis: Analysis, method: str, genre: str) -> None:
    """Offer a class's verdict in parts, which are made when they are asked for.

    Parameters
    ----------
    analysis : Analysis
        Of the clip.
    method : str
        Whose kept sound is divided among the parts.
    genre : str
        One of the analysis's classes.
    """
    probabilities = analysis.prediction.probabilities
    # Of genres that count as one, the more probable: parts are learned for single genres.
    known = analysis.classifier.genres
    own = max(members_of(genre), key=lambda member: probabilities[known.index(member)])
    try:
        dictionary = load_dictionary(analysis.classifier)
    except WeightsError as error:
        st.info(str(error))
        return
    if dictionary is None:
        return
    title = f"{sentence(genre_name(own))}, in parts"
    opened = st.expander(title, icon=":material/stacks:", key=_KEY, on_change="rerun")
    if not opened.open:
        return
    with opened:
        with st.spinner("Dividing the evidence…"):
            parts = parts_of(analysis, dictionary, own)
        _show(analysis, parts, method, genre)


def _show(analysis: Analysis, parts: VerdictParts, method: str, genre: str) -> None:
    st.markdown(
        f"What speaks for {genre_name(parts.genre)} is never one thing. These parts were learned "
        f"from many {genre_name(parts.genre)} songs, so they mean the same in every song. Switch "
        "some off, and see and hear what is left.",
        width=LINE,
        help="Non-negative matrix factorisation of what each channel of both heads' last layers "
        "adds to the score, by the Kullback-Leibler divergence, learned once for each genre. A "
        "part's figure is the mean of its map, in units of the score before the softmax.",
    )
    clip = f"{analysis.excerpt.clip.sha256[:12]}-{analysis.excerpt.start}"
    key = f"{_KEY}-{parts.genre}-{clip}-{analysis.classifier.sha256[:12]}"
    left, right = st.columns(2, gap="large")
    with left:
        shown = choose_parts(parts, key)
    gone = sorted(set(range(len(parts))) - set(shown))
    with right:
        show_sum(parts, gone)
        before = dict(parts.without(()).ranking)
        now = dict(parts.without(gone).ranking)
        show_changed_verdict(before, now, parts.genre, changed=bool(gone))
    show_stage_of_parts(analysis, parts, shown, method, genre)


def choose_parts(parts: VerdictParts, key: str) -> list[int]:
    """Draw each part with its share, a switch and a solo button; return those that are on."""
    names = [f"{key}-{index}" for index in range(len(parts))]
    for name in names:
        st.session_state.setdefault(name, True)
    total = float(parts.added.sum())
    for index, (name, added) in enumerate(zip(names, parts.added, strict=True)):
        facts = parts.facts[index]
        share = float(added) / total if total > 0 else 0.0
        alone = [other for other in names if st.session_state[other]] == [name]
        row = st.container(gap="xsmall")
        with row.container(horizontal=True, vertical_alignment="center"):
            st.toggle(sentence(facts["name"]), key=name, help=_exactly(facts))
            st.button(
                "All" if alone else "Solo",
                key=f"{name}-solo",
                type="tertiary",
                icon=":material/headphones:",
                help="Switch all parts on" if alone else "Switch all other parts off",
                on_click=_turn_on,
                args=(names, names if alone else [name]),
            )
        row.progress(
            min(share, 1.0),
            text=f"{_signed(float(added))} · {percent(share)} of what speaks for "
            f"{genre_name(parts.genre)}",
        )
    return [index for index, name in enumerate(names) if st.session_state[name]]


def _turn_on(names: Sequence[str], wanted: Sequence[str]) -> None:
    for name in names:
        st.session_state[name] = name in wanted


def _exactly(facts: Mapping[str, Any]) -> str:
    if facts["head"] == EAR:
        return (
            "Found by the ear, which tells pitch only roughly. Named by what YAMNet hears "
            "at such moments more than at others."
        )
    return (
        f"Most of it lies between {facts['low_hz']} and {facts['high_hz']} Hz; "
        f"{percent(facts['percussive'])} of it is on percussive sound. Means over "
        "the songs that it was learned from."
    )


def show_sum(parts: VerdictParts, gone: Sequence[int]) -> None:
    """Show that the parts, what speaks against the genre, and the start make the score."""
    on = [index for index in range(len(parts)) if index not in gone]
    added = float(parts.added[on].sum()) if on else 0.0
    score = float(parts.scores_without(gone)[parts.index])
    name = genre_name(parts.genre)
    count = f"All {len(parts)} parts" if not gone else f"{len(on)} of {len(parts)} parts"
    probability = dict(parts.without(gone).ranking)[parts.genre]
    st.markdown(
        f"{count} {_signed(added)}, against {name} {_signed(parts.against)}, to begin with "
        f"{_signed(parts.start)}: score **{_signed(score)}**, which makes "
        f"**{percent(probability)}** {name}.",
        help="Scores of all genres are compared with each other, so taking a part away moves the "
        "others as well, as far as the same sounds speak for them. The network is not asked "
        "again: its last layers only add up.",
    )


def _signed(value: float) -> str:
    # Adding 0 takes the sign from a zero.
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "\u2212")


def show_stage_of_parts(
    analysis: Analysis, parts: VerdictParts, shown: Sequence[int], method: str, genre: str
) -> None:
    """Show the parts that are on together, and every part by itself, in one player."""
    explained = analysis.map(method, genre)
    made = f"parts {analysis.classifier.sha256} {method} {genre} {analysis.merges}"
    name = genre_name(parts.genre)
    everything = len(shown) == len(parts)
    drawn = [
        DrawnMap(
            f"{made} {sorted(shown)}",
            "All parts together" if everything else "The parts that are on",
            f"what speaks for {name}",
            "No part is on, or nothing in this song speaks for it.",
            parts.map_of(shown),
            smooth=False,
        ),
        *(
            DrawnMap(
                f"{made} only {index}",
                sentence(facts["name"]),
                f"“{facts['name']}”",
                "This part is not in this song.",
                parts.map_of([index]),
                smooth=False,
            )
            for index, facts in enumerate(parts.facts)
        ),
    ]
    whole = Whole(explained, METHODS[method].smooth, parts.every)
    show_parts(analysis.excerpt, drawn, whole, key="parts-stage", brings_clip=False)
    st.caption(
        "Press Kept and choose a picture to hear its part; colours mean the same in all single "
        "parts. What the picture further up keeps is divided among the parts by their shares, "
        "place by place, so the sounds of all parts add up to it, and each is soft. Keep more by "
        "moving the left slider to the left."
    )
