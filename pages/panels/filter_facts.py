"""What is known of one filter: its genre, and passages of our samples to listen to."""

from functools import lru_cache
from typing import Final

import streamlit as st

from model.audio.clip import decode, encode_wav
from model.constants import SAMPLE_RATE
from model.networks.classifier import Classifier
from pages.session.filter_portraits import FilterPortraits
from pages.session.samples import FOLDER, samples
from pages.words.phrases import genre_name, percent, sentence

# The layer that decides: its channels are filters, and what an ear adds behind them.
LAST: Final = "evidence"
# How long a passage is, in seconds, as the portraits have it, and some before and behind.
_SECONDS, _AROUND = 2.0, 0.5


def ear_genre(classifier: Classifier, layer: str, channel: int) -> str | None:
    """Name the genre of which a channel of the last layer is the ear's evidence, if it is that."""
    first = len(classifier.kernel) - len(classifier.genres)
    of_the_ear = classifier.ear is not None and layer == LAST and channel >= first
    return classifier.genres[channel - first] if of_the_ear else None


def filter_name(classifier: Classifier, layer: str, channel: int) -> str:
    """Name a filter, as a sentence begins."""
    genre = ear_genre(classifier, layer, channel)
    return f"The ear for {genre_name(genre)}" if genre else f"Filter {channel + 1}"


def uncapitalised(name: str) -> str:
    """Name a filter within a sentence."""
    return name[:1].lower() + name[1:]


def filter_label(
    classifier: Classifier, portraits: FilterPortraits | None, layer: str, channel: int
) -> str:
    """Name a filter, with its genre where it is known."""
    name = filter_name(classifier, layer, channel)
    found = portraits.of(layer, channel) if portraits else None
    if not found:
        return name
    if not found["alive"]:
        return f"{name}, silent"
    return f"{name}, {percent(found['purity'])} {genre_name(found['genre'])}"


def describe_filter(
    classifier: Classifier, portraits: FilterPortraits | None, layer: str, channel: int
) -> None:
    """Say what a filter answers to most, and play passages of our samples."""
    if genre := ear_genre(classifier, layer, channel):
        st.markdown(
            "Beside the filters, an ear listens to the sound itself. What it hears of "
            f"{genre_name(genre)} has a place in time and none in pitch."
        )
        return
    found = portraits.of(layer, channel) if portraits else None
    if not found:
        return
    if not found["alive"]:
        st.markdown(f"Filter {channel + 1} answered to none of the test tracks.")
        return
    st.markdown(
        f"Of the passages that **filter {channel + 1}** answers to most, "
        f"**{percent(found['purity'])}** are {genre_name(found['genre'])}."
    )
    known = {file: sample for file, sample in samples().items() if (FOLDER / file).is_file()}
    passages = [one for one in found["passages"] if one["sample"] in known]
    if not passages:
        return
    st.caption("Where it answers most in our samples, the strongest first:")
    for column, one in zip(st.columns(len(passages)), passages, strict=True):
        sample = known[one["sample"]]
        with column:
            st.caption(f"{sentence(genre_name(sample.genre))}, from {one['start']:.0f}\u00a0s on")
            st.audio(
                _passage(one["sample"], one["start"]),
                "audio/wav",
                alt=f"Passage of our {genre_name(sample.genre)} sample",
            )


@lru_cache(maxsize=64)
def _passage(file: str, start: float) -> bytes:
    """Cut a passage out of a sample, as a WAV file; 130 kB."""
    waveform = decode((FOLDER / file).read_bytes(), file).waveform
    first = max(0, round((start - _AROUND) * SAMPLE_RATE))
    return encode_wav(waveform[first : round((start + _SECONDS + _AROUND) * SAMPLE_RATE)])
