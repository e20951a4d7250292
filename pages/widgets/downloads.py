"""What can be taken along: the sounds as WAV files, made when they are asked for."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from model.analysis import Analysis
from model.explain import METHODS
from model.reconstruct import Part, Sounds
from pages.widgets.stage import Settings


def show_downloads(analysis: Analysis, method: str, genre: str, settings: Settings) -> None:
    """Offer what is kept and the rest, and the box and all but it.

    Parameters
    ----------
    analysis : Analysis
        Of the clip.
    method, genre : str
        What is explained how.
    settings : Settings
        As the stage gives them.
    """
    excerpt, box = analysis.excerpt, settings.box
    words = [method, *([genre] if METHODS[method].per_class else [])]

    def split() -> Sounds:
        return analysis.sounds(method, genre, settings.threshold)

    with st.container(horizontal=True):
        _offer("Kept", split, "kept", _file_name(excerpt.name, *words, "kept"))
        _offer("Rest", split, "rest", _file_name(excerpt.name, *words, "rest"))
        if box:

            def cut() -> Sounds:
                return box.split(excerpt.waveform, excerpt.stft)

            _offer("Box", cut, "kept", _file_name(excerpt.name, "box"))
            _offer("All but the box", cut, "rest", _file_name(excerpt.name, "all-but-the-box"))


def _offer(title: str, sounds: Callable[[], Sounds], part: Part, file_name: str) -> None:
    st.download_button(
        f"{title} (WAV)",
        lambda: sounds().wav(part),
        file_name,
        "audio/wav",
        key=f"download-{title}",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


def _file_name(name: str, *words: str) -> str:
    return "-".join([Path(name).stem, *words]) + ".wav"
