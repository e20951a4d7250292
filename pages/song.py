"""Whole song: every window of it heard, its course over time, and one verdict on all of it."""

import streamlit as st

from model.audio.clip import AudioError, Clip
from model.songs.whole_song import Span, hear, verdict_of, windows_of
from pages.charts.song_timeline import show_song_timeline, show_windows
from pages.panels.choices import choose_merging, with_merging
from pages.panels.clip_picker import choose_clip, current_clip, look_from
from pages.panels.link import apply_link
from pages.panels.song_verdict import show_song_verdict
from pages.session.cached import windows_heard
from pages.session.entrance import enter_through_app
from pages.session.network import start_loading_network, wait_for_network
from pages.words.phrases import clock

INTRODUCTION = """\
**Bring a whole song, and you get**
1. the ten genres over its course, up to ten minutes,
2. one verdict on all of it, and how much the song varies,
3. every half minute of it, to open and listen to.
"""
WINDOWS, MOMENTS = "Half minutes", "Moments"
# By whether it is drawn moment by moment.
MEANING = {
    False: "Each step is one half minute, which the network hears as a whole.",
    True: "Each moment is drawn as if its whole half minute sounded like it, so it can look surer "
    "than the half minute is.",
}
# What the session remembers: from a click on a window to the next run, that it is to be
# opened, and the clip that is not to be heard any further.
_OPENING, _STOPPED = "song_opening", "song_stopped"


def show_song(clip: Clip) -> None:
    """Show what was heard of the clip so far, and hear the rest, showing it as it comes."""
    classifier = wait_for_network()
    spans = windows_of(clip)
    known = windows_heard(clip, classifier)
    progress_place = st.empty()
    verdict_column, course_column = st.columns([1, 2], gap="large")
    with verdict_column:
        verdict_place = st.empty()
        choose_merging()
    with course_column:
        fine = choose_detail(len(spans))
        course_place = st.empty()

    shown = 0  # windows

    def show() -> None:
        nonlocal shown
        windows = [with_merging(known[span]) for span in spans if span in known]
        # Nothing is new where another session was faster, and keys may not come back in one run.
        if len(windows) == shown:
            return
        shown = len(windows)
        so_far = shown < len(spans)
        try:
            verdict = verdict_of(windows)
        except AudioError as error:
            verdict_place.info(str(error))
            return
        # An element that changes is another one, so a chart with other windows has another key.
        key = f"song-{clip.sha256[:16]}-{shown}-{fine}-{len(verdict.mean.classes)}"
        with verdict_place.container():
            show_song_verdict(verdict, key, so_far=so_far)
        with course_place.container():
            show_song_timeline(windows, verdict, clip.seconds, key, fine=fine, opened=open_window)
            st.caption(MEANING[fine] + " Click one, above or below, to open it on Listen.")
            show_windows(windows, key, open_window)

    if known:
        show()
    missing = [span for span in spans if span not in known]
    if not missing:
        return
    with progress_place.container(horizontal=True, vertical_alignment="bottom"):
        if st.session_state.get(_STOPPED) == clip.sha256:
            st.markdown(
                f"{len(known)} of {len(spans)} half minutes have been heard.", width="content"
            )
            st.button("Hear the rest", on_click=stop_at, args=(None,))
            return
        progress = st.progress(0.0)
        st.button("Stop here", on_click=stop_at, args=(clip,))
    for span in missing:
        if span not in known:  # else another session has heard it in the meantime
            progress.progress(len(known) / len(spans), progress_text(span, clip))
            known[span] = hear(clip, span, classifier)
        show()
    progress_place.empty()


def stop_at(clip: Clip | None) -> None:
    """Hear a clip no further than it was, or, given None, hear every clip to its end."""
    st.session_state[_STOPPED] = clip and clip.sha256


def progress_text(span: Span, clip: Clip) -> str:
    """Say what is being heard."""
    return f"Hearing {clock(span.start)} to {clock(span.end)} of {clock(clip.seconds)}…"


def choose_detail(windows: int) -> bool:
    """Draw the heading and, for more than one window, the choice of how fine to draw."""
    st.header("Over time", anchor=False)
    if windows == 1:
        return True
    chosen = st.segmented_control(
        "How fine to draw",
        [WINDOWS, MOMENTS],
        default=WINDOWS,
        required=True,
        key="song_detail",
        persist_state="session",
        label_visibility="collapsed",
    )
    return bool(chosen == MOMENTS)


def open_window(start: float) -> None:
    """Look at the clip from a window's beginning on the Listen page, in the run to come."""
    look_from(start)
    st.session_state[_OPENING] = True


if st.session_state.pop(_OPENING, False):
    st.switch_page("pages/listen.py")
enter_through_app()
start_loading_network()
st.title("What does it hear in the whole song?", anchor=False)
apply_link()
choose_clip(INTRODUCTION, with_start=False)
if clip := current_clip():
    show_song(clip)
