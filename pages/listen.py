"""Listen: a clip in; its genre, the evidence on the spectrogram, and its sound out."""

import time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.analysis import Analysis
from model.audio.clip import AudioError, Clip
from model.audio.excerpt import Excerpt
from model.audio.masking import BED_DB
from model.explain.methods import METHODS
from pages.charts.excerpt_timeline import show_excerpt_timeline
from pages.charts.scripts import fetch_chart_scripts
from pages.panels.ahead import offer_ahead
from pages.panels.bars import show_probabilities
from pages.panels.choices import (
    choose_genre,
    choose_merging,
    choose_method,
    resolve_genre,
    resolve_method,
    with_merging,
)
from pages.panels.clip_picker import choose_clip, current_clip, current_start, load_sample
from pages.panels.downloads import show_downloads
from pages.panels.link import apply_link
from pages.panels.other_sounds import show_other_sounds
from pages.panels.second_opinion import show_second_opinion
from pages.panels.stage import Shown, show_example_stage, show_plain_stage, show_stage
from pages.panels.verdict_parts import offer_parts
from pages.session.cached import analysis_of, excerpt_from
from pages.session.entrance import enter_through_app
from pages.session.example import ShownExample, example_at_hand
from pages.session.network import network_is_ready, start_loading_network, wait_for_network
from pages.session.turns import somebody_waits
from pages.words.phrases import about_seconds, evidence_title, genre_name, percent, sentence

INTRODUCTION = """\
**Bring a song, and you get**
1. the genre that the network hears, out of ten,
2. a picture of the song, with the places that speak for it,
3. the sound of just those places.
"""

# What the session remembers: the clip and start whose picture has been there before the verdict.
_JUDGED = "judged_on_listen"
# In which Streamlit sends what a page has shown; it does so up to two hundred times a second.
_SENDING = 0.08  # s


def explain(clip: Clip) -> None:
    """Show the verdict on a clip in one line, then picture and player, then the rest."""
    excerpt = excerpt_from(clip, current_start())
    verdict_place, stage_place, rest_place = places()
    looked_at = (excerpt.clip.sha256, excerpt.start)
    if not network_is_ready() or st.session_state.get(_JUDGED) != looked_at:
        with stage_place:
            show_waiting(excerpt)
        with verdict_place:
            # Already here, for the next run has more to do before it comes to it.
            show_verdict(analyse_excerpt(excerpt))
        st.session_state[_JUDGED] = looked_at
        # What has not gone out when the next run begins, Streamlit drops: the verdict would come
        # with that run, when the page is busy with its charts.
        time.sleep(_SENDING)
        # From the top, so that the evidence takes the place of what is shown here: the stage
        # stays the same element, and what it plays goes on.
        st.rerun()
    with verdict_place:
        analysis = analyse_excerpt(excerpt)
        show_verdict(analysis)
        others_place = st.container()
    with stage_place:
        show_evidence(analysis, resolve_method(analysis), resolve_genre(analysis))
    with rest_place:
        choose_genre(analysis)
        choose_method(analysis)
        show_course(analysis)
    with others_place:
        show_other_sounds(analysis)
    show_second_opinion(analysis)
    offer_ahead(analysis, resolve_method(analysis), resolve_genre(analysis))


def show_example(shown: ShownExample) -> None:
    """Show a sample that was explained ahead: what the app does, before anything is asked."""
    genre, probability = shown.example.ranking[0]
    name = genre_name(genre)
    verdict_place, stage_place, rest_place = places()
    with verdict_place:
        st.header(f"{sentence(name)}, {percent(probability)}", anchor=False)
    with stage_place:
        show_example_evidence(shown)
    with rest_place:
        st.markdown(
            f"**An example:** “{shown.sample.title}” by {shown.sample.author}. The network calls "
            f"it {name}. Orange marks where it heard that; one press plays just those places."
        )
        st.button(
            "Look closer at this sample",
            icon=":material/zoom_in:",
            on_click=load_sample,
            args=(shown.sample,),
        )
        st.markdown(INTRODUCTION)


@st.fragment
def show_example_evidence(shown: ShownExample) -> None:
    """Show the example's picture and player, in the place of those of the clip to come."""
    name = genre_name(shown.example.facts["genre"])
    st.header(f"What made it {name}", anchor=False)
    show_example_stage(shown, f"What made it {name}", f"Play what made it {name}", key="stage")


def places() -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Divide the page into verdict, stage and the rest; on a narrow screen in this order."""
    verdict = st.container()
    stage, rest = st.columns([2, 1], gap="large")
    return verdict, stage.container(key="evidence"), rest


def analyse_excerpt(excerpt: Excerpt) -> Analysis:
    """Run the network, with a spinner."""
    classifier = wait_for_network()
    with st.spinner("Listening…"):
        return with_merging(analysis_of(excerpt, classifier))


@st.fragment
def show_waiting(excerpt: Excerpt) -> None:
    """Show what needs no network; a fragment, as what takes its place is one."""
    st.header("Your song", anchor=False)
    show_plain_stage(excerpt, key="stage")


def show_verdict(analysis: Analysis) -> None:
    """Name the winner."""
    genre, probability = analysis.verdict.ranking[0]
    st.header(f"{sentence(genre_name(genre))}, {percent(probability)}", anchor=False)
    if probability < 0.5:
        st.caption("No genre reaches 50 %, so this is no more than a guess.")


def show_course(analysis: Analysis) -> None:
    """Draw all probabilities, and from moment to moment."""
    show_probabilities(analysis, resolve_genre(analysis))
    st.caption(
        "Click a bar to see what speaks for that genre. Below: the genres from moment to moment."
    )
    show_excerpt_timeline(analysis, resolve_genre(analysis))
    choose_merging()


@st.fragment
def show_evidence(analysis: Analysis, method: str, genre: str) -> None:
    """Show the evidence on the spectrogram, and play and offer what it keeps.

    A fragment, so that a new threshold runs no more than this.
    """
    title = evidence_title(method, genre)
    st.header(title, anchor=False)
    takes = about_seconds(analysis.seconds(method))
    with st.spinner(f"{METHODS[method].label}, {takes}…"), somebody_waits():
        scale = float(analysis.relevance(method, genre).max())
    settings = show_stage(analysis, [Shown(title, method, genre, scale)], key="stage")
    kept = (
        "What lies inside the white line is kept."
        if METHODS[method].smooth
        else "The stronger a place speaks, the more of its sound is kept."
    )
    if settings.bed:
        kept += f" Around it the rest stays, {BED_DB:g} dB quieter."
    st.caption(
        "Time runs from left to right, pitch from low to high; grey is loudness. Orange marks what "
        f"speaks for the genre, yellow the strongest. {kept} Kept and rest together are the "
        "original song.",
        help="The spectrogram has 128 mel bands. Colours are the relevance as a share of its peak "
        "in this clip; point at a place for its figure. At the share set above, half of the "
        "sound is kept. All parts play at one gain: what is quiet here is quiet in the song.",
    )
    show_downloads(analysis, method, genre, settings)
    show_parts_below(analysis, method, genre)


@st.fragment
def show_parts_below(analysis: Analysis, method: str, genre: str) -> None:
    """Offer the parts of the verdict; a fragment, so that a switch runs no more than this."""
    offer_parts(analysis, method, genre)


enter_through_app()
start_loading_network()
st.title("What does the network hear?", anchor=False)
apply_link()
choose_clip(with_start=True)
if clip := current_clip():
    try:
        explain(clip)
    except AudioError as error:
        st.error(str(error), icon=":material/error:")
elif example := example_at_hand():
    show_example(example)
else:
    st.markdown(INTRODUCTION)
if not clip:
    fetch_chart_scripts()
