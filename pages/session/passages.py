"""Where our samples speak most for each genre and its parts, and loops of such passages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from model.analysis import Analysis
from model.audio.clip import decode, encode_wav
from model.constants import SAMPLE_RATE
from model.genre_portraits.passages import (
    Course,
    Passage,
    from_json,
    genre_course,
    loop_of,
    strongest_passages,
)
from model.networks.classifier import Classifier
from model.types import Float32
from pages.session.genre_portraits import FOLDER
from pages.session.samples import FOLDER as SAMPLES

COMMAND: Final = "python -m model genre-passages"
# Key of the user's own clip among the songs.
OWN: Final = ""
_FILE: Final = "passages.json"
# A passage of a part, and some before and behind it.
_PART_SECONDS, _AROUND = 2.0, 0.25


@dataclass(frozen=True, eq=False)
class SamplePassages:
    """What the command found.

    Attributes
    ----------
    content : mapping
        Its file.
    """

    content: Mapping[str, Any]

    def courses(self, genre: str) -> dict[str, tuple[Course, float]]:
        """Return the course of a genre in every sample that is there, and its length."""
        return {
            name: (from_json(each[genre]), float(self.content["seconds"][name]))
            for name, each in self.content["courses"].items()
            if (SAMPLES / name).is_file()
        }

    def of_parts(self, genre: str, parts_sha256: str) -> list[list[Mapping[str, Any]]]:
        """Return the passages of each part; none where they are those of other parts."""
        if self.content.get("parts_sha256") != parts_sha256:
            return []
        return [
            [one for one in each if (SAMPLES / one["sample"]).is_file()]
            for each in self.content["parts"][genre]
        ]


def sample_passages(classifier: Classifier) -> SamplePassages | None:
    """Read the file; None where there is none for these weights."""
    path = FOLDER / _FILE
    if not path.is_file():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return SamplePassages(content) if content["model"]["sha256"] == classifier.sha256 else None


def strongest_of(found: SamplePassages, genre: str, own: Analysis | None) -> list[Passage]:
    """Choose the passages of our samples, and of a clip of the user's, that speak most."""
    courses = found.courses(genre)
    if own is not None:
        course = genre_course(own.classifier, own.prediction, genre)
        courses[OWN] = (course, own.excerpt.seconds)
    return strongest_passages(courses)


def loop_wav(passages: list[Passage], own: Analysis | None) -> bytes:
    """Join passages to a loop, as a WAV file, once for the same."""
    return _looped(tuple(passages), own.excerpt.clip.sha256 if own else "", own)


def passage_wav(sample: str, start: float) -> bytes:
    """Cut a passage of a part out of a sample, as a WAV file, which every browser plays."""
    return _cut(sample, start)


# 0.4 MB each.
@st.cache_resource(max_entries=24, show_spinner=False)
def _looped(passages: tuple[Passage, ...], own_sha256: str, _own: Analysis | None) -> bytes:
    waveforms = {one.song: _sound(one.song) for one in passages if one.song != OWN}
    if _own is not None:
        waveforms[OWN] = _own.excerpt.waveform
    return encode_wav(loop_of(passages, waveforms))


# 0.1 MB each, for 10 genres.
@st.cache_resource(max_entries=120, show_spinner=False)
def _cut(sample: str, start: float) -> bytes:
    waveform = _sound(sample)
    first = max(0, round((start - _AROUND) * SAMPLE_RATE))
    return encode_wav(waveform[first : round((start + _PART_SECONDS + _AROUND) * SAMPLE_RATE)])


# 1.5 MB each, of ten samples.
@st.cache_resource(max_entries=10, show_spinner=False)
def _sound(sample: str) -> Float32:
    return decode((SAMPLES / sample).read_bytes(), sample).waveform
