"""The entrance: app.py runs first, whichever page's address is opened.

Until app.py has called st.navigation for the first time, a fresh server takes the folder
pages/ for Streamlit's older kind of app and runs the page of an address by itself, without
navigation, logo and layout.
"""

from pathlib import Path
from typing import Final

import streamlit as st

from pages.session.uploads import begin_uploads

_APP: Final = Path(__file__).parents[2] / "app.py"
# What the session remembers: that app.py has run.
_ENTERED: Final = "entered"


def enter_through_app() -> None:
    """Run app.py in place of the page that calls this, if it has not run in this session.

    It runs the page in turn. All happens in one run, for a switch from page to page would lose
    what the browser of a returning visitor says of its widgets.
    """
    if _ENTERED not in st.session_state:
        code = compile(_APP.read_text(encoding="utf-8"), str(_APP), "exec")
        exec(code, {"__name__": "__main__", "__file__": str(_APP)})
        st.stop()


def welcome() -> None:
    """Begin a session, if this is its first run; app.py calls this before its page runs."""
    st.session_state[_ENTERED] = True
    begin_uploads()


def go_to_listen() -> None:
    """Lead from the address /listen, which is the page's file name, to the page itself."""
    st.switch_page("pages/listen.py", query_params=st.query_params.to_dict())
