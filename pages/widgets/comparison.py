"""Several heatmaps of one clip on the same axes, each with its player."""

from dataclasses import dataclass

import streamlit as st

from model.analysis import Analysis
from pages.widgets.cached import Parts, parts_of
from pages.widgets.pictures import PANEL_GAP, PANEL_HEIGHT, Panel, panels
from pages.widgets.player import nothing_kept
from pages.widgets.plots import on_phone, show_picture
from pages.widgets.words import listed, percent


@dataclass(frozen=True)
class Shown:
    """One of the things compared.

    Attributes
    ----------
    title : str
        What it is called.
    method, genre : str
        What is explained how.
    scale : float
        Relevance of the strongest colour.
    """

    title: str
    method: str
    genre: str
    scale: float


def show_comparison(
    analysis: Analysis, shown: list[Shown], threshold: float, opacity: float
) -> None:
    """Draw all heatmaps with their players.

    One figure holds them all, which links their zoom, with the players beside it. A phone
    is too narrow for that and does not zoom by dragging: there each heatmap is a figure of
    its own, with its player below.

    Parameters
    ----------
    analysis : Analysis
        Of the clip.
    shown : list of Shown
        What to compare, from top to bottom.
    threshold, opacity : float
        As on the Listen page.
    """
    with st.spinner("Cutting out the sounds…"):
        sounds = [parts_of(analysis, item.method, item.genre, threshold) for item in shown]
    drawn = [
        Panel(
            item.title,
            analysis.relevance(item.method, item.genre),
            item.scale,
            analysis.mask(item.method, item.genre, threshold),
        )
        for item in shown
    ]
    if on_phone():
        for item, panel, parts in zip(shown, drawn, sounds, strict=True):
            _picture(analysis, [panel], opacity, len(shown))
            _player(item, parts)
        return
    pictures, players = st.columns([3, 1], gap="medium")
    with pictures:
        _picture(analysis, drawn, opacity, len(shown))
    with players, st.container(gap=PANEL_GAP):
        for item, parts in zip(shown, sounds, strict=True):
            # As high as its panel, to stand beside it.
            with st.container(height=PANEL_HEIGHT, border=False, vertical_alignment="center"):
                st.markdown(f"**{item.title}**")
                _player(item, parts)


def _picture(analysis: Analysis, drawn: list[Panel], opacity: float, on_page: int) -> None:
    titles = listed([panel.title for panel in drawn])
    show_picture(
        panels(analysis.excerpt, drawn, opacity, on_page),
        alt=f"Heatmap over the spectrogram: {titles}",
    )


def _player(item: Shown, parts: Parts) -> None:
    if parts.kept_share == 0:
        st.caption(nothing_kept(item.method, item.genre))
        return
    st.audio(parts.kept, format="audio/wav", alt=f"Kept for {item.title}")
    st.caption(f"{percent(parts.kept_share)} of the energy")
