"""A link that brings back what somebody looked at: sample, class, method and threshold.

The address is read once, when a session begins; from then on the widgets have the say. It is
taken back as soon as another clip comes, for it would no longer say what is on the page.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model.analysis import Analysis
from model.constants import GENRES
from model.explain.methods import METHODS
from model.genres import merged_names
from pages.panels.choices import ask_for_genre, ask_for_method, merge_genres
from pages.panels.clip_picker import clip_is_coming, current_clip, current_sample, load_sample
from pages.panels.stage import keep_from
from pages.session.samples import samples

SAMPLE, METHOD, GENRE, THRESHOLD, MERGED = "sample", "method", "class", "threshold", "merged"
_NAMES: Final = (SAMPLE, METHOD, GENRE, THRESHOLD, MERGED)

# What the addresses of pages end in, the app's own address being that of Listen.
_PAGES: Final = frozenset(page.stem for page in Path(__file__).parents[1].glob("*.py"))

# What the session remembers: whether the address was read, what could not be used of it, and
# the clip that came first.
_FOLLOWED, _PROBLEMS, _CLIP = "link_followed", "link_problems", "link_clip"


def apply_link() -> None:
    """Do what the address asks for when a session begins, and say what could not be done."""
    asked = {name: st.query_params[name] for name in _NAMES if name in st.query_params}
    if not asked:
        return
    if _FOLLOWED not in st.session_state:
        st.session_state[_FOLLOWED] = True
        st.session_state[_PROBLEMS] = _apply(asked)
    clip = current_clip()
    if clip and st.session_state.setdefault(_CLIP, clip.sha256) != clip.sha256:
        for name in asked:
            del st.query_params[name]
        return
    for problem in st.session_state[_PROBLEMS]:
        st.warning(problem, icon=":material/link_off:")
    if not clip and not clip_is_coming():
        st.info(
            "Your link brings its settings, but not the song. Bring the song, and they are used.",
            icon=":material/link:",
        )


def _apply(asked: dict[str, str]) -> list[str]:
    """Set what can be set; give a sentence on each of the others."""
    problems = []
    merged = asked.get(MERGED) == "1"
    classes = merged_names(GENRES) if merged else GENRES
    # Name of the part, whether it can be used, what that does, and what is done instead.
    parts: tuple[tuple[str, Callable[[str], bool], Callable[[str], None], str], ...] = (
        (
            MERGED,
            lambda value: value in {"0", "1"},
            lambda _: merge_genres(merged),
            "whether genres are merged can be 0 or 1 only, so none are",
        ),
        (
            METHOD,
            METHODS.__contains__,
            ask_for_method,
            "it asks for a kind of picture that is not known here, so the usual one is shown",
        ),
        (
            GENRE,
            classes.__contains__,
            ask_for_genre,
            "it names a genre that is not known here, so the most probable one is shown",
        ),
        (
            THRESHOLD,
            _is_share,
            lambda value: keep_from(float(value)),
            "how much it keeps is no number from 0 to 1, so the usual amount is kept",
        ),
        (
            SAMPLE,
            samples().__contains__,
            lambda value: load_sample(samples()[value]),
            "its sample is not in this copy of the app: take another, or bring a song",
        ),
    )
    for name, is_usable, use, instead in parts:
        if name not in asked:
            continue
        if is_usable(asked[name]):
            use(asked[name])
        else:
            problems.append(f"Not all of your link could be used: {instead}.")
    return problems


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1  # which NaN is not
    except ValueError:
        return False


def offer_link(analysis: Analysis, method: str, genre: str, threshold: float) -> None:
    """Offer a link to what is on the page, to be copied."""
    asked = {METHOD: method, GENRE: genre, THRESHOLD: f"{threshold:.4g}"}
    if analysis.merges:
        asked[MERGED] = "1"
    sample = current_sample()
    if sample:
        asked = {SAMPLE: sample.file, **asked}
    with st.popover("Copy link", type="tertiary", icon=":material/link:"):
        st.caption(
            "Opens this sample with the genre, picture and slider as they are now."
            if sample
            else "Opens the app with the genre, picture and slider as they are now. The song "
            "stays with you: whoever opens the link brings it."
        )
        st.code(f"{_address()}/?{urlencode(asked)}", language=None, wrap_lines=True)


def _address() -> str:
    """Address of the Listen page as the browser sees it, without a slash at its end.

    `st.context.url` is no help: where the path of the app, or its host, ends like the name of a
    page, it takes that off.
    """
    context = get_script_run_ctx()
    url = urlsplit(context.context_info.url if context and context.context_info else "")
    parts = url.path.strip("/").split("/")
    base = st.get_option("server.baseUrlPath").strip("/").split("/")
    if parts[: len(base)] == base:
        parts = base
    elif parts[-1] in _PAGES:
        parts = parts[:-1]
    return urlunsplit((url.scheme, url.netloc, "/".join(parts), "", "")).rstrip("/")
