"""Whether a verdict needs its evidence where it is, and the ears of its own song."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from pages.charts.figures import LINE, show_missing, show_source
from pages.session.results import result
from pages.words.phrases import percent

Content = dict[str, Any]

# In the order of the table: key of a condition, and what it is in plain words.
_CONDITIONS: Final = {
    "both": "Both parts, as in the app",
    "ear": "The part that hears sound, alone",
    "other-ear": "Both, but it hears another song",
    "pictures": "The part that looks at the picture, alone",
    "rearranged": "The same, places of its evidence mixed up",
    "other-gate": "The same, what it lets through chosen for another song",
}


def show_ears() -> None:
    """Show how many verdicts are right when one part is given something else."""
    st.subheader("Does each part do its work?", anchor=False)
    st.markdown(
        "Two networks add their scores: one looks at the picture, one hears the sound. Inside the "
        "first, a gate decides how much of the evidence counts at each moment. If the gate alone "
        "decided, mixing up the places of the evidence would change nothing; if one network alone "
        "decided, the other would be an ornament. So each is given what belongs elsewhere.",
        width=LINE,
        help="The evidence is what the convolutions find before the gate; its cells are put in "
        "another order in time and pitch, each with all of its channels.",
    )
    found = result("ears")
    if found is None:
        show_missing("ears")
        return
    st.dataframe(pd.DataFrame(table(found.content)), hide_index=True, width="stretch")
    st.markdown(in_words(found.content), width=LINE)
    show_source(found)


def _by_key(content: Content) -> dict[str, Content]:
    return {row["key"]: row for row in content["conditions"]}


def table(content: Content) -> dict[str, list[str]]:
    """Lay out a line for each condition."""
    rows = _by_key(content)
    return {
        "What decides": list(_CONDITIONS.values()),
        "Right": [percent(rows[key]["accuracy"]) for key in _CONDITIONS],
        "Mean over genres": [percent(rows[key]["mean_over_genres"]) for key in _CONDITIONS],
    }


def in_words(content: Content) -> str:
    """Say what the table comes to."""
    rows = _by_key(content)
    both, pictures = rows["both"]["accuracy"], rows["pictures"]["accuracy"]
    moved, gate = rows["rearranged"]["accuracy"], rows["other-gate"]["accuracy"]
    strange = rows["other-ear"]["accuracy"]
    words = (
        f"On {content['n']} test tracks with sound. With its evidence mixed up, the network on "
        f"pictures is right about {percent(moved)} instead of {percent(pictures)}; with the gate "
        f"of another song, about {percent(gate)}; with the sound of another song, both together "
        f"about {percent(strange)} instead of {percent(both)}. "
    )
    if pictures - moved < (pictures - gate) / 2:
        return words + (
            "So the gate decides more than the places do: it chooses which kinds of evidence "
            "count, and most of these are spread over the song."
        )
    return words + "So the places count for more than the gate alone."
