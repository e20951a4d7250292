"""The calls into `model` that are worth remembering, so that no work is done twice.

Every cache is keyed by the SHA-256 of the file's bytes (and the name it is shown under)
plus parameters, for Streamlit hashes long arrays by a sample only. All are bounded: the
comments say how large an entry can be.
"""

import hashlib
from dataclasses import dataclass

import streamlit as st

from model.analysis import Analysis, Excerpt, analyse, prepare
from model.audio import Clip, decode
from model.classifier import Classifier


def clip_from(data: bytes, name: str) -> Clip:
    """Decode a file, once for the same bytes and name."""
    return _decoded(hashlib.sha256(data).hexdigest(), name, data)


def excerpt_from(clip: Clip, start: float) -> Excerpt:
    """Cut out and transform what one analysis looks at."""
    return _prepared(clip.sha256, clip.name, start, clip)


def analysis_of(excerpt: Excerpt, classifier: Classifier) -> Analysis:
    """Run the network, once for the same excerpt."""
    clip = excerpt.clip
    return _analysed(clip.sha256, clip.name, excerpt.start, classifier.sha256, excerpt, classifier)


@dataclass(frozen=True)
class Parts:
    """What there is to play: three WAV files at one gain.

    Attributes
    ----------
    original, kept, rest : bytes
        16-bit WAV files.
    kept_share : float
        Share of the excerpt's energy that the kept part holds; 0 if nothing is kept.
    """

    original: bytes
    kept: bytes
    rest: bytes
    kept_share: float


def parts_of(analysis: Analysis, method: str, genre: str, threshold: float) -> Parts:
    """Split the excerpt into what speaks for a class and the rest, as WAV files."""
    excerpt = analysis.excerpt
    return _split(
        excerpt.clip.sha256,
        excerpt.start,
        analysis.classifier.sha256,
        method,
        genre,
        threshold,
        analysis,
    )


# Up to 53 MB each (10 minutes).
@st.cache_resource(max_entries=4, show_spinner=False)
def _decoded(sha256: str, name: str, _data: bytes) -> Clip:
    return decode(_data, name)


# 14 MB each, and the clip.
@st.cache_resource(max_entries=6, show_spinner=False)
def _prepared(sha256: str, name: str, start: float, _clip: Clip) -> Excerpt:
    return prepare(_clip, start)


# Under 1 MB each, and the excerpt.
@st.cache_resource(max_entries=6, show_spinner=False)
def _analysed(
    sha256: str,
    name: str,
    start: float,
    model_sha256: str,
    _excerpt: Excerpt,
    _classifier: Classifier,
) -> Analysis:
    return analyse(_excerpt, _classifier)


# 4 MB each.
@st.cache_resource(max_entries=24, show_spinner=False)
def _split(
    sha256: str,
    start: float,
    model_sha256: str,
    method: str,
    genre: str,
    threshold: float,
    _analysis: Analysis,
) -> Parts:
    sounds = _analysis.sounds(method, genre, threshold)
    return Parts(
        original=sounds.wav("original"),
        kept=sounds.wav("kept"),
        rest=sounds.wav("rest"),
        kept_share=sounds.kept_share,
    )
