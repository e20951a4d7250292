"""The results of `python -m model genre-sounds`, read from its files."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

from model.audio.clip import decode, encode_wav
from pages.session.results import Result

FOLDER: Final = Path(__file__).parents[2] / "assets" / "genres"
COMMAND: Final = "python -m model genre-sounds --data PATH/TO/GTZAN"
_LIST: Final = "genres.json"


@dataclass(frozen=True, eq=False)
class GenrePortraits:
    """Averages over tracks, and sounds, of every genre.

    Attributes
    ----------
    result : Result
        The file, as other commands' results are.
    """

    result: Result

    @property
    def genres(self) -> list[str]:
        """Genres with a portrait."""
        return list(self.averages["genres"])

    @property
    def averages(self) -> Mapping[str, Any]:
        """Facts that all averages share, and "genres", the averages themselves."""
        portraits: Mapping[str, Any] = self.result.content["portraits"]
        return portraits

    def of(self, genre: str) -> Mapping[str, Any]:
        """Return the averages of one genre."""
        averages: Mapping[str, Any] = self.averages["genres"][genre]
        return averages

    def sounds(self, genre: str) -> list[dict[str, Any]]:
        """Return the facts about one genre's sounds."""
        sounds: list[dict[str, Any]] = self.result.content["sounds"][genre]
        return sounds


def genre_portraits() -> GenrePortraits | None:
    """Read the portraits; None if they have not been made."""
    path = FOLDER / _LIST
    if not path.is_file():
        return None
    return GenrePortraits(Result("random", json.loads(path.read_text(encoding="utf-8"))))


def wav(sound: Mapping[str, Any]) -> bytes:
    """Read a sound's file as WAV, which every browser plays: Safari plays no Ogg before 2025."""
    data = (FOLDER / sound["file"]).read_bytes()
    return _as_wav(hashlib.sha256(data).hexdigest(), sound["file"], data)


# 0.6 MB each, of 30 files.
@st.cache_resource(max_entries=30, show_spinner=False)
def _as_wav(sha256: str, name: str, _data: bytes) -> bytes:
    return encode_wav(decode(_data, name).waveform)
