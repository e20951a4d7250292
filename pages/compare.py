"""Compare: several classes, or several methods, on one clip, on the same axes."""

import streamlit as st

from model.analysis import Analysis
from model.audio.clip import AudioError, Clip
from model.explain.methods import DEFAULT_METHOD, METHODS
from pages.panels.choices import choose_genre, choose_merging, quick_methods, with_merging
from pages.panels.clip_picker import choose_clip, current_clip, current_start, title_of_clip
from pages.panels.link import apply_link
from pages.panels.stage import Shown, show_stage
from pages.session.cached import analysis_of, excerpt_from
from pages.session.entrance import enter_through_app
from pages.session.network import start_loading_network, wait_for_network
from pages.words.methods import method_name
from pages.words.phrases import evidence_title, genre_name, percent, sentence

# Key of the widget with the kinds of picture.
METHOD = "compare_method"
CLASSES, METHODS_ = "Genres", "Kinds of picture"
INTRODUCTION = """\
**Bring a song** and see side by side what speaks for each genre in it.
"""


def compare(clip: Clip) -> None:
    """Draw the chosen comparison."""
    analysis = with_merging(analysis_of(excerpt_from(clip, current_start()), wait_for_network()))
    st.html(
        f"{title_of_clip(clip)}: <strong>{genre_name(analysis.verdict.top)}</strong>, "
        f"{percent(analysis.verdict.ranking[0][1])}"
    )
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            mode = st.segmented_control(
                "What to put side by side",
                [CLASSES, METHODS_],
                default=CLASSES,
                required=True,
                key="compare_what",
                persist_state="session",
                wrap=True,
            )
            choose_merging()
        shown = choose_classes(analysis) if mode == CLASSES else choose_methods(analysis)
    if len(shown) < 2:
        st.info("Choose at least two genres to compare.")
        return
    show_comparison(analysis, shown)
    st.caption(
        "The colours mean the same in all pictures: the same orange speaks as strongly."
        if mode == CLASSES
        else "Each picture has colours of its own, up to its own strongest place. Compare where "
        "the colour is, not how strong it is."
    )


@st.fragment
def show_comparison(analysis: Analysis, shown: list[Shown]) -> None:
    """Show the maps side by side, with one player; a new threshold runs no more than this."""
    show_stage(analysis, shown, key="comparison")


def choose_classes(analysis: Analysis) -> list[Shown]:
    """Draw the lists of classes and of the methods that tell classes apart."""
    probabilities = dict(analysis.verdict.ranking)
    options = list(probabilities)
    chosen = st.pills(
        "Genres",
        options,
        selection_mode="multi",
        default=options[:3],
        format_func=genre_name,
        # A clip brings its own ranking, and merging other classes: the choice begins anew.
        key=f"compare_classes-{analysis.excerpt.clip.sha256[:16]}-{analysis.excerpt.start}"
        + ("-merged" if analysis.merges else ""),
        persist_state="session",
        wrap=True,
    )
    # Another network may not have what the chosen kind of picture asks for.
    if not analysis.offers(st.session_state.get(METHOD, DEFAULT_METHOD)):
        st.session_state[METHOD] = DEFAULT_METHOD
    method = st.segmented_control(
        "Kind of picture",
        [name for name in quick_methods(analysis) if METHODS[name].per_class],
        format_func=method_name,
        default=DEFAULT_METHOD,
        required=True,
        key=METHOD,
        persist_state="session",
        wrap=True,
        help=f"“{method_name('crm')}” has one picture for all genres: compare it with the others "
        f"under “{METHODS_}”.",
    )
    wanted = [genre for genre in options if genre in chosen]
    scale = analysis.peak(method, wanted)
    return [
        Shown(
            f"{sentence(genre_name(genre))}, {percent(probabilities[genre])}", method, genre, scale
        )
        for genre in wanted
    ]


def choose_methods(analysis: Analysis) -> list[Shown]:
    """Draw the list of classes; all methods that take no wait are shown."""
    genre = choose_genre(analysis)
    return [
        Shown(
            f"{method_name(method)}: {evidence_title(method, genre).lower()}",
            method,
            genre,
            float(analysis.relevance(method, genre).max()),
        )
        for method in quick_methods(analysis)
    ]


enter_through_app()
start_loading_network()
st.title("What sets the genres apart?", anchor=False)
apply_link()
choose_clip(INTRODUCTION, with_start=True)
if clip := current_clip():
    try:
        compare(clip)
    except AudioError as error:
        st.error(str(error), icon=":material/error:")
