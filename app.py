"""Entry point: page config and navigation, nothing else. Run with `streamlit run app.py`.

Streamlit imports this file once, when the server starts, for `app`. Then it runs it as the main
program, in every visit and at every click.
"""

from pathlib import Path

import streamlit as st

from pages.panels.network_choice import offer_networks
from pages.session.entrance import begin_session, go_to_listen, welcome
from pages.session.server_start import load_with_server

_ASSETS = Path(__file__).parent / "assets"


def _show_page() -> None:
    begin_session()
    # An icon of our own: one of Streamlit's names would be fetched from another host.
    st.set_page_config(page_title="Earmark", page_icon=_ASSETS / "icon.svg", layout="wide")
    st.logo(_ASSETS / "logo.svg", size="large")
    st.html(_ASSETS / "page.css")
    page = st.navigation(
        [
            st.Page(
                "pages/listen.py",
                title="Listen",
                icon=":material/graphic_eq:",
                url_path="",
                default=True,
            ),
            st.Page("pages/song.py", title="Whole song", icon=":material/timeline:"),
            st.Page("pages/compare.py", title="Compare", icon=":material/stacks:"),
            st.Page("pages/songs.py", title="Several songs", icon=":material/library_music:"),
            st.Page("pages/genres.py", title="What rock sounds like", icon=":material/music_note:"),
            st.Page("pages/filters.py", title="Filters", icon=":material/tune:"),
            st.Page("pages/about.py", title="About the model", icon=":material/fact_check:"),
            st.Page(go_to_listen, title="Listen", url_path="listen", visibility="hidden"),
        ],
        position="top",
    )
    welcome()
    page.run()
    if page.title != "Filters":  # which has the choice of a network at its top
        offer_networks()


if __name__ == "__main__":
    _show_page()
else:
    app = st.App(__file__, lifespan=load_with_server)
