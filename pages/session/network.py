"""The network, loaded in the background so that pages are drawn before it is there."""

import gc
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, NoReturn

import numpy as np

# Streamlit imports pandas for the first table that anybody is shown. Plotly, drawing for another
# visitor at that moment, could meet a half imported pandas.
import pandas  # noqa: F401
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model.analysis import analyse
from model.audio.clip import Clip
from model.audio.excerpt import prepare
from model.constants import SAMPLE_RATE, WINDOW_SECONDS
from model.explain.methods import DEFAULT_METHOD
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from model.networks.shipped import DEFAULT_MODEL, WeightsError
from pages.session.waiting import wait_for

# Far more than a network takes to load, even one that is left to Keras, on a slow disk.
_PATIENCE = 180.0  # s


# What the session remembers: the network that it asked for.
NETWORK: Final = "network"


def chosen_network() -> str:
    """Name in model/weights of the network that this session has chosen."""
    if get_script_run_ctx(suppress_warning=True) is None:  # the server itself asks
        return DEFAULT_MODEL
    return str(st.session_state.get(NETWORK) or DEFAULT_MODEL)


def _loading() -> Future[Classifier]:
    return _loading_of(chosen_network())


# The usual one, and those that sessions have chosen: the classifiers are kept elsewhere.
@st.cache_resource(max_entries=8, show_spinner=False)
def _loading_of(name: str) -> Future[Classifier]:
    """Start to load a network that all sessions share."""
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="load-network")
    loading = executor.submit(_load_and_warm, name)
    executor.shutdown(wait=False)
    return loading


def _load_and_warm(name: str) -> Classifier:
    """Load the network and go through the whole job once, for the first time is slower.

    Tables are built and modules imported when they are first used: not while somebody waits.
    """
    samples = round(WINDOW_SECONDS * SAMPLE_RATE)
    noise = np.random.default_rng(0).normal(scale=0.1, size=samples).astype(np.float32)
    excerpt = prepare(Clip(noise, name="noise", sha256=""))
    classifier = load_classifier() if name == DEFAULT_MODEL else load_classifier(name)
    analyse(excerpt, classifier).sounds(DEFAULT_METHOD, classifier.genres[0])
    _keep_from_collection()
    return classifier


def _keep_from_collection() -> None:
    """Spare the garbage collector the hundred thousands of objects that are there for good.

    Streamlit has it go through all objects behind every run of a page.
    """
    gc.collect()
    gc.freeze()


def start_loading_network() -> None:
    """Begin to load the network unless that has happened; returns at once."""
    _loading()


def network_is_ready() -> bool:
    """Whether `wait_for_network` has a network to give without waiting."""
    loading = _loading()
    return loading.done() and loading.exception() is None


def wait_for_network() -> Classifier:
    """Return the network; until it is there, say what is going on.

    Where it can not be loaded, the page says why and ends here.
    """
    loading = _loading()
    if not loading.done():
        with st.spinner("Getting ready to listen (only the first time)…", show_time=True):
            wait_for(loading, _PATIENCE)
    try:
        return loading.result(timeout=0)
    except WeightsError as error:
        _stop(f"{error} Without it there is no verdict.")
    except TimeoutError:
        _stop("The network is still not ready after three minutes. Reload the page to look again.")
    except Exception:
        logging.getLogger(__name__).exception("the network could not be loaded")
        _stop(
            "The network could not be loaded, so there is no verdict. "
            "The server's log says what went wrong."
        )


def _stop(message: str) -> NoReturn:
    st.error(message, icon=":material/error:")
    if st.button("Try again", icon=":material/refresh:"):
        _loading_of.clear(chosen_network())
        st.rerun()
    st.stop()
