"""Every song of a folder into one table, going on from where an earlier run stopped."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from model.networks.shipped import read_card
from model.songs.files import Findings, Song, row_of_file
from model.songs.row import PASSING, Row
from model.songs.table import only_writer, read_table, write_table

# The table is written anew no more often than this, so that it costs little however long it is.
SAVE_SECONDS: Final = 10.0

# Works on songs, and hands over each row as it comes.
Engine = Callable[[Callable[[Song], Row], Sequence[Song], Callable[[Row], None]], None]


@dataclass(frozen=True)
class Scan:
    """What came of a scan.

    Attributes
    ----------
    rows : list of Row
        The whole table, sorted by file.
    out_of_reach : list of Row
        Those of them that an earlier run finished, in folders that are missing now.
    """

    rows: list[Row]
    out_of_reach: list[Row]


def scan(
    findings: Findings,
    out: Path,
    model: str,
    engine: Engine,
    report: Callable[[int, int, Row | None], None],
) -> Scan:
    """Hear all songs of a folder that the table does not know yet.

    Whatever ends a run, the rows that were done are in the table, all but those of the
    last SAVE_SECONDS if the process is killed. A row is done again if its file or the
    network has changed, or if its error may have passed. Rows of files that are gone go;
    where a whole folder is out of reach, the rows that were finished stay.

    Parameters
    ----------
    findings : Findings
        Of `find_songs`.
    out : Path
        The table, with an ending of model.songs.table.ENDINGS.
    model : str
        Name of the weights in model/weights.
    engine : callable
        Such as `model.songs.workers.in_threads`.
    report : callable
        Is told how many songs are done, of how many, and the last row; first with those
        that were done before, and no row.

    Returns
    -------
    Scan
        The whole table.

    Raises
    ------
    ValueError
        If `out` is something else than a table of this folder, or another scan writes to it.
    WeightsError
        If there is no such model.
    OSError
        If the table cannot be written.
    """
    with only_writer(out):
        return _scan(findings, out, model, engine, report)


def _scan(
    findings: Findings,
    out: Path,
    model: str,
    engine: Engine,
    report: Callable[[int, int, Row | None], None],
) -> Scan:
    songs = findings.songs
    sha256 = read_card(model)["sha256"]
    earlier = _earlier_rows(songs, out)
    found = {song.file for song in songs}
    out_of_reach = [
        row
        for file, row in earlier.items()
        if file not in found
        and not findings.is_known_to_be_gone(file)
        and row["error_code"] not in PASSING
    ]
    rows = {row["file"]: row for row in out_of_reach}
    rows |= {file: row for file, row in earlier.items() if file in found}
    todo = [song for song in songs if not _is_done(song, rows.get(song.file), sha256)]

    def table() -> list[Row]:
        return [rows[file] for file in sorted(rows)]

    write_table(table(), out)  # now, rather than after hours, says whether that can be done
    saved, count = time.monotonic(), len(songs) - len(todo)
    report(count, len(songs), None)

    def keep(row: Row) -> None:
        nonlocal saved, count
        rows[row["file"]] = row
        count += 1
        report(count, len(songs), row)
        if time.monotonic() - saved > SAVE_SECONDS:
            write_table(table(), out)
            saved = time.monotonic()

    try:
        engine(partial(row_of_file, model=model), todo, keep)
    finally:
        write_table(table(), out)
    return Scan(table(), out_of_reach)


def _earlier_rows(songs: Sequence[Song], out: Path) -> dict[str, Row]:
    if not out.exists():
        return {}
    rows = {row["file"]: row for row in read_table(out)}
    if rows and not rows.keys() & {song.file for song in songs}:
        raise ValueError(
            f"{out} is the table of another folder: none of its files is in this one. "
            "It is left as it is: name another file to write to."
        )
    return rows


def _is_done(song: Song, row: Row | None, sha256: str) -> bool:
    return (
        row is not None
        and all(row[name] == value for name, value in song.facts.items())
        and row["model_sha256"] == sha256
        and row["error_code"] not in PASSING
    )
