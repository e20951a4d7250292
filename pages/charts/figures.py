"""What all figures of the report share: their colours, their words, and where they come from."""

from collections.abc import Callable
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from pages.session.results import PROTOCOLS, Result, command_for, result
from pages.words.phrases import NBSP

# The first two colours of the theme's charts.
_COLOURS: Final = {
    "light": {"random": "#0A6B70", "filtered": "#E06000"},
    "dark": {"random": "#5CC8C4", "filtered": "#C9752F"},
}
# Legible on light and dark ground alike.
QUIET: Final = "rgba(128,132,140,0.75)"
# How wide a text may be and still be read with ease.
LINE: Final = 800  # px


def is_dark() -> bool:
    """Whether the page is drawn on a dark ground."""
    return st.context.theme.type == "dark"


def colour(protocol: str) -> str:
    """Look up the colour of a protocol."""
    return _COLOURS["dark" if is_dark() else "light"][protocol]


def exactly(share: float) -> str:
    """Write a share as a percentage with one decimal."""
    return f"{100 * share:.1f}{NBSP}%"


def between(interval: list[float]) -> str:
    """Write a 95 % interval of a share."""
    low, high = interval
    return f"{100 * low:.0f} to {100 * high:.0f}{NBSP}%"


def points(difference: float) -> str:
    """Write a difference of two shares, in percentage points."""
    return f"{100 * difference:+.1f}".replace("-", "\u2212")


def error_bars(shares: list[float], intervals: list[list[float]], **looks: Any) -> dict[str, Any]:
    """Build the bars from each share to the ends of its interval."""
    pairs = list(zip(shares, intervals, strict=True))
    return {
        "array": [high - share for share, (_, high) in pairs],
        "arrayminus": [share - low for share, (low, _) in pairs],
        "symmetric": False,
        "thickness": 1.5,
        "width": 4,
        **looks,
    }


def show_figure(figure: go.Figure, height: int, alt: str, **options: Any) -> None:
    """Put a figure on the page, on its ground, with nothing to drag.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        With traces and axes.
    height : int
        In pixels.
    alt : str
        What it shows, for those who cannot see it.
    **options
        For `st.plotly_chart`.
    """
    lay_out(figure, height)
    show_laid_out(figure, alt, **options)


def show_laid_out(figure: go.Figure, alt: str, **options: Any) -> None:
    """Put a figure on the page that `lay_out` has been through."""
    st.plotly_chart(figure, config={"displayModeBar": False}, alt=alt, **options)


def lay_out(figure: go.Figure, height: int) -> None:
    """Put a figure on the page's ground, with nothing to drag; its height is in pixels."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": None},
    )
    figure.update_xaxes(fixedrange=True, automargin=True, zeroline=False)
    figure.update_yaxes(fixedrange=True, automargin=True, zeroline=False)


def _whose(network: str) -> str:
    """Say what a network that was measured has to do with the app's."""
    if network.startswith("pictures-"):
        return "the part of the app's network that looks at pictures, without the ear beside it"
    return "the app's earlier network, which had learned from GTZAN alone and had no ear"


def show_source(found: Result) -> None:
    """Name the command behind a figure, and warn if it measured other weights."""
    whose = found.measured_network
    st.caption(
        f"Made by `{found.command}`"
        + (f" These are figures of the network `{whose}`: {_whose(whose)}." if whose else "")
    )
    if found.is_stale:
        st.warning(
            "These figures were measured with other weights than the app now has. "
            "The command above measures them again."
        )


def show_missing(kind: str, protocol: str = "random") -> None:
    """Say that something has not been measured, and how to measure it."""
    st.info("This has not been measured yet. This command measures it:")
    st.code(command_for(kind, protocol), language="bash", wrap_lines=True)


def show_both(kind: str, draw: Callable[[Result], None]) -> None:
    """Draw one kind of result for both protocols, side by side where there is room.

    Parameters
    ----------
    kind : str
        As in `pages.session.results.result`.
    draw : callable
        Draws a result.
    """
    columns = st.columns(len(PROTOCOLS), gap="large")
    for column, (protocol, title) in zip(columns, PROTOCOLS.items(), strict=True):
        with column:
            st.markdown(f"**{title}**")
            found = result(kind, protocol)
            if found is None:
                show_missing(kind, protocol)
            else:
                draw(found)
                show_source(found)
