"""The choice of a network, under "More" at the end of every page."""

from typing import Final

import streamlit as st

from model.constants import GENRES
from model.networks.shipped import DEFAULT_MODEL, WEIGHTS_FOLDER, WeightsError, read_card
from pages.session.network import NETWORK, chosen_network
from pages.words.networks import network_name

# Whoever learned nothing of genres cannot be chosen, nor what is a part of another network.
_ARCHITECTURES: Final = ("flagship", "two-ears", "filters")


def networks() -> list[str]:
    """List the networks that can be chosen, the usual one first."""
    found = []
    for path in sorted(WEIGHTS_FOLDER.glob("*.json")):
        try:
            card = read_card(path.stem)
        except (WeightsError, ValueError):
            continue
        if card.get("architecture") in _ARCHITECTURES and card.get("classes") == list(GENRES):
            found.append(path.stem)
    return sorted(found, key=lambda name: (name != DEFAULT_MODEL, name))


def choose_network() -> None:
    """Draw the list of networks; all pages then listen with the chosen one."""
    offered = networks()
    if not offered:
        return
    # Set anew in every run: the choice outlives the way to another page.
    chosen = chosen_network()
    st.session_state[NETWORK] = chosen if chosen in offered else offered[0]
    st.selectbox(
        "Network",
        offered,
        format_func=network_name,
        key=NETWORK,
        persist_state="session",
        width=420,
        help="Which network listens, on all pages. All name the same ten genres. The figures of "
        "About the model are those of the usual one, the first of the list.",
    )


def offer_networks() -> None:
    """Draw the choice where nobody stumbles over it: closed, at the end of a page."""
    with st.expander("More"):
        choose_network()
