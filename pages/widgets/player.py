"""Players for the original, what is kept and the rest."""

from pathlib import Path

import streamlit as st

from model.explain import METHODS
from pages.widgets.cached import Parts
from pages.widgets.words import evidence_title, genre_name, percent


def show_players(parts: Parts, name: str, method: str, genre: str) -> None:
    """Play and offer for download the three sounds of one explanation.

    Parameters
    ----------
    parts : Parts
        The sounds.
    name : str
        Name of the clip, for the files' names.
    method, genre : str
        What was explained how.
    """
    if parts.kept_share == 0:
        st.info(nothing_kept(method, genre), icon=":material/volume_off:")
    original, kept, rest = st.columns(3, gap="large")
    with original:
        _player("Original", "The clip as the network heard it.", parts.original)
    with kept:
        _player(
            "Kept",
            f"{evidence_title(method, genre)}: {percent(parts.kept_share)} of the energy.",
            parts.kept,
            _file_name(name, method, genre, "kept"),
        )
    with rest:
        _player(
            "Rest",
            "Everything else. Kept and rest add up to the original.",
            parts.rest,
            _file_name(name, method, genre, "rest"),
        )
    st.caption(
        "All three play at one loudness scale: what is quiet here is quiet in the song.",
    )


def nothing_kept(method: str, genre: str) -> str:
    """Say that there is no evidence to hear."""
    return (
        f"{METHODS[method].label_for(genre_name(genre))} finds nothing in this clip that speaks "
        f"for {genre_name(genre)}, so nothing is kept and the rest is the whole clip."
    )


def _player(title: str, words: str, wav: bytes, file_name: str | None = None) -> None:
    st.markdown(f"**{title}**")
    st.audio(wav, format="audio/wav", alt=title)
    st.caption(words)
    if file_name:
        st.download_button(
            "Download WAV",
            wav,
            file_name,
            "audio/wav",
            key=f"download-{title}",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )


def _file_name(name: str, method: str, genre: str, part: str) -> str:
    words = [Path(name).stem, method, *([genre] if METHODS[method].per_class else []), part]
    return "-".join(words) + ".wav"
