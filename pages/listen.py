"""Listen: a clip in; its genre, the evidence on the spectrogram, and its sound out."""

import streamlit as st

from model.analysis import Analysis, Excerpt
from model.audio import AudioError, Clip
from pages.widgets.bars import show_probabilities
from pages.widgets.cached import analysis_of, excerpt_from, parts_of
from pages.widgets.choices import (
    choose_against,
    choose_genre,
    choose_method,
    choose_opacity,
    choose_threshold,
    settle_genre,
)
from pages.widgets.clip_picker import current_clip, current_start, describe_clip, pick_clip
from pages.widgets.network import awake_network, network_is_awake, wake_network
from pages.widgets.pictures import Panel, picture, plain_picture
from pages.widgets.player import show_players
from pages.widgets.plots import show_picture
from pages.widgets.words import evidence_title, genre_name, percent, sentence


def choose_clip() -> None:
    """Draw the clip picker, with the clip at hand beside it."""
    with st.container(border=True):
        picker, beside = st.columns([3, 2], gap="large")
        with picker:
            pick_clip()
        with beside:
            if clip := current_clip():
                describe_clip(clip)
            else:
                introduce()


def introduce() -> None:
    """Say what the page is for, to someone who has not brought a clip yet."""
    st.markdown(
        "**Bring a song, and you get**\n"
        "1. the genre that the network hears, out of ten,\n"
        "2. the places on the spectrogram that speak for it,\n"
        "3. the sound of just those places.\n\n"
        "No song at hand? Take a sample."
    )


def explain(clip: Clip) -> None:
    """Show the verdict on a clip, the evidence and its sound."""
    excerpt = excerpt_from(clip, current_start())
    # The controls stand below the picture that they control, which is drawn when all of
    # them are known.
    verdict_place, main = st.columns([1, 2], gap="large")
    picture_place = main.empty()
    if not network_is_awake():
        with picture_place.container():
            show_waiting(excerpt)
    with verdict_place:
        analysis = judge(excerpt)
        show_verdict(analysis)
    what, how, look = st.columns(3, gap="large")
    with what:
        genre = choose_genre(analysis)
    with how:
        method = choose_method()
    with what:
        against = choose_against(method)
    with look:
        threshold = choose_threshold()
        opacity = choose_opacity()
    with picture_place.container():
        show_evidence(analysis, method, genre, threshold, opacity, against)
    parts = parts_of(analysis, method, genre, threshold)
    show_players(parts, clip.name, method, genre)


def judge(excerpt: Excerpt) -> Analysis:
    """Ask the network, saying what takes its time."""
    classifier = awake_network()
    with st.spinner("Listening…"):
        return analysis_of(excerpt, classifier)


def show_waiting(excerpt: Excerpt) -> None:
    """Draw what needs no network."""
    st.header("What was read", anchor=False)
    show_picture(plain_picture(excerpt), alt="Mel-spectrogram of the clip")


def show_verdict(analysis: Analysis) -> None:
    """Name the winner and draw all probabilities."""
    genre, probability = analysis.ranking[0]
    st.header(f"{sentence(genre_name(genre))}, {percent(probability)}", anchor=False)
    if probability < 0.5:
        st.caption("No genre reaches one half, so take this as a guess.")
    show_probabilities(analysis, settle_genre(analysis))
    st.caption("Click a bar to see what speaks for that genre.")


def show_evidence(
    analysis: Analysis, method: str, genre: str, threshold: float, opacity: float, against: bool
) -> None:
    """Draw the heatmap over the spectrogram."""
    relevance = analysis.relevance(method, genre)
    title = evidence_title(method, genre)
    panel = Panel(
        title,
        relevance,
        scale=float(relevance.max()),
        mask=analysis.mask(method, genre, threshold),
    )
    st.header(title, anchor=False)
    show_picture(
        picture(analysis.excerpt, panel, opacity, against),
        alt=f"Mel-spectrogram with a heatmap. {title}",
    )
    st.caption(
        "Grey is loudness. Orange is relevance, the stronger the yellower; hover for its share "
        "of the peak. Inside the white line is what is kept."
        + (" Blue speaks against." if against else "")
    )


wake_network()
st.title("What does the network hear?", anchor=False)
choose_clip()
if clip := current_clip():
    try:
        explain(clip)
    except AudioError as error:
        st.error(str(error), icon=":material/error:")
