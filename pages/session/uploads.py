"""Uploaded files: taken out of Streamlit's store once, and missed when a session ends.

Streamlit keeps the bytes of every upload for as long as a session lives. What a page has taken
is removed from that store, so a song is in memory once. The browser's uploaders go on showing
its name.

A session ends with the server, or after two minutes without a connection. The browser then begins
another one, with uploaders that name files which nobody has any more. `begin_uploads` notes their
names and has the uploaders drawn anew, empty.
"""

import re
from dataclasses import dataclass, field
from typing import Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.uploaded_file_manager import UploadedFile

# Names of the widgets that bring files.
UPLOAD, RECORDING, SONGS = "upload", "recording", "song_files"
# Name of the widget that offers the samples.
CHOICE = "sample"

_KEY: Final = re.compile(f"({UPLOAD}|{RECORDING}|{SONGS})(?:-([0-9]+))?")
# What the session remembers: the record of every such widget, by name.
_RECORDS: Final = "uploads"
# What else it remembers: the label of the sample that the browser showed when a session began.
_SHOWN_SAMPLE: Final = "sample_shown_before"


@dataclass(frozen=True)
class Upload:
    """A file that the browser has sent.

    Attributes
    ----------
    name : str
        As the browser calls it.
    data : bytes
        Its content.
    """

    name: str
    data: bytes


@dataclass
class _Record:
    """One widget's past: how often it was drawn anew, and its files."""

    renewals: int = 0
    taken: set[str] = field(default_factory=set)  # ids
    arrived: list[Upload] = field(default_factory=list)  # before the widget was drawn
    lost: list[str] = field(default_factory=list)  # names


def begin_uploads() -> None:
    """Note what the browser's uploaders hold when a session begins, and what of it is lost."""
    if _RECORDS in st.session_state:
        return
    st.session_state[_RECORDS] = {name: _Record() for name in (UPLOAD, RECORDING, SONGS)}
    context = get_script_run_ctx()
    if context is None:
        return
    for state in context.session_state.get_widget_states():
        name = user_key_from_element_id(state.id) or ""
        if name == CHOICE and state.string_array_value.data:
            st.session_state[_SHOWN_SAMPLE] = state.string_array_value.data[0]
        key = _KEY.fullmatch(name)
        if key is None or state.WhichOneof("value") != "file_uploader_state_value":
            continue
        record = _record(key[1])
        record.renewals = int(key[2] or 0)
        shown = list(state.file_uploader_state_value.uploaded_file_info)
        there = context.uploaded_file_mgr.get_files(
            context.session_id, [file.file_id for file in shown]
        )
        for file in there:
            record.taken.add(file.file_id)
            record.arrived.append(Upload(file.name, file.data))
            _remove(file.file_id)
        record.lost = [file.name for file in shown if file.file_id not in record.taken]
        if record.lost:
            record.renewals += 1


def take_shown_sample() -> str | None:
    """Label of the sample that the browser showed when this session began; once.

    It is noted with the uploads, at the very beginning: a visitor who goes to another page before
    the first run has drawn the samples would lose it otherwise.
    """
    label: str | None = st.session_state.pop(_SHOWN_SAMPLE, None)
    return label


def key_of(name: str) -> str:
    """Key of a widget that brings files; another one after each renewal, so that it is empty."""
    renewals = _record(name).renewals
    return f"{name}-{renewals}" if renewals else name


def renew(name: str) -> None:
    """Have a widget drawn anew, without files."""
    _record(name).renewals += 1


def empty(name: str) -> None:
    """Have a widget drawn anew if it shows files, for the clip at hand comes from elsewhere."""
    if st.session_state.get(key_of(name)):
        renew(name)


def take_uploads(name: str) -> list[Upload]:
    """Hand over what a widget has brought since it was asked last, and remove it from the store.

    Parameters
    ----------
    name : str
        Of the widget.

    Returns
    -------
    list of Upload
        In the order in which they came. Whoever takes them has the only copy.
    """
    record = _record(name)
    uploads, record.arrived = record.arrived, []
    held = st.session_state.get(key_of(name))
    for file in held if isinstance(held, list) else [held]:
        # Neither what was taken before nor what Streamlit puts in the place of a removed file
        if isinstance(file, UploadedFile) and file.file_id not in record.taken:
            record.taken.add(file.file_id)
            uploads.append(Upload(file.name, file.getvalue()))
            file.truncate(0)  # the widget's value holds the bytes, too
            _remove(file.file_id)
    for upload in uploads:
        if upload.name in record.lost:
            record.lost.remove(upload.name)
    return uploads


def lost_uploads(name: str) -> list[str]:
    """Names of the files that a widget held in a session that has ended, and that are gone."""
    return list(_record(name).lost)


def forget_losses(name: str) -> None:
    """Speak no more of the files that were lost."""
    _record(name).lost.clear()


def _record(name: str) -> _Record:
    records: dict[str, _Record] = st.session_state[_RECORDS]
    return records[name]


def _remove(file_id: str) -> None:
    context = get_script_run_ctx()
    # The interface has no way to remove a single file; the one manager there is has one.
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)
