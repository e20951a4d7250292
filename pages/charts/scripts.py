"""What the browser needs to draw charts, fetched before there is a chart to draw."""

import plotly.graph_objects as go
import streamlit as st

_KEY = "chart-scripts"


def fetch_chart_scripts() -> None:
    """Draw an empty chart that nobody sees.

    The scripts for charts are larger than all others together. A browser that fetched and read
    them only beside the first verdict would show picture and sound later by that much.
    """
    with st.container(key=_KEY):
        st.html(f"<style>.st-key-{_KEY} {{ display: none; }}</style>")
        st.plotly_chart(go.Figure(), key=f"{_KEY}-empty")
