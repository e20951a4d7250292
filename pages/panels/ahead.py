"""Maps of what a visitor may choose next, at hand in the browser before it is chosen."""

import logging
import time
from concurrent.futures import Future
from typing import Final

import streamlit as st

from model.analysis import Analysis
from model.explain.methods import METHODS
from pages.panels.choices import GENRE, METHOD, genre_on_list, quick_methods
from pages.panels.stage import Choice, Shown, send_ahead
from pages.session.cached import draw_later
from pages.session.waiting import wait_for
from pages.words.methods import method_name
from pages.words.phrases import evidence_title

# A gradient takes a processor for some tenths of a second, and its map is 0.3 MB on the way.
_OTHER_GENRES: Final = 2
# What runs as a fragment waits as long: the sliders' downloads, the switches of parts.
_PATIENCE: Final = 3.0  # s


def offer_ahead(analysis: Analysis, method: str, genre: str) -> None:
    """Make the maps that may be chosen next and send them; the last that a page does.

    They are the other kinds of picture of the genre, and the most probable other genres in this
    kind; all genres where a map is a by-product of the verdict. What is not ready in time on a
    busy server is left to the page.

    Parameters
    ----------
    analysis : Analysis
        Of the clip on the stage.
    method, genre : str
        What the stage shows.
    """
    quick = quick_methods(analysis)
    if method not in quick:
        return
    pairs = [(other, genre) for other in quick if other != method]
    pairs += [(method, other) for other in _other_genres(analysis, method, genre)]
    asked = [draw_later(analysis, *pair) for pair in pairs]
    deadline = time.monotonic() + _PATIENCE
    try:
        with st.container(gap=None):
            # Always the first, however often the wait below writes to the page.
            place = st.container(gap=None)
            drawn = [
                pair for pair, one in zip(pairs, asked, strict=True) if _is_drawn(one, deadline)
            ]
        if drawn:
            now, *others = [_choice(analysis, *pair) for pair in [(method, genre), *drawn]]
            with place:
                send_ahead(analysis, now, others, (METHOD, GENRE), key="ahead")
    finally:
        # Whoever has moved on does not keep others in the queue.
        for one in asked:
            one.cancel()


def _other_genres(analysis: Analysis, method: str, genre: str) -> list[str]:
    if not METHODS[method].per_class:
        return []
    others = [name for name, _ in analysis.verdict.ranking if name != genre]
    return others if METHODS[method].runs is None else others[:_OTHER_GENRES]


def _is_drawn(asked: Future[None], deadline: float) -> bool:
    if not asked.done():
        wait_for(asked, deadline - time.monotonic())
    if not asked.done() or asked.cancelled():
        return False
    if error := asked.exception():
        # The page has all without it.
        logging.getLogger(__name__).error("no map ahead", exc_info=error)
    return error is None


def _choice(analysis: Analysis, method: str, genre: str) -> Choice:
    scale = float(analysis.relevance(method, genre).max())
    shown = Shown(evidence_title(method, genre), method, genre, scale)
    return Choice(shown, (method_name(method), genre_on_list(analysis, genre)))
