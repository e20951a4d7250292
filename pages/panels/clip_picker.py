"""Upload, record or take a sample; the clip stays in the session until the next one is read."""

import streamlit as st

from model.audio.clip import AudioError, Clip
from model.constants import (
    MAX_SECONDS,
    MAX_UPLOAD_BYTES,
    MIN_SECONDS,
    SAMPLE_RATE,
    WINDOW_SECONDS,
)
from pages.session.cached import clip_from, sound_start_of
from pages.session.samples import Sample, samples
from pages.session.uploads import (
    CHOICE,
    RECORDING,
    UPLOAD,
    empty,
    forget_losses,
    key_of,
    lost_uploads,
    take_shown_sample,
    take_uploads,
)
from pages.words.names import as_code, as_html, listed_as_code
from pages.words.phrases import clock, genre_name

# What the session remembers: the clip at hand, the sample that it is (or None), a file
# that waits to be read, and why the last file could not be read.
_CLIP, _SAMPLE, _WAITING, _PROBLEM = "clip", "clip_sample", "clip_waiting", "clip_problem"
# Keys of widgets; those that bring files are in pages/session/uploads.py.
START = "start"

# Clips that are longer than one window by less than this are looked at from their beginning.
_SHORTEST_SHIFT = 1.0  # s


def current_clip() -> Clip | None:
    """Return the last chosen clip that could be read."""
    clip: Clip | None = st.session_state.get(_CLIP)
    return clip


def clip_is_coming() -> bool:
    """Whether the picker will read a clip when it is drawn."""
    return _WAITING in st.session_state


def current_sample() -> Sample | None:
    """Return the sample that the clip is, if it is one."""
    sample: Sample | None = st.session_state.get(_SAMPLE)
    return sample


def current_start() -> float:
    """Return where in the clip to begin, in seconds."""
    return float(st.session_state.get(START, 0.0))


def choose_clip(introduction: str = "", *, with_start: bool) -> None:
    """Draw the three ways to bring in a clip, read what came in, and describe it.

    Parameters
    ----------
    introduction : str
        Takes the clip's place where there is none yet, as Markdown.
    with_start : bool
        Whether to ask where in a long clip to look.
    """
    with st.container(border=True, key="picker"):
        upload, record = st.columns([3, 2], gap="medium")
        with upload:
            _upload()
        with record:
            _record()
        read_clip()
        _offer_samples()
        if problem := st.session_state.get(_PROBLEM):
            st.error(problem, icon=":material/error:")
        show_loss()
        if clip := current_clip():
            with st.container(key="about-clip"):
                describe_clip(clip)
                if with_start:
                    choose_start(clip)
        elif introduction:
            st.markdown(introduction)


def look_from(start: float) -> None:
    """Look at the clip from somewhere else, in seconds; for a callback, or before the slider."""
    st.session_state[START] = start


def load_clip(name: str, data: bytes) -> None:
    """Bring in a file from elsewhere than this picker, which reads it when it is drawn next."""
    st.session_state[_PROBLEM] = None
    st.session_state[_WAITING] = (name, data, None)


def load_sample(sample: Sample) -> None:
    """Bring in a sample, before the picker is drawn."""
    for name in (UPLOAD, RECORDING):
        empty(name)
    st.session_state[_PROBLEM] = None
    st.session_state[_WAITING] = (sample.file, sample.read(), sample)


def read_clip() -> None:
    """Read what came in: here and not in a widget's callback, so that a spinner shows."""
    for key in (UPLOAD, RECORDING):  # what came before the widget was drawn, after a restart
        _take(key)
    _take_shown_sample()
    _read_what_waits()


def show_loss() -> None:
    """Say which song went with a session that has ended, until there is another clip."""
    if current_clip():
        return
    if names := lost_uploads(UPLOAD):
        what = f"{listed_as_code(names)} is no longer here. Bring the song again."
    elif lost_uploads(RECORDING):
        what = "your recording is no longer here. Record it again."
    else:
        return
    st.warning(f"The connection to the server was lost: {what}", icon=":material/cloud_off:")


def title_of_clip(clip: Clip) -> str:
    """Return the clip's name, for `st.html`."""
    sample = current_sample()
    return as_html(sample.title if sample else clip.name)


def describe_clip(clip: Clip) -> None:
    """Say what the app read."""
    sample = current_sample()
    about = as_html(_credits(sample)) if sample else f"{clip.seconds:.1f}\u00a0s"
    st.html(f"<strong>{title_of_clip(clip)}</strong> <small>{about}</small>")
    for note in clip.notes:
        st.info(note, icon=":material/info:")


def choose_start(clip: Clip) -> None:
    """Draw the slider for where in a long clip to look, and say what that is."""
    latest, sounds_from = clip.seconds - WINDOW_SECONDS, sound_start_of(clip)
    if sounds_from:
        st.caption(
            f"The first {sounds_from:.0f} s are silent, so the network listens from "
            f"{clock(sounds_from)} on."
        )
    # Starting in the silence remains possible.
    latest = max(latest, sounds_from)
    if latest >= _SHORTEST_SHIFT:
        start = st.slider(
            "Start at",
            0.0,
            float(int(latest)),
            step=1.0,
            format="%d s",
            key=START,
            persist_state="session",
            help=f"The network looks at {WINDOW_SECONDS:.0f} seconds at a time.",
        )
        st.caption(
            f"Looking at {clock(start)} to {clock(min(start + WINDOW_SECONDS, clip.seconds))} "
            f"of {clock(clip.seconds)}."
        )


def _upload() -> None:
    st.file_uploader(
        "Drop a song here",
        max_upload_size=MAX_UPLOAD_BYTES // 2**20,
        key=key_of(UPLOAD),
        on_change=_file_came,
        args=(UPLOAD,),
        help=f"WAV, FLAC, MP3, Ogg, Opus, M4A, WebM and more; {MIN_SECONDS:.0f} seconds "
        f"or longer. Of long files the first {MAX_SECONDS / 60:.0f} minutes are read.",
    )


def _record() -> None:
    st.audio_input(
        f"Or record at least {MIN_SECONDS:.0f} seconds",
        sample_rate=SAMPLE_RATE,
        key=key_of(RECORDING),
        on_change=_file_came,
        args=(RECORDING,),
    )


def _offer_samples() -> None:
    """Draw the row of samples; behind `read_clip`, as it marks the one that was read."""
    offered = samples()
    if not offered:
        st.caption("This copy of the app comes without samples. Upload a song or record one.")
        return
    if current_clip() or st.session_state.get(_PROBLEM):
        sample = current_sample()
        st.session_state[CHOICE] = sample.file if sample and sample.file in offered else None
    st.pills(
        "Or take a sample, one for each genre",
        list(offered),
        format_func=lambda file: genre_name(offered[file].genre),
        required=True,
        key=CHOICE,
        persist_state="session",
        wrap=True,
        on_change=_sample_came,
    )


def _file_came(name: str) -> None:
    if _take(name):
        empty(RECORDING if name == UPLOAD else UPLOAD)
    elif st.session_state[key_of(name)] is None:
        st.session_state[_PROBLEM] = None  # it was taken out of the widget: the clip stays


def _take(name: str) -> bool:
    """Have the last file read that a widget brought; tells whether there is one."""
    uploads = take_uploads(name)
    if uploads:
        load_clip("Recording" if name == RECORDING else uploads[-1].name, uploads[-1].data)
    return bool(uploads)


def _take_shown_sample() -> None:
    """Have the sample read that a browser showed before a restart, if nothing newer came."""
    label = take_shown_sample()
    if current_clip() or clip_is_coming():
        return
    for sample in samples().values():
        if genre_name(sample.genre) == label:
            load_sample(sample)


def _sample_came() -> None:
    load_sample(samples()[st.session_state[CHOICE]])


def _read_what_waits() -> None:
    if _WAITING not in st.session_state:
        return
    name, data, sample = st.session_state[_WAITING]
    with st.spinner(f"Reading {as_code(name)}…"):
        try:
            clip = clip_from(data, name)
        except AudioError as error:
            st.session_state[_PROBLEM] = str(error)
        else:
            st.session_state[_CLIP] = clip
            st.session_state[_SAMPLE] = sample
            st.session_state[START] = sound_start_of(clip)
            forget_losses(UPLOAD)
            forget_losses(RECORDING)
        del st.session_state[_WAITING]


def _credits(sample: Sample) -> str:
    parts = [
        f"{sample.kind.capitalize()} {genre_name(sample.genre)} sample",
        sample.author,
        sample.licence,
    ]
    return ", ".join(parts) + (f". {sample.note}" if sample.note else "")
