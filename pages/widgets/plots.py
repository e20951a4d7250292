"""How a spectrogram figure is put on the page."""

from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

_CONFIG: Final[dict[str, Any]] = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    "toImageButtonOptions": {"filename": "earmark", "scale": 2},
}


def show_picture(figure: go.Figure, alt: str, key: str | None = None) -> None:
    """Put a spectrogram on the page; dragging zooms, or scrolls the page on a phone."""
    if on_phone():
        figure.update_layout(dragmode=False)
    st.plotly_chart(figure, config=_CONFIG, alt=alt, key=key)


def on_phone() -> bool:
    """Whether the browser says it runs on a phone, where a drag is meant to scroll."""
    return "Mobi" in st.context.headers.get("User-Agent", "")
