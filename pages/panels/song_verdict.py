"""The verdict on a whole song, with its uncertainty, as words and bars."""

from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from model.songs.whole_song import CONFIDENCE, DRAWS, SongVerdict
from pages.charts.colours import genre_colour
from pages.charts.figures import QUIET, between, error_bars, show_figure
from pages.words.phrases import NBSP, genre_name, percent, sentence

_BAR: Final = 32  # px
# With fewer windows than this, an interval drawn from them is hardly one.
_FEW: Final = 6


def show_song_verdict(verdict: SongVerdict, key: str, *, so_far: bool) -> None:
    """Say what the windows say together and how sure that is, and draw all classes.

    Parameters
    ----------
    verdict : SongVerdict
        Of the windows heard.
    key : str
        Begins the key of the chart; another for other windows.
    so_far : bool
        Whether there is more to hear.
    """
    top, probability = verdict.mean.ranking[0]
    title = f"{sentence(genre_name(top))}, {percent(probability)}"
    st.header(f"{title} so far" if so_far else title, anchor=False)
    st.markdown(verdict_in_words(verdict))
    show_figure(
        _bars(verdict),
        len(verdict.mean.classes) * _BAR + 40,
        "Probabilities: "
        + ", ".join(f"{genre_name(name)} {percent(share)}" for name, share in verdict.mean.ranking),
        key=f"{key}-verdict",
    )
    if verdict.interval is not None:
        st.caption(_about_bars(verdict), help=_about_interval(verdict))


def verdict_in_words(verdict: SongVerdict) -> str:
    """Say how sure the verdict is, as Markdown."""
    if verdict.interval is None or verdict.stays_first is None:
        text = "The song is too short to tell how much it varies."
    else:
        index = verdict.mean.classes.index(verdict.mean.top)
        name = genre_name(verdict.mean.top)
        interval = verdict.interval[:, index].tolist()
        text = (
            f"**{between(interval)}**, going by how much its {verdict.windows} half minutes "
            "differ. "
            f"{sentence(name)} is ahead {percent(float(verdict.leads[index]))} of the time. "
        )
        if verdict.stays_first >= CONFIDENCE:
            text += "With other parts like these, hardly any other genre would come first."
        else:
            text += (
                f"With other parts like these, another genre would come first in "
                f"{percent(1 - verdict.stays_first)} of cases, so {name} is one candidate "
                f"among several."
            )
    if verdict.silent_seconds >= 1:
        text += f" {verdict.silent_seconds:.0f}{NBSP}s of silence are left out."
    return text


def _about_bars(verdict: SongVerdict) -> str:
    text = (
        "A bar is the genre's average over the song; the line on it, how much that varies from "
        "part to part."
    )
    if verdict.windows < _FEW:
        text += " The song has few parts, so the lines come out too short."
    return text


def _about_interval(verdict: SongVerdict) -> str:
    return (
        "A bar is the mean over the windows of 30 seconds. The line holds the middle "
        f"{percent(CONFIDENCE)} of {DRAWS:,} such means, each over {verdict.windows} windows drawn "
        "from these with replacement (bootstrap). It tells how much the song varies, not how "
        "often the network is right; see *About the model* for that."
    )


def _bars(verdict: SongVerdict) -> go.Figure:
    names = [name for name, _ in verdict.mean.ranking]
    shares = [share for _, share in verdict.mean.ranking]
    looks: dict[str, Any] = {}
    ends = shares
    if verdict.interval is not None:
        spans = [verdict.interval[:, verdict.mean.classes.index(name)].tolist() for name in names]
        looks = {"error_x": error_bars(shares, spans, color=QUIET)}
        ends = [max(high, share) for share, (_, high) in zip(shares, spans, strict=True)]
    labels = [genre_name(name) for name in names]
    figure = go.Figure(
        go.Bar(
            x=shares,
            y=labels,
            orientation="h",
            marker_color=[genre_colour(name) for name in names],
            hoverinfo="skip",
            **looks,
        )
    )
    figure.add_scatter(
        x=[end + 0.02 for end in ends],
        y=labels,
        mode="text",
        text=[percent(share) for share in shares],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
    )
    figure.update_layout(showlegend=False, bargap=0.35)
    figure.update_xaxes(range=[0, 1.2], visible=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure
