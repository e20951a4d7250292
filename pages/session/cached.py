"""Cached calls into `model`, so that no work is done twice.

Every cache is keyed by the SHA-256 of the file's bytes (and the name it is shown under)
plus parameters, for Streamlit hashes long arrays by a sample only. All are bounded: the
comments say how large an entry can be.
"""

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import streamlit as st

from model.analysis import Analysis, analyse
from model.audio.clip import Clip, decode
from model.audio.excerpt import Excerpt, prepare, sound_start
from model.networks.classifier import Classifier
from model.other_sounds import OtherSounds, hear_sounds
from model.second_opinion import SecondOpinion, second_opinion
from model.songs.whole_song import Span, Window
from model.types import Float32
from pages.session.turns import somebody_waits, until_nobody_waits

# How long others are let go first where there are always some.
_PATIENCE: Final = 20.0  # s


def clip_from(data: bytes, name: str) -> Clip:
    """Decode a file, once for the same bytes and name."""
    return _decoded(hashlib.sha256(data).hexdigest(), name, data)


def sound_start_of(clip: Clip) -> float:
    """Find where a clip's sound begins, in whole seconds, once."""
    return _sounding(clip.sha256, clip)


def excerpt_from(clip: Clip, start: float) -> Excerpt:
    """Cut out and transform what one analysis looks at."""
    return _prepared(clip.sha256, clip.name, start, clip)


def analysis_of(excerpt: Excerpt, classifier: Classifier) -> Analysis:
    """Run the network, once for the same excerpt."""
    clip = excerpt.clip
    with somebody_waits():
        return _analysed(
            clip.sha256, clip.name, excerpt.start, classifier.sha256, excerpt, classifier
        )


def early_answers_of(analysis: Analysis) -> dict[str, Float32]:
    """Ask the first three layers, once for the same excerpt."""
    excerpt, classifier = analysis.excerpt, analysis.classifier
    return _answered(excerpt.clip.sha256, excerpt.start, classifier.sha256, analysis)


def second_opinion_of(excerpt: Excerpt) -> Future[SecondOpinion]:
    """Ask for a second opinion in the background, once for the same excerpt."""
    return _asked(excerpt.clip.sha256, excerpt.start, excerpt)


def forget_second_opinion_of(excerpt: Excerpt) -> None:
    """Ask anew next time."""
    _asked.clear(excerpt.clip.sha256, excerpt.start, excerpt)


def other_sounds_in(analysis: Analysis) -> Future[OtherSounds]:
    """Hear in the background what else there is in an excerpt, once for the same."""
    excerpt = analysis.excerpt
    return _overheard(excerpt.clip.sha256, excerpt.start, analysis)


def draw_later(analysis: Analysis, method: str, genre: str) -> Future[None]:
    """Draw a map in the background, once nobody waits for a verdict; the analysis keeps it."""
    return _draughtsman().submit(_draw, analysis, method, genre)


def windows_heard(clip: Clip, classifier: Classifier) -> dict[Span, Window]:
    """Return the list of a clip's windows heard so far, to which a page adds others."""
    return _heard(clip.sha256, classifier.sha256)


# Up to 53 MB each (10 minutes).
@st.cache_resource(max_entries=4, show_spinner=False)
def _decoded(sha256: str, name: str, _data: bytes) -> Clip:
    return decode(_data, name)


# A number each.
@st.cache_data(max_entries=64, show_spinner=False)
def _sounding(sha256: str, _clip: Clip) -> float:
    return sound_start(_clip)


# 14 MB each, and the clip.
@st.cache_resource(max_entries=6, show_spinner=False)
def _prepared(sha256: str, name: str, start: float, _clip: Clip) -> Excerpt:
    return prepare(_clip, start)


# 4 MB each, up to 22 MB once all classes were drawn, merged and not; and the excerpt.
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


# 44 MB each.
@st.cache_resource(max_entries=2, show_spinner=False)
def _answered(
    sha256: str, start: float, model_sha256: str, _analysis: Analysis
) -> dict[str, Float32]:
    return _analysis.classifier.early_answers(_analysis.prediction.levels)


# Under 0.2 MB each (10 minutes).
@st.cache_resource(max_entries=24, show_spinner=False)
def _heard(sha256: str, model_sha256: str) -> dict[Span, Window]:
    return {}


# One at a time for all sessions: it fills a processor for a second or two.
@st.cache_resource(show_spinner=False)
def _statistician() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="second-opinion")


# Not behind the second opinions of others, which take longer.
@st.cache_resource(show_spinner=False)
def _listener() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="other-sounds")


# One map at a time for all sessions, and behind what they wait for.
@st.cache_resource(show_spinner=False)
def _draughtsman() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="maps-ahead")


def _draw(analysis: Analysis, method: str, genre: str) -> None:
    until_nobody_waits(_PATIENCE)
    analysis.relevance(method, genre)


# A few kB each. A question that was taken back by one session is asked anew for the next.
@st.cache_resource(max_entries=24, show_spinner=False, validate=lambda asked: not asked.cancelled())
def _asked(sha256: str, start: float, _excerpt: Excerpt) -> Future[SecondOpinion]:
    return _statistician().submit(_second_opinion_later, _excerpt)


def _second_opinion_later(excerpt: Excerpt) -> SecondOpinion:
    """Ask for a second opinion once nobody waits for the first."""
    until_nobody_waits(_PATIENCE)
    return second_opinion(excerpt)


# Under 1 kB each; not kept where it failed or was taken back.
@st.cache_resource(
    max_entries=24, show_spinner=False, validate=lambda asked: not _went_wrong(asked)
)
def _overheard(sha256: str, start: float, _analysis: Analysis) -> Future[OtherSounds]:
    return _listener().submit(hear_sounds, _analysis)


def _went_wrong(asked: Future[OtherSounds]) -> bool:
    return asked.done() and (asked.cancelled() or asked.exception() is not None)
