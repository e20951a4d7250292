"""Several songs: one row a song as they come, to be taken along; a row leads to Listen."""

import streamlit as st

from model.constants import MAX_UPLOAD_BYTES
from pages.panels.clip_picker import load_clip
from pages.panels.song_table import columns_of_songs, csv_of_songs, show_table
from pages.session.entrance import enter_through_app
from pages.session.network import start_loading_network, wait_for_network
from pages.session.song_list import (
    KEPT_BYTES,
    LONGEST,
    Song,
    clear_songs,
    hear_songs,
    left_out,
    songs_at_hand,
    take_songs,
)
from pages.session.uploads import SONGS, key_of, lost_uploads
from pages.words.names import listed_as_code

COMMAND = "`python -m model scan FOLDER --out results.parquet`"
MEGABYTE = 2**20


def upload_songs() -> None:
    """Draw the place to drop songs, and say so if they are too many."""
    st.file_uploader(
        "Drop songs here",
        accept_multiple_files=True,
        max_upload_size=MAX_UPLOAD_BYTES // MEGABYTE,
        key=key_of(SONGS),
        on_change=take_songs,
        help=f"Up to {LONGEST} songs of the kinds that Listen reads. Each is heard as a whole, "
        "up to 10 minutes. They stay in the table until you clear it.",
    )
    take_songs()  # what came before the widget was drawn, after a restart
    if names := lost_uploads(SONGS):
        st.warning(
            "The connection to the server was lost, and with it the table. No longer here: "
            f"{listed_as_code(names)}. Bring them again.",
            icon=":material/cloud_off:",
        )
    if count := left_out():
        st.warning(
            f"The table holds {LONGEST} songs, so {count} of yours are not in it. Clear it and "
            f"bring them then; for a whole folder there is the command {COMMAND}.",
            icon=":material/warning:",
        )


def hear_all(songs: list[Song]) -> None:
    """Hear what is new, with the table growing meanwhile."""
    waiting = sum(song.row is None for song in songs)
    if not waiting:
        return
    classifier = wait_for_network()
    progress, table = st.empty(), st.empty()
    before = len(songs) - waiting

    def show(done: int) -> None:
        progress.progress(done / len(songs), f"Heard {done} of {len(songs)}…")
        with table:
            show_table(songs)

    show(before)
    for done, _ in enumerate(hear_songs(classifier), start=before + 1):
        show(done)
    progress.empty()
    table.empty()


def show_songs(songs: list[Song]) -> None:
    """Show the whole table, what can be done with it, and go where a row leads."""
    chosen = show_table(songs, key=f"{key_of(SONGS)}-{len(songs)}-table")
    with st.container(horizontal=True):
        st.download_button(
            "Table (CSV)",
            lambda: csv_of_songs(songs),
            "songs.csv",
            "text/csv",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "What its columns hold (CSV)",
            columns_of_songs,
            "songs.columns.csv",
            "text/csv",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button(
            "Clear the table", type="tertiary", icon=":material/delete:", on_click=clear_songs
        )
    if chosen is not None:
        show_chosen_song(songs[chosen])
    st.caption(
        "Click a row to listen to its song. A verdict is the average over the whole song; the "
        f"file has the percentages of all ten genres. For a whole folder: {COMMAND}."
    )


def show_chosen_song(song: Song) -> None:
    """Go to Listen with a song, or say why not."""
    if song.row and song.row.get("error"):
        st.error(song.row["error"], icon=":material/error:")
    elif song.data is None:
        st.info(
            f"This song is no longer here: files of {KEPT_BYTES // MEGABYTE} MB in all are kept. "
            "Bring it on Listen.",
            icon=":material/info:",
        )
    else:
        load_clip(song.name, song.data)
        st.switch_page("pages/listen.py")


enter_through_app()
start_loading_network()
st.title("What genre is each song?", anchor=False)
with st.container(border=True):
    upload_songs()
if songs := songs_at_hand():
    hear_all(songs)
    show_songs(songs)
else:
    st.markdown(
        "**Bring several songs, and you get** a table with the genre of each, which fills while "
        "they are heard. A song that cannot be read says why, and the others go on."
    )
