"""Songs as a table, on the page and as a file."""

from collections.abc import Sequence
from typing import Any, Final

import pandas
import streamlit as st

from model.songs.row import Row
from model.songs.table import COLUMNS, csv_of, meanings_csv
from pages.session.song_list import Song
from pages.words.phrases import clock, genre_name

_FILE_COLUMNS: Final = tuple(name for name in COLUMNS if name != "modified_ns")
_WAITING: Final = "waits to be heard"


def show_table(songs: Sequence[Song], key: str | None = None) -> int | None:
    """Draw the table; with a key, its rows can be chosen.

    Parameters
    ----------
    songs : sequence of Song
        In the order of the table.
    key : str, optional
        Of the widget.

    Returns
    -------
    int or None
        Index of the chosen song.
    """
    options: dict[str, Any] = {}
    if key:
        options = {
            "key": key,
            "on_select": "rerun",
            "selection_mode": ["single-row", "single-cell"],
        }
    event = st.dataframe(
        pandas.DataFrame([_shown(song) for song in songs]),
        hide_index=True,
        placeholder="",
        column_config={
            "Probability": st.column_config.ProgressColumn(
                format="%.0f %%", min_value=0, max_value=100, width="small"
            ),
            "Song": st.column_config.TextColumn(width=170),
            "Note": st.column_config.TextColumn(width="large"),
        },
        **options,
    )
    if not key:
        return None
    chosen = [*event.selection.rows, *(row for row, _ in event.selection.cells)]
    return chosen[0] if chosen else None


def _shown(song: Song) -> dict[str, Any]:
    row = song.row or {}
    second = row.get("second_genre")
    return {
        "Song": song.name,
        "Genre": genre_name(row["genre"]) if "genre" in row else None,
        "Probability": 100 * row["probability"] if "probability" in row else None,
        "Second": genre_name(second) if second else None,
        "Length": clock(row["seconds"]) if "seconds" in row else None,
        "Note": _note(song.row),
    }


def _note(row: Row | None) -> str | None:
    if row is None:
        return _WAITING
    return row.get("error") or row.get("note")


def csv_of_songs(songs: Sequence[Song]) -> bytes:
    """Write what is known of the songs as a CSV file, with the columns of ``model scan``."""
    return csv_of([song.row or {"file": song.name} for song in songs], _FILE_COLUMNS)


def columns_of_songs() -> bytes:
    """Write what the columns of `csv_of_songs` hold, as a CSV file."""
    return meanings_csv(_FILE_COLUMNS)
