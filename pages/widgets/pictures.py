"""The mel-spectrogram with a heatmap over it, as Plotly figures.

Arrays go to the browser as one byte a cell: levels as whole dB, relevance as whole
percent of the colour scale.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from model.analysis import Excerpt
from model.constants import DYNAMIC_RANGE_DB
from pages.widgets.cells import MOST, Cells

Float32 = npt.NDArray[np.float32]
_Scale = list[list[Any]]

PICTURE_HEIGHT: Final = 430  # px
PANEL_HEIGHT: Final = 170  # px
PANEL_GAP: Final = 36  # px, with the title of the next panel
_TOP_MARGIN = 26  # px
_BOTTOM_MARGIN = 36  # px

_OUTLINE_CELLS = 9_000

_TICKS = {100: "100 Hz", 250: "250", 500: "500", 1000: "1 kHz", 2000: "2k", 4000: "4k", 8000: "8k"}
_FEW_TICKS = {hertz: _TICKS[hertz] for hertz in (100, 500, 1000, 2000, 4000, 8000)}

# Loudness is grey, so that hue is free for evidence. Orange and blue are told apart
# with every common colour blindness.
_LOUDNESS: _Scale = [[0.0, "#0d0f12"], [0.5, "#565b63"], [1.0, "#f1f3f5"]]
_FOR: _Scale = [
    [0.0, "rgba(255,110,0,0)"],
    [0.2, "rgba(255,110,0,0.12)"],
    [0.5, "rgba(255,130,0,0.6)"],
    [1.0, "rgba(255,214,10,1)"],
]
_AGAINST: _Scale = [
    [0.0, "rgba(0,120,255,0)"],
    [0.2, "rgba(0,120,255,0.12)"],
    [0.5, "rgba(0,140,255,0.6)"],
    [1.0, "rgba(120,214,255,1)"],
]
_AGAINST_AND_FOR: _Scale = [
    *([(1 - share) / 2, colour] for share, colour in reversed(_AGAINST)),
    *([(1 + share) / 2, colour] for share, colour in _FOR),
]


@dataclass(frozen=True, eq=False)
class Panel:
    """One heatmap to draw over the spectrogram.

    Attributes
    ----------
    title : str
        What stands above it.
    relevance : ndarray of float32, shape (mels, frames)
        On any scale.
    scale : float
        The relevance that is drawn in the strongest colour.
    mask : ndarray of float32, shape (mels, frames)
        What is kept: a line is drawn where half of the sound is.
    """

    title: str
    relevance: Float32
    scale: float
    mask: Float32


def plain_picture(excerpt: Excerpt) -> go.Figure:
    """Draw the spectrogram alone, for as long as there is no verdict."""
    cells = Cells.of(excerpt)
    figure = go.Figure(_spectrogram(excerpt.log_mel, cells, hover=True))
    return _laid_out(figure, cells, PICTURE_HEIGHT, top=8, labels=_TICKS)


def picture(excerpt: Excerpt, panel: Panel, opacity: float, against: bool) -> go.Figure:
    """Draw one heatmap over the spectrogram.

    Parameters
    ----------
    excerpt : Excerpt
        What was looked at.
    panel : Panel
        The heatmap.
    opacity : float
        Of the heatmap, 0 to 1.
    against : bool
        Whether to show negative relevance too.

    Returns
    -------
    plotly.graph_objects.Figure
        Time in seconds, mel bands labelled in Hz.
    """
    cells = Cells.of(excerpt)
    figure = go.Figure(_overlaid(excerpt, panel, cells, opacity, against))
    return _laid_out(figure, cells, PICTURE_HEIGHT, top=8, labels=_TICKS)


def panels(excerpt: Excerpt, shown: list[Panel], opacity: float, on_page: int) -> go.Figure:
    """Draw several heatmaps of one excerpt below each other, zoomed together.

    Parameters
    ----------
    excerpt : Excerpt
        What was looked at.
    shown : list of Panel
        From top to bottom.
    opacity : float
        Of the heatmaps, 0 to 1.
    on_page : int
        How many panels the page has in all: the more, the coarser each is, so that the
        page stays light.

    Returns
    -------
    plotly.graph_objects.Figure
        With a panel every PANEL_HEIGHT + PANEL_GAP pixels.
    """
    cells = Cells.of(excerpt, bands=2, at_most=MOST // on_page)
    inner = len(shown) * PANEL_HEIGHT + (len(shown) - 1) * PANEL_GAP
    figure = make_subplots(
        rows=len(shown),
        cols=1,
        shared_xaxes="all",
        shared_yaxes="all",
        vertical_spacing=PANEL_GAP / inner if len(shown) > 1 else 0,
        subplot_titles=[panel.title for panel in shown],
    )
    for row, panel in enumerate(shown, start=1):
        for trace in _overlaid(excerpt, panel, cells, opacity, against=False):
            figure.add_trace(trace, row=row, col=1)
    figure.update_annotations(x=0, xanchor="left", yshift=4, font_size=14)
    height = _TOP_MARGIN + inner + _BOTTOM_MARGIN
    return _laid_out(figure, cells, height, _TOP_MARGIN, _FEW_TICKS)


def _spectrogram(levels: Float32, cells: Cells, hover: bool) -> go.Heatmap:
    return go.Heatmap(
        z=np.rint(levels).astype(np.int8),
        **cells.axes,
        zmin=-DYNAMIC_RANGE_DB,
        zmax=0,
        colorscale=_LOUDNESS,
        showscale=False,
        name="Loudness",
        hoverinfo=None if hover else "skip",
        hovertemplate="%{x:.2f} s, %{y}<br>%{z} dB<extra></extra>" if hover else None,
    )


def _overlaid(
    excerpt: Excerpt, panel: Panel, cells: Cells, opacity: float, against: bool
) -> list[Any]:
    levels = cells.gather(excerpt.log_mel)
    scale = panel.scale if panel.scale > 0 else 1.0
    shares = np.clip(np.rint(cells.gather(panel.relevance) * (100 / scale)), -100, 100)
    heat = go.Heatmap(
        z=shares.astype(np.int8),
        **cells.axes,
        customdata=np.rint(levels).astype(np.int8),
        zmin=-100 if against else 0,
        zmax=100,
        colorscale=_AGAINST_AND_FOR if against else _FOR,
        opacity=opacity,
        showscale=False,
        name="Relevance",
        hovertemplate="%{x:.2f} s, %{y}<br>%{customdata} dB<br>relevance %{z} %<extra></extra>",
    )
    return [_spectrogram(levels, cells, hover=False), heat, *_outline(panel.mask, excerpt, cells)]


def _outline(mask: Float32, excerpt: Excerpt, drawn: Cells) -> list[go.Contour]:
    """Draw a line around what is kept, white with a dark rim to show on any ground."""
    # A mask is smooth: a fraction of its cells draws the same line.
    cells = Cells.of(excerpt, drawn.bands, _OUTLINE_CELLS)
    share = np.rint(cells.gather(mask) * 100).astype(np.int8)
    return [
        go.Contour(
            z=share,
            **cells.axes,
            contours={"coloring": "none", "start": 50, "end": 50, "size": 1},
            line={"color": color, "width": width},
            showscale=False,
            hoverinfo="skip",
            name=name,
        )
        for name, color, width in (("Rim", "#0d0f12", 3.5), ("Kept", "#ffffff", 1.5))
    ]


def _laid_out(
    figure: go.Figure, cells: Cells, height: int, top: int, labels: dict[int, str]
) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 58, "r": 4, "t": top, "b": _BOTTOM_MARGIN, "pad": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor=_LOUDNESS[0][1],
        showlegend=False,
        # The zoom survives a new threshold, but not another stretch of sound.
        uirevision=str(cells.extent),
    )
    extent = cells.extent
    begin, end = extent["time"]
    figure.update_xaxes(
        range=[begin, end],
        minallowed=begin,
        maxallowed=end,
        ticksuffix=" s",
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        type="category", range=extent["rows"], showgrid=False, zeroline=False, **cells.ticks(labels)
    )
    return figure
