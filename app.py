"""Entry point: page config and navigation, nothing else. Run with `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

st.set_page_config(page_title="Earmark", page_icon=":material/hearing:", layout="wide")
st.logo(Path(__file__).parent / "assets" / "logo.svg", size="large")
st.navigation(
    [
        st.Page("pages/listen.py", title="Listen", icon=":material/graphic_eq:", default=True),
        st.Page("pages/compare.py", title="Compare", icon=":material/stacks:"),
        st.Page("pages/about.py", title="About the model", icon=":material/fact_check:"),
    ],
    position="top",
).run()
