"""What rock sounds like: what the network learned of each genre, as sound, words and pictures."""

from contextlib import suppress
from typing import Any

import streamlit as st

from model.analysis import Analysis
from model.audio.clip import AudioError
from model.constants import GENRES
from pages.charts.figures import LINE, show_source
from pages.charts.genre_figures import show_profile, show_ranges, show_rhythm, show_statistics
from pages.panels.choices import DEFAULT_METHOD
from pages.panels.clip_picker import (
    choose_clip,
    current_clip,
    current_sample,
    current_start,
    title_of_clip,
)
from pages.panels.genre_passages import show_parts_of_genre, show_strongest
from pages.panels.link import apply_link
from pages.panels.stage import Shown, show_stage
from pages.session.cached import analysis_of, clip_from, excerpt_from
from pages.session.entrance import enter_through_app
from pages.session.genre_portraits import COMMAND, GenrePortraits, genre_portraits, wav
from pages.session.network import start_loading_network, wait_for_network
from pages.session.samples import samples
from pages.words.genre_findings import findings
from pages.words.phrases import NBSP, evidence_title, genre_name, percent, sentence

# Name of the genre in a link to this page.
GENRE = "of"

_KINDS = {
    "instrument": (
        "Strings and drums",
        "The network played 26 strings and 14 drums, two bars over and over, at {tempo}.",
    ),
    "spectrogram": (
        "No instrument at all",
        "The network was free to make any sound at all.",
    ),
}


def choose_portrait() -> str:
    """Draw the title and the list of genres, which a link can choose from."""
    title = st.container()
    genre = st.pills(
        "Genre",
        GENRES,
        format_func=genre_name,
        default="rock",
        required=True,
        key=GENRE,
        bind="query-params",
        wrap=True,
        label_visibility="collapsed",
    )
    genre = genre or "rock"
    title.title(f"What {genre_name(genre)} sounds like", anchor=False)
    return genre


def show_made_sounds(genre: str, portraits: GenrePortraits) -> None:
    """Play what the network made of a genre."""
    st.header("Played by the network", anchor=False)
    st.markdown(
        "Nobody recorded this. Each sound began as random strokes. Then each stroke was made "
        "louder or softer, a little at a time, wherever the network found it more like "
        f"{genre_name(genre)}. "
        "All ten genres began alike and at the same tempos, so what differs is what the network "
        "has learned.",
        width=LINE,
    )
    sounds = portraits.sounds(genre)
    for column, sound in zip(st.columns(len(sounds), gap="medium"), sounds, strict=True):
        with column.container(border=True):
            show_made_sound(genre, sound)
    st.caption(
        "The percentages are what the network hears in these sounds, as in any other song. The "
        "last sound shows why strings and drums are needed: left to itself, the network is just as "
        "sure of sounds that are no music to anyone."
    )


def show_made_sound(genre: str, sound: dict[str, Any]) -> None:
    """Play one sound and say what the network hears in it."""
    name, words = _KINDS[sound["kind"]]
    st.markdown(f"**{name}**")
    st.audio(wav(sound), "audio/wav", loop=True, alt=f"{name}, made for {genre_name(genre)}")
    heard = sound["probabilities_of_sound"]
    top = max(heard, key=lambda other: heard[other])
    verdict = f"The network hears **{genre_name(top)}, {percent(heard[top])}**"
    if top != genre:
        verdict += f", and {genre_name(genre)}, {percent(heard[genre])}"
    st.markdown(
        f"{verdict} in this sound.",
        help=f"{percent(sound['probability_of_spectrogram'])} {genre_name(genre)} in the "
        "spectrogram that it was made from, by gradient ascent; where no instrument plays, "
        "Griffin-Lim turned the spectrogram into sound.",
    )
    st.caption(words.format(tempo=f"{sound['beats_per_minute']:.0f} beats a minute"))


def show_averages(genre: str, portraits: GenrePortraits) -> None:
    """Show where a genre's evidence lies on average, in words and pictures."""
    own, averages = portraits.of(genre), portraits.averages
    found = findings(own, averages)
    st.header(f"{sentence(genre_name(genre))}: {found.summary}", anchor=False)
    st.markdown("\n".join(f"- {line}" for line in found.sentences), width=LINE)
    ranges, rhythm = st.columns(2, gap="large")
    with ranges:
        st.markdown("**Where the evidence lies**")
        show_ranges(genre, own, averages["range_edges_hz"])
        st.caption(
            "Bars: this genre, with a thin line as far as chance may have moved them. Upright "
            "marks: the average of the other nine.",
            help="The 95 % interval: bootstrapped over tracks.",
        )
    with rhythm:
        st.markdown("**How fast it rises and falls**")
        show_rhythm(genre, averages)
    with st.expander("All numbers, and how they were found"):
        st.markdown("**From low to high, as finely as the network tells apart**")
        show_profile(genre, averages)
        show_statistics(own, averages)
        st.markdown(how_it_was_found(genre, portraits), width=LINE)
    show_source(portraits.result)


def how_it_was_found(genre: str, portraits: GenrePortraits) -> str:
    """Say what the averages are averages of."""
    own, averages = portraits.of(genre), portraits.averages
    level = percent(averages["contrast_level"])
    return (
        f"Means over {own['tracks']} {genre_name(genre)} tracks of the test set, all of them, "
        f"also those that the network misjudges: it names {own['right']} of them right. The "
        "evidence is the positive part of the class activation map (CAM) of each track's own "
        "genre, as shares of its sum, so loud tracks count no more than others. The map has a "
        f"cell every {averages['seconds_per_cell']:.2f}{NBSP}s, and from one to the next it comes "
        "and goes. Rhythm is finer: rises in level from one frame of the network to the next, "
        f"{averages['frames_per_second']:.1f} a second, weighed by the evidence at their place. "
        "Percussive is what librosa's harmonic-percussive separation of the same spectrograms "
        "takes for it. Intervals are bootstrapped over tracks. A sentence above stands only if "
        f"the difference from the other nine genres keeps its sign within a {level} interval "
        "and is at least a tenth of their mean. These are "
        "figures of the network and of this collection, not laws of music."
    )


@st.fragment
def show_what_speaks(genre: str) -> None:
    """Play where songs speak most for a genre, and its parts."""
    classifier = wait_for_network()
    own = None
    if (clip := current_clip()) and not current_sample():
        # What is wrong with it is said where it is chosen.
        with suppress(AudioError):
            own = analysis_of(excerpt_from(clip, current_start()), classifier)
    show_strongest(genre, classifier, own)
    show_parts_of_genre(genre, classifier)


@st.fragment
def show_sample(genre: str) -> None:
    """Show what speaks for a genre in the sample that was made for it."""
    sample = next((one for one in samples().values() if one.genre == genre), None)
    if sample is None:
        return
    st.header(f"In our own {genre_name(genre)} sample", anchor=False)
    analysis = analysis_of(
        excerpt_from(clip_from(sample.read(), sample.file), 0.0), wait_for_network()
    )
    probability = dict(analysis.verdict.ranking)[genre]
    st.markdown(
        f"“{sample.title}” by {sample.author} ({sample.licence}): the network hears "
        f"{genre_name(analysis.verdict.top)}, {percent(analysis.verdict.ranking[0][1])}"
        + (
            "."
            if analysis.verdict.top == genre
            else f", and {genre_name(genre)}, {percent(probability)}."
        )
    )
    scale = float(analysis.relevance(DEFAULT_METHOD, genre).max())
    shown = Shown(evidence_title(DEFAULT_METHOD, genre), DEFAULT_METHOD, genre, scale)
    show_stage(analysis, [shown], key="genre-sample")


def show_own_clip() -> None:
    """Show and play what each genre keeps of the clip at hand."""
    st.header("Your clip as each genre", anchor=False)
    apply_link()
    choose_clip(
        "**Bring a song** and hear what is left of it for each of the ten genres.",
        with_start=True,
    )
    clip = current_clip()
    if clip is None:
        return
    try:
        analysis = analysis_of(excerpt_from(clip, current_start()), wait_for_network())
    except AudioError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.html(
        f"What each genre keeps of {title_of_clip(clip)}, the most probable first. Press "
        "<em>Kept</em> and choose a picture to hear its part; the sound goes on at the same place."
    )
    show_kept_parts(analysis)
    st.caption(
        "The colours mean the same in all pictures, and nothing is turned up: what sounds soft is "
        "soft in the song."
    )


@st.fragment
def show_kept_parts(analysis: Analysis) -> None:
    """Show the kept parts side by side; a new threshold runs no more than this."""
    with st.spinner("Asking the network about every genre…"):
        scale = analysis.peak(DEFAULT_METHOD)
    shown = [
        Shown(f"As {genre_name(genre)}, {percent(probability)}", DEFAULT_METHOD, genre, scale)
        for genre, probability in analysis.verdict.ranking
    ]
    show_stage(analysis, shown, key="as-genres")


enter_through_app()
start_loading_network()
chosen = choose_portrait()
if made := genre_portraits():
    show_made_sounds(chosen, made)
    show_averages(chosen, made)
else:
    st.info("The sounds have not been made yet. This command makes them:")
    st.code(COMMAND, language="bash", wrap_lines=True)
show_what_speaks(chosen)
show_sample(chosen)
show_own_clip()
