"""The songs that the user has brought to be heard one after the other, and their rows.

They are kept in the session, so that neither another page nor another song loses any.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import streamlit as st

from model.networks.classifier import Classifier
from model.songs.row import FAILED, PASSING, Row, row_of_song
from pages.session.uploads import SONGS, forget_losses, renew, take_uploads

# What one visitor may fill of the server's memory: rows are small, the files behind them are not.
LONGEST: Final = 100  # songs
KEPT_BYTES: Final = 200 * 2**20

# What the session remembers: the songs, and how many did not fit.
_SONGS, _LEFT_OUT = "songs", "songs_left_out"


@dataclass
class Song:
    """A song in the list.

    Attributes
    ----------
    name : str
        Of the file.
    sha256 : str
        Of its content.
    data : bytes or None
        The file; None if it was too much to keep once it was heard.
    row : Row or None
        None until it was heard.
    """

    name: str
    sha256: str
    data: bytes | None
    row: Row | None = None


def songs_at_hand() -> list[Song]:
    """Return the songs in the order in which they came."""
    songs: list[Song] = st.session_state.setdefault(_SONGS, [])
    return songs


def left_out() -> int:
    """Return how many songs were left out because the list was full."""
    return int(st.session_state.get(_LEFT_OUT, 0))


def take_songs() -> None:
    """Put what the browser has brought on the list, unless it is there."""
    songs = songs_at_hand()
    known = {(song.name, song.sha256) for song in songs}
    new = []
    uploads = take_uploads(SONGS)
    for upload in uploads:
        song = Song(upload.name, hashlib.sha256(upload.data).hexdigest(), upload.data)
        if (song.name, song.sha256) not in known:
            known.add((song.name, song.sha256))
            new.append(song)
    if uploads:
        free = LONGEST - len(songs)
        songs += new[:free]
        st.session_state[_LEFT_OUT] = len(new[free:])


def clear_songs() -> None:
    """Forget all songs; a callback."""
    renew(SONGS)
    forget_losses(SONGS)
    st.session_state[_SONGS] = []
    st.session_state[_LEFT_OUT] = 0


def hear_songs(classifier: Classifier) -> Iterator[Song]:
    """Hear the songs that were not heard yet, and give each as soon as it was."""
    for song in songs_at_hand():
        if song.row is not None or song.data is None:
            continue
        song.row = {**_heard(song.data, song.sha256, classifier), "file": song.name}
        kept = sum(len(other.data) for other in songs_at_hand() if other.row and other.data)
        if kept > KEPT_BYTES:
            song.data = None
        yield song


def _heard(data: bytes, sha256: str, classifier: Classifier) -> Row:
    try:
        return _row(sha256, classifier.sha256, data, classifier)
    except Exception:
        logging.getLogger(__name__).exception("a song could not be heard")
        message = "This song could not be heard. The server's log says why."
        return {"error": message, "error_code": FAILED}


# Under 2 kB each. An error that may have passed is not remembered.
@st.cache_resource(
    max_entries=2000,
    show_spinner=False,
    validate=lambda row: row.get("error_code") not in PASSING,
)
def _row(sha256: str, model_sha256: str, _data: bytes, _classifier: Classifier) -> Row:
    return row_of_song(_data, _classifier)
