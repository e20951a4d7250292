"""The entrance: app.py runs first, whichever page's address is opened.

Until app.py has called st.navigation for the first time, a fresh server takes the folder
pages/ for Streamlit's older kind of app and runs the page of an address by itself, without
navigation, logo and layout.
"""

from datetime import timedelta
from pathlib import Path
from typing import Final

import streamlit as st

from pages.session.uploads import begin_uploads

_APP: Final = Path(__file__).parents[2] / "app.py"
# What the session remembers: that app.py has run.
_ENTERED: Final = "entered"
# How often the fragment runs that is there for its interval alone.
_RARELY: Final = timedelta(days=1)


def enter_through_app() -> None:
    """Run app.py in place of the page that calls this, if it has not run in this session.

    It runs the page in turn. All happens in one run, for a switch from page to page would lose
    what the browser of a returning visitor says of its widgets.
    """
    if _ENTERED not in st.session_state:
        code = compile(_APP.read_text(encoding="utf-8"), str(_APP), "exec")
        exec(code, {"__name__": "__main__", "__file__": str(_APP)})
        st.stop()


def begin_session() -> None:
    """Note what a returning browser shows, if this is the session's first run.

    app.py calls this before all else: a visitor who goes to another page at once ends that run,
    and the next one no longer hears of the widgets of the page that was left.
    """
    begin_uploads()


def welcome() -> None:
    """Note that app.py has run and keep in touch; app.py calls this before its page runs."""
    st.session_state[_ENTERED] = True
    _keep_in_touch()


@st.fragment(run_every=_RARELY)
def _keep_in_touch() -> None:
    """Have the browser speak up as soon as a server is back, with what its widgets hold.

    A browser that comes back to a server asks for a run by itself only where something runs at
    intervals. Otherwise the first message is the visitor's next click, and if that leads to
    another page, it brings nothing of the widgets on this one: the sample would be lost.
    """


def go_to_listen() -> None:
    """Lead from the address /listen, which is the page's file name, to the page itself."""
    st.switch_page("pages/listen.py", query_params=st.query_params.to_dict())
