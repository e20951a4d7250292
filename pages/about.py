"""About the model: what it is, how often it is right, where it fails, and whom to thank.

Every number is read from a file that a command wrote; the command stands below it.
"""

from typing import Any

import streamlit as st

from model.classifier import DEFAULT_MODEL, WeightsError, read_card
from model.constants import WINDOW_SECONDS
from model.explain import METHODS
from pages.widgets.report import show_accuracy
from pages.widgets.results import FOLDER, accuracies, accuracy_command
from pages.widgets.samples import Sample, samples
from pages.widgets.words import genre_name, listed, sentence


def show_card(card: dict[str, Any]) -> None:
    """Show what kind of network it is, and what it is for."""
    st.markdown(
        f"A convolutional network that reads the mel-spectrogram of {WINDOW_SECONDS:.0f} seconds "
        f"and calls it {listed([genre_name(genre) for genre in card['classes']], 'or')}. Behind "
        "its last convolution there is only an average and one weighted sum for each genre. That "
        "is why the evidence can be traced back to places on the spectrogram exactly."
    )
    st.markdown("\n".join(f"- {fact}" for fact in facts(card)))
    for heading, key in (("What it is for", "intended_use"), ("What it is not for", "not_for")):
        if words := card.get(key):
            st.subheader(heading, anchor=False)
            st.markdown(words)
    if training := card.get("training"):
        st.subheader("What it learned from", anchor=False)
        st.markdown(training["data"])
        st.code(training["command"], language="bash", wrap_lines=True)


def facts(card: dict[str, Any]) -> list[str]:
    """Give what the card says of the network itself, a line each."""
    lines = [f"Name: {card['name']}"]
    if "parameters" in card:
        lines.append(f"Size: {card['parameters']:,} parameters, {card['bytes'] / 1e6:.1f}\u00a0MB")
    if cell := card.get("map_cell"):
        lines.append(
            f"Resolution of the evidence: {cell['mel_bands']:g} mel bands by "
            f"{cell['seconds']:.2f}\u00a0s"
        )
    if "licence" in card:
        lines.append(f"Licence: {card['licence']}")
    return [*lines, f"SHA-256 of the weights: `{card['sha256']}`"]


def show_results(card: dict[str, Any]) -> None:
    """Show all measured figures, or how to measure them."""
    st.header("How often it is right", anchor=False)
    results = accuracies()
    if not results:
        st.info("The accuracy has not been measured yet. This command measures it:")
        file = FOLDER / "random_test.json"
        st.code(accuracy_command("random_test", file), language="bash", wrap_lines=True)
    for result in results:
        show_accuracy(result, card["sha256"])


def show_limits(card: dict[str, Any]) -> None:
    """Say what not to expect."""
    st.header("Where it ends", anchor=False)
    limits = [
        *card.get("limits", []),
        "A heatmap says what moved the score. It does not say that the score is right, nor "
        "that a listener would point at the same places.",
    ]
    st.markdown("\n".join(f"- {limit}" for limit in limits))


def show_methods() -> None:
    """Say what each explanation is."""
    st.header("How it is explained", anchor=False)
    for method in METHODS.values():
        st.markdown(f"**{method.label}.** {method.summary}")


def show_credits(card: dict[str, Any]) -> None:
    """Name whose work this builds on."""
    start = card.get("starting_weights")
    offered = samples().values()
    if not start and not offered:
        return
    st.header("Credits", anchor=False)
    if start:
        st.markdown(
            f"The network began as {start['what']} of [{start['name']}]({start['source']}) by "
            f"{start['authors']}, trained on {start['trained_on']} "
            f"([paper]({start['paper']})). {start['copyright']}, {start['licence']} licence."
        )
        st.code(start["conversion"], language="bash", wrap_lines=True)
    if offered:
        with st.expander("The samples"):
            st.markdown("\n".join(f"- {credit(sample)}" for sample in offered))


def credit(sample: Sample) -> str:
    """Say in a line who made a sample, and how."""
    return (
        f"{sentence(genre_name(sample.genre))}: {sample.title}, {sample.author}, "
        f"{sample.licence} ({sample.source})"
    )


st.title("About the model", anchor=False)
try:
    CARD = read_card(DEFAULT_MODEL)
except WeightsError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()
show_card(CARD)
show_results(CARD)
show_limits(CARD)
show_methods()
show_credits(CARD)
