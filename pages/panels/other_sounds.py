"""Lines beside the verdict: whether it is music, what else is heard, and how familiar it is."""

import logging
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as NotYet
from typing import Final

import streamlit as st

from model.analysis import Analysis
from model.familiarity import Familiarity, familiarity_of
from model.other_sounds import OtherSounds
from pages.session.cached import other_sounds_in
from pages.session.waiting import wait_for
from pages.words.phrases import listed

_PATIENCE: Final = 60.0  # s


def show_other_sounds(analysis: Analysis) -> None:
    """Say how familiar the song is, and what else is heard where that is sure."""
    asked = other_sounds_in(analysis)
    try:
        if not asked.done():
            wait_for(asked, _PATIENCE)
        heard = asked.result(timeout=0)
    except (NotYet, CancelledError):
        return
    except Exception:
        # The verdict stands without this line.
        logging.getLogger(__name__).exception("other sounds could not be heard")
        return
    if words := in_words(heard):
        st.caption(words, help=_EXACTLY)
    # What is no music is unlike any song, which then needs no saying.
    familiarity = familiarity_of(analysis)
    if familiarity is not None and not heard.is_hardly_music:
        st.caption(how_familiar(familiarity), help=_FAMILIAR_EXACTLY)


_EXACTLY: Final = (
    "From YAMNet, a network by Google that tells 521 kinds of sound apart; instruments are among "
    "them, and genres are left to our own network. A sound is named where its probability is above "
    "50 % for a tenth of the time. It counts as hardly any music where another sound is more "
    "probable than every kind of music."
)


_FAMILIAR_EXACTLY: Final = (
    "Measured by the distance between this clip and the songs that the network learned from, in "
    "the features that its ear goes by. The comparison is with songs that it has not learned from. "
    "It tells what is unusual, not what is wrong: *About the model* shows how often each is right."
)


def how_familiar(found: Familiarity) -> str:
    """Say how much a song is like those of training, as Markdown."""
    if found.is_strange:
        return (
            "**Unlike anything the network knows.** Hardly any of the songs that it was tried with "
            "is as far from all it has learned from: take the genre as a guess."
        )
    closer = 100 - max(1, round(100 * found.share))
    if found.is_unusual:
        return (
            f"Unusual for the network: of 100 songs that it was tried with, {closer} are more like "
            "those it has learned from."
        )
    return "Familiar ground: the network has learned from songs much like this one."


def in_words(heard: OtherSounds) -> str:
    """Say what is heard, as Markdown; empty where there is nothing to say."""
    parts = []
    if heard.is_hardly_music:
        parts.append(
            "**This hardly sounds like music.** The network knows nothing but music: take the "
            "genre as a guess."
        )
    if heard.names:
        parts.append(f"Also heard: {listed(heard.names)}.")
    return " ".join(parts)
