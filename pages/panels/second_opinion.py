"""A second opinion from song statistics, beside the verdict of the network on the spectrogram."""

import logging
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as NotYet
from typing import Final

import streamlit as st

from model.analysis import Analysis
from model.audio.excerpt import Excerpt
from model.constants import WINDOW_SECONDS
from model.networks.shipped import WeightsError, read_card
from model.second_opinion import DEFAULT_SONG_MODEL, SecondOpinion
from pages.session.cached import forget_second_opinion_of, second_opinion_of
from pages.session.waiting import wait_for
from pages.words.phrases import NBSP, genre_name, percent, sentence
from pages.words.statistics import statistic_name, what_one_hears

# Far more than the statistics of one window take on a slow machine.
_PATIENCE: Final = 60.0  # s
# How often to ask if others, who asked the same, take the question back.
_ATTEMPTS: Final = 3
# Clips shorter than what it learned from by no more than this are as good.
_TOLERANCE: Final = 1.0  # s
_RANKS: Final = 3


def show_second_opinion(analysis: Analysis) -> None:
    """Show what the other network says; all else on the page can be used in the meantime."""
    st.subheader("A second opinion, on the sound as a whole", anchor=False)
    opinion = _opinion(analysis)
    if opinion is None:
        return
    words, ranks, reasons = st.columns(3, gap="large")
    with words:
        st.markdown(agreement(analysis, opinion))
        st.caption(_about(analysis), help=_exactly())
    with ranks:
        st.markdown(_ranks(analysis, opinion))
    with reasons:
        st.markdown(_reasons(opinion), help=_figures(opinion))
        st.caption(
            "The percentage is what would be left if this one thing were as in the average song."
        )


def _opinion(analysis: Analysis) -> SecondOpinion | None:
    """Wait for the opinion; where there is none, say why."""
    try:
        opinion = _answer(analysis.excerpt)
    except NotYet:
        st.caption("It is taking unusually long. Reload the page to look again.")
    except WeightsError as error:
        forget_second_opinion_of(analysis.excerpt)
        st.caption(f"There is none: {error}")
    except Exception:
        forget_second_opinion_of(analysis.excerpt)
        logging.getLogger(__name__).exception("there is no second opinion")
        st.caption("It could not be worked out for this clip. The server's log says why.")
    else:
        return opinion.merged if analysis.merges else opinion
    return None


def _answer(excerpt: Excerpt) -> SecondOpinion:
    for _ in range(_ATTEMPTS):
        asked = second_opinion_of(excerpt)
        try:
            if not asked.done():
                with st.spinner("Getting a second opinion…", show_time=True):
                    wait_for(asked, _PATIENCE)
            return asked.result(timeout=0)
        except CancelledError:
            continue  # another session with this clip has moved on: see below
        finally:
            # Whoever has moved on to another clip does not keep others in the queue.
            asked.cancel()
    raise NotYet


def agreement(analysis: Analysis, opinion: SecondOpinion) -> str:
    """Say whether the two agree, as Markdown."""
    top, probability = opinion.ranking[0]
    verdict = f"**{genre_name(top)}**, {percent(probability)}"
    if top == analysis.verdict.top:
        return f"It agrees: {verdict}."
    other = genre_name(analysis.verdict.top)
    place = [genre for genre, _ in opinion.ranking].index(analysis.verdict.top) + 1
    own = percent(dict(opinion.ranking)[analysis.verdict.top])
    return (
        f"It disagrees: {verdict}, where the first opinion is {other}. "
        f"{sentence(other)} is number {place} on its list, with {own}."
    )


def _about(analysis: Analysis) -> str:
    about = (
        "A smaller network judges how the sound is on average: how loud, bright and fast, with "
        "which tone colours. It cannot say where in the song."
    )
    seconds = analysis.excerpt.seconds
    if seconds < WINDOW_SECONDS - _TOLERANCE:
        about += (
            f" It learned from pieces of {WINDOW_SECONDS:.0f}{NBSP}s. This one has only "
            f"{seconds:.0f}{NBSP}s, so do not rely on it."
        )
    return about


def _exactly() -> str:
    right = percent(read_card(DEFAULT_SONG_MODEL)["training"]["valid_accuracy"])
    return (
        "Its input is 57 numbers: means and variances of loudness, brightness, tone colour (20 "
        "shades, from broad to fine) and the like over the whole excerpt, and the tempo. It names "
        f"{right} of the validation tracks right."
    )


def _ranks(analysis: Analysis, opinion: SecondOpinion) -> str:
    lines = ["|  | First opinion | Second opinion |", "|---|---|---|"]
    both = zip(analysis.verdict.ranking[:_RANKS], opinion.ranking[:_RANKS], strict=True)
    for rank, pairs in enumerate(both, start=1):
        cells = [f"{genre_name(genre)} {percent(probability)}" for genre, probability in pairs]
        lines.append(f"| {rank} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _reasons(opinion: SecondOpinion) -> str:
    top, probability = opinion.ranking[0]
    reasons = opinion.contributions(top)
    if not reasons:
        return f"Nothing by itself speaks for {genre_name(top)}."
    lines = [f"What speaks most for {genre_name(top)} ({percent(probability)}):\n"]
    lines += [
        f"- {what_one_hears(one.name, one.deviation)}: {percent(one.without)} without it"
        for one in reasons
    ]
    return "\n".join(lines)


def _figures(opinion: SecondOpinion) -> str | None:
    top, _ = opinion.ranking[0]
    reasons = opinion.contributions(top)
    if not reasons:
        return None
    lines = [
        f"- {statistic_name(one.name)} (`{one.name}`): {abs(one.deviation):.1f} standard "
        f"deviations {'above' if one.deviation > 0 else 'below'} the mean of the training tracks"
        for one in reasons
    ]
    if any("mfcc" in one.name for one in reasons):
        lines.append(
            "\nTone colours are the MFCCs: shapes of the spectrum, from 1, the coarsest, to 20."
        )
    return "\n".join(lines)
