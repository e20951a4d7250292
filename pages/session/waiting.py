"""Waiting for work in the background without holding up what the user does next."""

from concurrent.futures import Future, wait
from typing import Any, Final

import streamlit as st

_TICK: Final = 0.2  # s


def wait_for(work: Future[Any], patience: float) -> None:
    """Wait for the end of some work, or until the user does something else.

    Parameters
    ----------
    work : Future
        What to wait for; it goes on if the wait ends before.
    patience : float
        How long to wait at most, in seconds.
    """
    # Writing to the page at every tick lets Streamlit end this run when the user
    # does something else in the meantime.
    pulse = st.empty()
    for _ in range(int(patience / _TICK)):
        wait([work], timeout=_TICK)
        if work.done():  # which `wait` does not say of work that is cancelled in the queue
            return
        pulse.empty()
