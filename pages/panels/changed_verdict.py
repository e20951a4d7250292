"""Probabilities of what is left when something has been taken away, beside those before."""

from collections.abc import Mapping

import streamlit as st

from pages.words.phrases import genre_name, percent, sentence

_SHOWN = 4


def show_changed_verdict(
    before: Mapping[str, float], now: Mapping[str, float], genre: str, *, changed: bool
) -> None:
    """Draw the most probable genres.

    Parameters
    ----------
    before, now : mapping of str to float
        Probabilities by genre.
    genre : str
        Shown in any case.
    changed : bool
        Whether anything was taken away, so that the change is told.
    """
    names = sorted(now, key=lambda name: -now[name])[:_SHOWN]
    if genre not in names:
        names[-1] = genre
    for name in names:
        points = f"{100 * (now[name] - before[name]):+.0f}".replace("-", "\u2212")
        moved = f" ({points} points)" if changed else ""
        words = f"{sentence(genre_name(name))} {percent(now[name])}{moved}"
        st.progress(float(now[name]), text=words)
