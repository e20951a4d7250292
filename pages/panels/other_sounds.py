"""A line beside the verdict: whether this is music at all, and what else is heard."""

import logging
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as NotYet
from typing import Final

import streamlit as st

from model.analysis import Analysis
from model.other_sounds import OtherSounds
from pages.session.cached import other_sounds_in
from pages.session.waiting import wait_for
from pages.words.phrases import listed

_PATIENCE: Final = 60.0  # s


def show_other_sounds(analysis: Analysis) -> None:
    """Say what another network hears beside the music; nothing where it is sure of nothing."""
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


_EXACTLY: Final = (
    "From YAMNet, a network by Google that tells 521 kinds of sound apart; instruments are among "
    "them, and genres are left to our own network. A sound is named where its probability is above "
    "50 % for a tenth of the time. It counts as hardly any music where another sound is more "
    "probable than every kind of music."
)


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
