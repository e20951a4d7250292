"""The way in: through app.py, whichever page's address is opened first.

Until app.py has called st.navigation for the first time, a fresh server takes the folder
pages/ for Streamlit's older kind of app and runs the page of an address by itself, without
navigation, logo and layout.
"""

import streamlit as st

# What the session remembers: that app.py has run, and the page to show when it has.
_ENTERED, _WANTED = "entered", "wanted_page"


def enter_by_app(page: str) -> None:
    """Run app.py first, if it has not run before the page that calls this.

    Parameters
    ----------
    page : str
        The calling page, such as "pages/listen.py".
    """
    if _ENTERED not in st.session_state:
        st.session_state[_WANTED] = page
        st.switch_page("app.py", query_params=st.query_params.to_dict())


def welcome() -> None:
    """Note that app.py has run, and go on to the page that sent the visitor through it."""
    st.session_state[_ENTERED] = True
    if _WANTED in st.session_state:
        page = st.session_state.pop(_WANTED)
        st.switch_page(page, query_params=st.query_params.to_dict())
