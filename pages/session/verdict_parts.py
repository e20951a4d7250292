"""The parts of a genre in a clip, made once for the same clip, network and genre."""

import streamlit as st

from model.analysis import Analysis
from model.verdict_parts import PartsDictionary, VerdictParts, divide_verdict


def parts_of(analysis: Analysis, dictionary: PartsDictionary, genre: str) -> VerdictParts:
    """Divide what speaks for a genre among its parts, once."""
    clip, classifier = analysis.excerpt.clip, analysis.classifier
    key = (clip.sha256, analysis.excerpt.start, classifier.sha256, dictionary.card["sha256"])
    return _divided(*key, genre, analysis, dictionary)


# 0.1 MB each.
@st.cache_resource(max_entries=24, show_spinner=False)
def _divided(
    sha256: str,
    start: float,
    model_sha256: str,
    parts_sha256: str,
    genre: str,
    _analysis: Analysis,
    _dictionary: PartsDictionary,
) -> VerdictParts:
    return divide_verdict(_analysis, _dictionary, genre)
