"""Filters: what each one adds to a genre, where it answers, and what is left without it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import streamlit as st

from model.analysis import Analysis
from model.audio.clip import AudioError, Clip
from model.constants import GENRES
from model.explain.deconvolution import explain_filter
from model.explain.grid import RelevanceMap
from model.filter_shares import shares_of_score, without
from model.types import Float32
from pages.charts.figures import LINE
from pages.panels.clip_picker import current_clip, current_start, read_clip, title_of_clip
from pages.panels.filter_facts import (
    LAST,
    describe_filter,
    ear_genre,
    filter_label,
    filter_name,
    uncapitalised,
)
from pages.panels.network_choice import choose_network
from pages.panels.stage import DrawnMap, show_maps
from pages.panels.switched_filters import (
    own_name,
    picture_name,
    picture_title,
    show_switched_verdict,
)
from pages.session.cached import analysis_of, clip_from, early_answers_of, excerpt_from
from pages.session.entrance import enter_through_app
from pages.session.filter_portraits import FilterPortraits, filter_portraits, portraits_command
from pages.session.network import start_loading_network, wait_for_network
from pages.session.samples import samples
from pages.words.phrases import genre_name, percent

_LAYERS: Final = {
    "evidence": "Last: decides the genre",
    "conv3": "Third",
    "conv2": "Second",
    "conv1": "First: sounds and edges",
}
# How many filters the list shows at first.
_SHOWN: Final = 24
_LIST_HEIGHT: Final = 420  # px


def choose_genre_of_filters(analysis: Analysis) -> str:
    """Draw the list of genres, the most probable first."""
    genres = [genre for genre, _ in analysis.verdict.ranking]
    probabilities = dict(analysis.verdict.ranking)
    return st.selectbox(
        "What the filters add to",
        genres,
        format_func=lambda genre: f"{genre_name(genre)} ({percent(probabilities[genre])})",
        key=f"filters_genre-{analysis.excerpt.clip.sha256[:12]}-{analysis.classifier.sha256[:12]}",
    )


def clip_at_hand() -> tuple[Clip, float, str]:
    """Return the clip, where to begin in it, and its title; our own sample where there is none."""
    if clip := current_clip():
        return clip, current_start(), title_of_clip(clip)
    offered = {sample.genre: sample for sample in samples().values()}
    if not offered:
        st.info("Choose a clip on the Listen page; it stays here.")
        st.page_link("pages/listen.py", label="Choose a clip", icon=":material/arrow_forward:")
        st.stop()
    genre = st.pills(
        "No song of yours is here yet. Listen to our sample of",
        [genre for genre in GENRES if genre in offered],
        format_func=genre_name,
        default="rock" if "rock" in offered else next(iter(offered)),
        required=True,
        key="filters_sample",
        persist_state="session",
        wrap=True,
    )
    sample = offered[genre or "rock"]
    return clip_from(sample.read(), sample.file), 0.0, sample.title


def show_last_layer(analysis: Analysis, genre: str, portraits: FilterPortraits | None) -> None:
    """Rank the filters that decide, and show the verdict of those that are on."""
    added, _ = shares_of_score(analysis, genre)
    key = f"{analysis.excerpt.clip.sha256[:12]}-{analysis.classifier.sha256[:12]}-{genre}"
    ranking = np.argsort(-added, kind="stable")
    left, right = st.columns([2, 3], gap="large")
    with left:
        everything = len(ranking) <= _SHOWN or list_everything()
        half = len(ranking) if everything else _SHOWN // 2
        listed = [int(channel) for channel in (*ranking[:half], *ranking[half:][-half:])]
        control = f"filters_on-{key}-"
        gone = choose_filters(analysis, control, listed, added, portraits)
        st.markdown(
            "**The verdict of the filters that are on**",
            help="Score of the genre before the softmax: the sum of weight times mean of the map "
            "over all filters, and the bias of the dense layer.",
        )
        show_switched_verdict(analysis, genre, listed, control, key="filters-verdict")
    rest = without(analysis, gone)
    with right:
        channel = choose_filter(analysis, key, ranking, portraits, LAST)
        show_stage_of_last(rest, genre, channel, gone)
        describe_filter(analysis.classifier, portraits, LAST, channel)


def list_everything() -> bool:
    """Draw the switch that lists all filters; return whether it is on."""
    return st.toggle("List all filters", key="filters_all", persist_state="session")


def choose_filters(
    analysis: Analysis,
    control: str,
    listed: Sequence[int],
    added: Float32,
    portraits: FilterPortraits | None,
) -> frozenset[int]:
    """Draw filters, by what they add, with a switch each; return those that are off.

    A switch of its own for each: a table would wait for 0.15 s before it tells of a click. The
    browser answers before this has run again, see `pages.panels.switched_filters`.
    """
    st.markdown(
        f"**Filters, by what they add** ({len(listed)} of {len(added)})",
        help="Weight of the filter times the mean of its map. Off: as if the filter were deaf. The "
        "genre is that of most of the passages that it answers to most, and their share.",
    )
    with st.container(height=_LIST_HEIGHT, gap="xxsmall"):
        off = []
        for place, channel in enumerate(listed):
            if len(listed) < len(added) and place == len(listed) // 2:
                st.caption(f"… {len(added) - len(listed)} that matter less …")
            name = filter_label(analysis.classifier, portraits, LAST, channel)
            amount = f"{added[channel]:+.2f}".replace("-", "\u2212")
            label = f"**{amount}**\u2002{name}"
            if not st.checkbox(label, value=True, key=f"{control}{channel}"):
                off.append(channel)
    return frozenset(off)


def choose_filter(
    analysis: Analysis,
    key: str,
    ranking: "np.ndarray",
    portraits: FilterPortraits | None,
    layer: str,
) -> int:
    """Draw the list of filters to look at and listen to, the first of them chosen."""
    listed = [int(channel) for channel in ranking]
    # What an ear hears is no filter, though it often comes first.
    filters = [one for one in listed if ear_genre(analysis.classifier, layer, one) is None]
    return int(
        st.selectbox(
            "Filter to look at",
            listed,
            index=listed.index(filters[0]) if filters else 0,
            format_func=lambda channel: filter_label(
                analysis.classifier, portraits, layer, channel
            ),
            key=f"filters_one-{layer}-{key}",
        )
    )


def show_stage_of_last(rest: Analysis, genre: str, channel: int, gone: frozenset[int]) -> None:
    """Show the evidence of the filters that are on, and one filter's own map, in one player."""
    evidence = rest.map("cam", genre)
    total = rest.prediction.feature_maps.shape[-1]
    name = filter_name(rest.classifier, LAST, channel)
    own = RelevanceMap(rest.prediction.feature_maps[..., channel], rest.classifier.grid)
    show_maps(
        rest.excerpt,
        [
            DrawnMap(
                picture_name(rest, genre, gone),
                picture_title(genre, total, len(gone)),
                f"what speaks for {genre_name(genre)}",
                f"The filters that are on find nothing that speaks for {genre_name(genre)}.",
                evidence,
                signed=True,
            ),
            DrawnMap(
                own_name(rest, channel, gone),
                f"{name} alone",
                f"what {uncapitalised(name)} answers to",
                f"{name} is off, or answers to nothing in this song.",
                own,
            ),
        ],
        key="filters",
    )


def show_early_layer(analysis: Analysis, layer: str, portraits: FilterPortraits | None) -> None:
    """Show one filter of an early layer: its map, and what it was made from."""
    answers = early_answers_of(analysis)[layer]
    strength = answers.mean(axis=(0, 1))
    ranking = np.argsort(-strength, kind="stable")
    key = f"{analysis.excerpt.clip.sha256[:12]}-{analysis.classifier.sha256[:12]}"
    st.caption(
        "Filters of this layer feed those behind it; none has a share of its own in a score. They "
        "are listed by how strongly they answer to this song."
    )
    channel = choose_filter(analysis, key, ranking, portraits, layer)
    classifier, levels = analysis.classifier, analysis.prediction.levels
    back = explain_filter(classifier, levels, layer, channel)
    made = f"{classifier.sha256} {layer} {channel}"
    nothing = f"Filter {channel + 1} answers to nothing in this song."
    show_maps(
        analysis.excerpt,
        [
            DrawnMap(
                f"early {made}",
                f"Filter {channel + 1}: where it answers",
                f"where filter {channel + 1} answers",
                nothing,
                RelevanceMap(answers[..., channel], classifier.grid_of(layer)),
            ),
            DrawnMap(
                f"back {made}",
                f"Filter {channel + 1}: what it was made from",
                f"what filter {channel + 1} was made from",
                nothing,
                back,
                smooth=False,
            ),
        ],
        key="filters-early",
    )
    st.caption(
        "Left: the places of its answers. Right: its answers, taken back through the network to "
        "the sound that caused them. Press Kept and choose a picture to hear it.",
        help="Deconvolution (Zeiler and Fergus 2014; Choi and others 2016): the switches of the "
        "pooling, a ReLU behind each, and transposed convolutions; the clip's own phase. It "
        "copies its input in part, so it is a way to listen and no evidence for a verdict.",
    )
    describe_filter(classifier, portraits, layer, channel)


@st.fragment
def show_filters(analysis: Analysis) -> None:
    """Show the filters; a switch runs no more than this, and the network not at all."""
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="bottom"):
        layer = st.segmented_control(
            "Layer",
            list(_LAYERS),
            format_func=_LAYERS.__getitem__,
            default=LAST,
            required=True,
            key="filters_layer",
            persist_state="session",
            wrap=True,
        )
        genre = choose_genre_of_filters(analysis) if layer == LAST else ""
    portraits = filter_portraits(analysis.classifier)
    if layer == LAST or layer is None:
        show_last_layer(analysis, genre, portraits)
    else:
        show_early_layer(analysis, layer, portraits)
    if portraits is None:
        st.info("What each filter of this network answers to was not looked up. This does it:")
        st.code(portraits_command(analysis.classifier), language="bash", wrap_lines=True)
    else:
        st.caption(
            f"Genres and shares: the strongest tenth of all passages in {portraits.tracks} test "
            "tracks by artists that the network did not learn from. "
            f"Made by `{portraits.command}`"
        )


enter_through_app()
start_loading_network()
st.title("What do the filters hear?", anchor=False)
st.markdown(
    "The network listens with many small filters, each tuned to something. Those of its last layer "
    "vote: what each adds to a genre makes up the score. Switch some off, and see and hear what "
    "changes.",
    width=LINE,
)
read_clip()
choose_network()
try:
    CLIP, START, TITLE = clip_at_hand()
    ANALYSIS = analysis_of(excerpt_from(CLIP, START), wait_for_network())
    top, probability = ANALYSIS.verdict.ranking[0]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            f"{TITLE}: <strong>{genre_name(top)}</strong>, {percent(probability)}", width="content"
        )
        st.page_link("pages/listen.py", label="Choose another song", width="content")
    show_filters(ANALYSIS)
except AudioError as error:
    st.error(str(error), icon=":material/error:")
