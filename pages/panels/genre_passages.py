"""The most rock ten seconds, and the parts of a genre, with passages to listen to."""

from typing import Final

import streamlit as st

from model.analysis import Analysis
from model.networks.classifier import Classifier
from model.networks.shipped import WeightsError
from model.verdict_parts import EAR, load_dictionary
from pages.charts.figures import LINE
from pages.session.passages import (
    COMMAND,
    OWN,
    loop_wav,
    passage_wav,
    sample_passages,
    strongest_of,
)
from pages.session.samples import samples
from pages.words.phrases import NBSP, clock, genre_name, percent, sentence

_COLUMNS: Final = 3


def show_strongest(genre: str, classifier: Classifier, own: Analysis | None) -> None:
    """Play the passages of our samples and of the user's clip that speak most for a genre.

    Parameters
    ----------
    genre : str
        One of the network's.
    classifier : Classifier
        The network.
    own : Analysis or None
        Of the user's clip, if there is one that is not a sample of ours.
    """
    name = genre_name(genre)
    st.header(f"The most {name} ten seconds", anchor=False)
    found = sample_passages(classifier)
    if found is None:
        st.info("The passages were not looked up for this network. This command does it:")
        st.code(COMMAND, language="bash", wrap_lines=True)
        return
    passages = strongest_of(found, genre, own)
    if not passages:
        return
    whose = "our samples and of your song" if own else "our samples"
    st.markdown(
        f"The passages of {whose} that speak most for {name}, one after the other, over and over.",
        width=LINE,
        help="Chosen by the class activation maps of both heads: the log-odds of the genre from "
        "moment to moment. Two passages of one song at most, if others have any. All are brought "
        "to one loudness.",
    )
    left, right = st.columns(2, gap="large")
    with left:
        alt = f"The most {name} ten seconds"
        st.audio(loop_wav(passages, own), "audio/wav", loop=True, alt=alt)
    with right:
        known = samples()
        lines = []
        for place, one in enumerate(passages):
            if one.song == OWN:
                song, offset = "Your song", own.excerpt.start if own else 0.0
            else:
                song, offset = f"“{known[one.song].title}”, our sample", 0.0
                song += f" of {genre_name(known[one.song].genre)}"
            seconds = one.end - one.start
            lines.append(
                f"{place + 1}. {song}, {clock(offset + one.start)} to "
                f"{clock(offset + one.end)} (in the loop from {place * seconds:g}{NBSP}s)"
            )
        st.markdown("\n".join(lines))


def show_parts_of_genre(genre: str, classifier: Classifier) -> None:
    """List the parts of a genre, with the passages of our samples where each is strongest."""
    name = genre_name(genre)
    try:
        dictionary = load_dictionary(classifier)
    except WeightsError as error:
        st.info(str(error))
        return
    if dictionary is None:
        return
    facts = dictionary.facts(genre)
    st.header(f"What {name} is made of", anchor=False)
    st.markdown(
        f"In {sum(dictionary.card['learned_from'][genre].values())} {name} songs that the network "
        f"learned from, what speaks for {name} falls into {len(facts)} parts. Each is played where "
        "it is strongest in our samples, whatever their genre.",
        width=LINE,
        help="Learned by non-negative matrix factorisation of what each channel of both heads' "
        "last layers adds to the score. The percentage is a part's share of all that speaks for "
        f"the genre, over those songs. {dictionary.card['limits']}",
    )
    found = sample_passages(classifier)
    passages = found.of_parts(genre, dictionary.card["sha256"]) if found else []
    order = sorted(range(len(facts)), key=lambda part: -facts[part]["share"])
    for first in range(0, len(order), _COLUMNS):
        columns = st.columns(_COLUMNS, gap="medium")
        for column, part in zip(columns, order[first : first + _COLUMNS], strict=False):
            with column.container(border=True):
                one = facts[part]
                st.markdown(f"**{sentence(one['name'])}**")
                heard = "heard by the ear" if one["head"] == EAR else "seen in the picture"
                st.caption(f"{percent(one['share'])} of what speaks for {name}; {heard}")
                for passage in passages[part] if passages else ():
                    _play(passage["sample"], passage["start"], one["name"])
    if not passages:
        st.info("Passages were not looked up for these parts. This command does it:")
        st.code(COMMAND, language="bash", wrap_lines=True)


def _play(sample: str, start: float, part: str) -> None:
    genre = samples()[sample].genre
    st.caption(f"{sentence(genre_name(genre))} sample, from {clock(start)} on")
    st.audio(
        passage_wav(sample, start), "audio/wav", alt=f"{part}, in our {genre_name(genre)} sample"
    )
