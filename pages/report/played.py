"""What the network calls the sounds that the app plays of its evidence, and tests of them."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from model.explain.methods import METHODS
from pages.charts.figures import LINE, show_missing, show_source
from pages.session.results import result
from pages.words.methods import method_name
from pages.words.phrases import NBSP

Content = dict[str, Any]
Row = dict[str, Any]

_OWN, _NULL = "own", "rearranged"
_AROUND: Final = {"silent": "silence", "-30 dB": f"the rest, 30{NBSP}dB quieter"}
_TESTS: Final = {
    _OWN: "As it is",
    _NULL: "Its values rearranged",
    "reset decoder": "By a decoder that has learned nothing",
    "shuffled labels": "By a decoder that was taught on shuffled genres",
    "another track": "Of another track",
    "half a cell later": f"Half a cell (0.08{NBSP}s) later",
    "MP3": "Kept sound through a small MP3",
    "white noise": "Laid on white noise instead of the song",
}
# The method that all tests were made of.
_TESTED: Final = "listenable"
# Kind of mixture, and what is said of it.
_MIXTURES: Final = {
    "one behind the other": "Two songs of different verdicts one behind the other: how much of the "
    "map for each verdict lies in its own song, half being chance: {}.",
    "one below the other": "The low half of one song under the high half of another: how much of "
    "the map for the verdict lies in the bands of the song that it names: {}.",
}
_PERCENT: Final = f"{NBSP}%"


def show_played() -> None:
    """Show whether what is played of a map is called what the whole is."""
    st.subheader("What the app plays, heard by the network itself", anchor=False)
    found = result("played")
    if found is None:
        show_missing("played")
        return
    content = found.content
    st.markdown(
        "The kept part goes back into the network as sound. Is it called what the whole is, how "
        "much less sure is the network, or is it even surer, and how much is lost with the rest "
        "alone? In brackets: the same map with its values rearranged.",
        width=LINE,
        help="Called alike: Fid-In; loss: average drop; surer: average increase; lost with the "
        "rest alone: faithfulness, as a probability (F. Paissan et al., ICML 2024). On "
        f"{content['seconds']:g}{NBSP}s of each track with sound.",
    )
    st.dataframe(pd.DataFrame(own_table(content)), hide_index=True, width="stretch")
    if joined := joined_in_words(content):
        st.markdown(joined, width=LINE)
    if tests := table_of_tests(content):
        st.markdown(
            f"The decoder behind “{method_name(_TESTED)}” could have learned a trick in place of "
            "the places that count: a texture that only the network hears, or masks that fit every "
            "song. So its maps are put to the test. The first figure is with silence around what "
            f"is kept, the second with the rest 30{NBSP}dB quieter. A map that keeps most of the "
            "sound is called alike whatever it has learned: what tells is how surely, and from how "
            "much of the energy.",
            width=LINE,
        )
        st.dataframe(pd.DataFrame(tests), hide_index=True, width="stretch")
    show_source(found)


def _rows(content: Content, test: str) -> dict[tuple[str, str], Row]:
    return {(row["method"], row["bed"]): row for row in content["rows"] if row["test"] == test}


def own_table(content: Content) -> dict[str, list[str]]:
    """Lay out a line for every map and bed, what would be by chance in brackets."""
    named = map_names(content)
    own, null = (_rows(content, test) for test in (_OWN, _NULL))
    # As the app offers them.
    order = sorted(own, key=lambda key: list(METHODS).index(key[0]))

    def column(figure: str, factor: float, places: int, unit: str = _PERCENT) -> list[str]:
        return [
            " ".join(
                text.format(f"{factor * _value(side[key][figure]):.{places}f}{unit}")
                for side, text in ((own, "{}"), (null, "({})"))
            )
            for key in order
        ]

    return {
        "Map": [named[method] for method, _ in order],
        "Around it": [_AROUND[bed] for _, bed in order],
        "Energy kept": column("energy", 100, 0),
        "Called alike": column("alike", 100, 0),
        **(
            {"Mean over genres": column("alike_over_genres", 100, 0)}
            if all("alike_over_genres" in row for row in own.values())
            else {}
        ),
        "Loss": column("drop", 1, 0),
        "Surer": column("increase", 100, 0),
        "Lost with the rest alone": column("lost_with_the_rest_alone", 1, 2, ""),
    }


def map_names(content: Content) -> dict[str, str]:
    """Name every map as the app does and, in brackets, as the field does."""
    return {
        each["name"]: f"{method_name(each['name'])} ({each['label']})"
        for each in content["methods"]
    }


def _value(figure: float | dict[str, float]) -> float:
    """Return a figure, with an interval or without."""
    return figure["value"] if isinstance(figure, dict) else figure


def table_of_tests(content: Content) -> dict[str, list[str]]:
    """Lay out the tests of the decoder's maps, a line each; empty where it was not measured."""
    rows = {(row["test"], row["bed"]): row for row in content["rows"] if row["method"] == _TESTED}
    tests = list(dict.fromkeys(test for test, _ in rows))
    if not tests:
        return {}

    def column(figure: str, factor: float) -> list[str]:
        return [
            ", ".join(
                f"{factor * rows[test, bed][figure]['value']:.0f}{_PERCENT}" for bed in _AROUND
            )
            for test in tests
        ]

    silent = next(iter(_AROUND))
    return {
        "Map": [_TESTS[test] for test in tests],
        "Energy kept": [
            f"{100 * rows[test, silent]['energy']['value']:.0f}{_PERCENT}" for test in tests
        ],
        "Called alike": column("alike", 100),
        "Loss": column("drop", 1),
        "Surer": column("increase", 100),
    }


def joined_in_words(content: Content) -> str:
    """Say how much of each map lies in the right one of two joined songs."""
    shares = {
        kind: [
            f"{method_name(row['method'])} {100 * row['right']['value']:.0f}{_PERCENT}"
            for row in content["joined"]
            if row["kind"] == kind
        ]
        for kind in _MIXTURES
    }
    words = [_MIXTURES[kind].format(", ".join(each)) for kind, each in shares.items() if each]
    return " ".join(words)
