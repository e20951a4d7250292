"""The example that stands on the first page, as long as it is of the network that ships."""

import hashlib
from dataclasses import dataclass

import streamlit as st

from model.audio.clip import decode
from model.export.example import Example, read_example
from model.export.player_payload import pack_sound
from model.networks.shipped import WeightsError, read_card
from pages.session.samples import Sample, samples


@dataclass(frozen=True, eq=False)
class ShownExample:
    """A sample with its explanation, ready for the page.

    Attributes
    ----------
    sample : Sample
        What it is.
    example : Example
        What was made ahead.
    payload : bytes
        Sound and spectrogram, as the player takes them.
    """

    sample: Sample
    example: Example
    payload: bytes


def example_at_hand() -> ShownExample | None:
    """Read the example; None where there is none, or it is of another network or sample."""
    example = read_example()
    if example is None:
        return None
    sample = samples().get(example.facts["sample"])
    try:
        if sample is None or not example.belongs_to(read_card()):
            return None
    except WeightsError:
        return None
    data = sample.read()
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != example.facts["sample_sha256"]:
        return None
    return ShownExample(sample, example, _payload(sha256, data, example))


# 1 MB.
@st.cache_resource(max_entries=2, show_spinner=False)
def _payload(sha256: str, _data: bytes, _example: Example) -> bytes:
    waveform = decode(_data, _example.facts["sample"]).waveform
    return pack_sound(_example.facts["clip"], 0.0, waveform, _example.picture)
