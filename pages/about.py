"""About the model: a report of what it is, how often it is right, where it fails, and why.

Every number is read from a file that a command wrote; the command stands below it.
"""

from pathlib import Path
from typing import Any

import streamlit as st

from model.constants import WINDOW_SECONDS
from model.explain.methods import METHODS
from model.networks.shipped import DEFAULT_MODEL, WeightsError, read_card
from pages.charts.figures import LINE, exactly, show_missing, show_source
from pages.report.accuracy import (
    show_artists,
    show_genres,
    show_headline,
    show_songs_of_today,
)
from pages.report.calibration import show_calibration
from pages.report.comparison import show_comparison
from pages.report.confusion import show_confusions
from pages.report.curves import show_length, show_robustness
from pages.report.ears import show_ears
from pages.report.faithfulness import show_faithfulness
from pages.report.familiarity import show_familiarity
from pages.report.filters import show_filter_loss
from pages.report.judges import show_judges
from pages.report.localisation import show_localisation
from pages.report.parts import show_parts_report
from pages.report.played import show_played
from pages.report.sanity import show_sanity
from pages.report.speed import show_speed
from pages.session.entrance import enter_through_app
from pages.session.results import result
from pages.session.samples import Sample, samples
from pages.words.methods import method_help, method_name, method_sentences
from pages.words.phrases import genre_name, listed, percent, sentence

_TEXTS = Path(__file__).parent / "words"
_CHAPTERS = {
    "protocols": "What the figures mean",
    "comparison": "Beside other networks",
    "confusions": "What it takes for what",
    "calibration": "Whether its probabilities can be trusted",
    "length": "How much it has to hear",
    "robustness": "What a recording may go through",
    "faithfulness": "Is the explanation true?",
    "parts": "Do the parts of a verdict mean something?",
    "filters": "Do its filters mean something?",
    "data": "Faults of the data",
    "use": "What it is for, and what not",
    "ethics": "Genre labels and people",
    "methods": "How it is explained",
    "speed": "How long it takes",
    "credits": "Credits",
}


def chapter_heading(chapter: str) -> None:
    """Draw a chapter's heading, to which the list at the top leads."""
    st.header(_CHAPTERS[chapter], anchor=chapter)


def show_text(name: str) -> None:
    """Draw a text of the page, in lines that are not too long to read."""
    st.markdown((_TEXTS / f"{name}.md").read_text(encoding="utf-8"), width=LINE)


def show_card(card: dict[str, Any]) -> None:
    """Show what kind of network it is."""
    st.markdown(
        "Earmark listens with two neural networks: programs that have learned from songs whose "
        f"genre they were told. One looks at {WINDOW_SECONDS:.0f} seconds of sound as a picture, "
        "pitch from low to high over time; the other, the ear, hears the sound itself, moment by "
        "moment. Together they call it "
        f"{listed([genre_name(genre) for genre in card['classes']], 'or')}. Both look for signs "
        "of each genre place by place and add them up. That is why a verdict can be traced back "
        "to places in the song exactly. The ear knows better when than how high: one half of it "
        "tells four wide ranges of pitch apart, the other half none.",
        width=LINE,
        help="Two convolutional networks whose scores are added. Behind the last convolution of "
        "each there are only a global average and one dense layer, so the mean of a genre's class "
        "activation map, the sum of the two networks' maps, plus its bias is that genre's score. "
        "The ear's map is the sum of what speaks for the genre in the answers of YAMNet's ninth "
        "layer, on four rows of pitch for every 0.16 s, and in those of musicnn, a network that "
        "learned to tag songs, one value for every 0.32 s. Methods "
        "that differentiate the network or run it again on changed pictures, and the fine map's "
        "gradient, ask the network on pictures alone.",
    )


def facts(card: dict[str, Any]) -> list[str]:
    """List the card's facts about the network itself, a line each."""
    lines = [f"Name: {card['name']}"]
    if "parameters" in card:
        lines.append(f"Size: {card['parameters']:,} parameters, {card['bytes'] / 1e6:.1f}\u00a0MB")
    if cell := card.get("map_cell"):
        lines.append(
            f"Smallest place it tells apart: {cell['mel_bands']:g} mel bands by "
            f"{cell['seconds']:.2f}\u00a0s"
        )
    if "licence" in card:
        lines.append(f"Licence: {card['licence']}")
    return [*lines, f"SHA-256 of the weights: `{card['sha256']}`"]


def show_agreement() -> None:
    """Show whether the app's own path leads where the measured pictures led."""
    found = result("agreement")
    if found is None:
        show_missing("agreement")
        return
    content = found.content
    st.markdown(
        "Figures on length and on the maps come from stored pictures of clips. Hearing "
        f"{content['n']} whole clips as sound, the network on pictures came to the same verdict as "
        f"from their pictures in **{exactly(content['share'])}** ({content['agreeing_new']} of the "
        f"{content['n_new']} that it did not learn from); the probability that moved "
        f"most moved by {percent(content['mean_difference'])} on average.",
        width=LINE,
    )
    show_source(found)


def show_use(card: dict[str, Any]) -> None:
    """Say what it is for, and what not to expect."""
    for key in ("intended_use", "not_for"):
        if words := card.get(key):
            name = "Meant" if key == "intended_use" else "Not meant"
            st.markdown(f"**{name}**: {words[:1].lower()}{words[1:]}", width=LINE)
    limits = [
        *card.get("limits", []),
        "A heatmap says what moved the score. It does not say that the score is right, nor "
        "that a listener would point at the same places.",
    ]
    st.markdown("\n".join(f"- {limit}" for limit in limits), width=LINE)


def show_training(card: dict[str, Any]) -> None:
    """Say what it learned from and how to train it again."""
    if training := card.get("training"):
        st.markdown(f"Learned from: {training['data']}.")
        st.code(training["command"], language="bash", wrap_lines=True)


def show_methods() -> None:
    """Say what each explanation is."""
    st.markdown(
        "Each picture answers another question. In brackets stands what researchers call it; the "
        "question mark has the exact statement.",
        width=LINE,
    )
    for name, method in METHODS.items():
        called = method_name(name)
        title = called if called == method.label else f"{called} ({method.label})"
        st.markdown(f"**{title}.** {method_sentences(name)}", width=LINE, help=method_help(name))


def show_credits(card: dict[str, Any]) -> None:
    """Name whose work this builds on."""
    starts = card.get("starting_weights") or []
    for start in [starts] if isinstance(starts, dict) else starts:
        st.markdown(
            f"Where a network began: {start['what']} of [{start['name']}]({start['source']}) by "
            f"{start['authors']}, trained on {start['trained_on']} "
            f"([paper]({start['paper']})). {start['copyright']}, {start['licence']} licence.",
            width=LINE,
        )
        st.code(start["conversion"], language="bash", wrap_lines=True)
    if offered := samples().values():
        with st.expander("The samples"):
            st.markdown("\n".join(f"- {credit(sample)}" for sample in offered))


def credit(sample: Sample) -> str:
    """Say in a line who made a sample, and how."""
    return (
        f"{sentence(genre_name(sample.genre))}: {sample.title}, {sample.author}, "
        f"{sample.licence} ({sample.source})"
    )


enter_through_app()
st.title("About the model", anchor=False)
try:
    CARD = read_card(DEFAULT_MODEL)
except WeightsError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()
show_card(CARD)
show_headline()
show_songs_of_today()
with st.expander("The network itself"):
    st.markdown("\n".join(f"- {fact}" for fact in facts(CARD)))
st.markdown(" · ".join(f"[{title}](#{chapter})" for chapter, title in _CHAPTERS.items()))

chapter_heading("protocols")
show_text("protocols")
show_artists()
chapter_heading("comparison")
show_comparison()
chapter_heading("confusions")
show_confusions()
show_genres()
chapter_heading("calibration")
show_calibration()
show_familiarity()
chapter_heading("length")
show_length()
chapter_heading("robustness")
show_robustness()
show_agreement()
show_ears()
chapter_heading("faithfulness")
show_faithfulness()
show_played()
show_judges()
show_sanity()
show_localisation()
chapter_heading("parts")
show_parts_report()
chapter_heading("filters")
show_filter_loss()
chapter_heading("data")
show_text("gtzan")
show_training(CARD)
chapter_heading("use")
show_use(CARD)
chapter_heading("ethics")
show_text("ethics")
chapter_heading("methods")
show_methods()
chapter_heading("speed")
show_speed()
chapter_heading("credits")
show_credits(CARD)
