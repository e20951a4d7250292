"""The table of songs as a file: Parquet, or CSV, by its name."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Final

import pyarrow
import pyarrow.csv
import pyarrow.parquet

from model.constants import GENRES
from model.songs.meanings import MEANINGS
from model.songs.row import Row

# Columns and their types. What does not apply is null: the verdict of a file with an error,
# the error of one without.
COLUMNS: Final = {
    "file": pyarrow.string(),  # path in the folder, with /, as model.songs.names writes it
    "bytes": pyarrow.int64(),
    "modified_ns": pyarrow.int64(),  # since 1970
    "seconds": pyarrow.float64(),  # of sound that was read
    "windows": pyarrow.int64(),  # of 30 s, that were not silent
    "genre": pyarrow.string(),  # of the whole song
    "probability": pyarrow.float64(),
    "second_genre": pyarrow.string(),
    "second_probability": pyarrow.float64(),
    **dict.fromkeys(GENRES, pyarrow.float64()),  # probability of each
    "note": pyarrow.string(),  # on how the file was read
    "error": pyarrow.string(),  # why there is no verdict
    "error_code": pyarrow.string(),
    "model": pyarrow.string(),
    "model_sha256": pyarrow.string(),
}
ENDINGS: Final = (".parquet", ".csv")
# Of the file that lies beside a CSV file and says what its columns hold.
MEANINGS_ENDING: Final = ".columns.csv"


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Keep a table to one process, as long as the ``with`` block lasts.

    Parameters
    ----------
    path : Path
        The table; its folder is there. Beside it lies a hidden file that is locked: the
        operating system lets go of it however the process ends.

    Raises
    ------
    ValueError
        If another process is writing to this table.
    OSError
        If the folder cannot be written to.
    """
    lock = path.with_name(f".{path.name}.lock")
    while True:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise ValueError(
                f"Another scan is writing to {path}. Wait until it has ended, or name another "
                "file with --out."
            ) from error
        # Between the two calls the file may have been removed by the one that held it before.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), lock.stat()):
                break
        os.close(descriptor)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def write_table(rows: Iterable[Row], path: Path) -> None:
    """Write a table, or leave the one that is there: never half of one.

    A Parquet file says itself what its columns hold; beside a CSV file lies one that does.

    Parameters
    ----------
    rows : iterable of Row
        In the order of the table.
    path : Path
        With one of ENDINGS; its folder is there.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    table = pyarrow.Table.from_pylist(list(rows), schema=explained_schema(COLUMNS))
    # In the same folder, for a file moves in one step only within one file system.
    unfinished = path.with_name(f".{path.name}.unfinished")
    if path.suffix == ".csv":
        pyarrow.csv.write_csv(table, unfinished)
    else:
        pyarrow.parquet.write_table(table, unfinished)
    unfinished.replace(path)
    if path.suffix == ".csv":
        _write_meanings(path.with_suffix(MEANINGS_ENDING))


def explained_schema(columns: Iterable[str]) -> pyarrow.Schema:
    """Give columns their types, and what each of them holds.

    Parameters
    ----------
    columns : iterable of str
        Some of COLUMNS.

    Returns
    -------
    pyarrow.Schema
        What a column holds is its field's metadata "description", which Parquet keeps.
    """
    return pyarrow.schema(
        [
            pyarrow.field(name, COLUMNS[name], metadata={"description": MEANINGS[name]})
            for name in columns
        ]
    )


def meanings_csv(columns: Iterable[str]) -> bytes:
    """Write what columns hold as a CSV file, for a table that has no place for it.

    Lines of comment in a CSV file would stop the programs that expect the names of columns
    first, and the usual sign of a comment, #, stands in names of songs.

    Parameters
    ----------
    columns : iterable of str
        Some of COLUMNS.

    Returns
    -------
    bytes
        A line for each column: its name, and what it holds.
    """
    names = list(columns)
    table = pyarrow.table({"column": names, "meaning": [MEANINGS[name] for name in names]})
    buffer = BytesIO()
    pyarrow.csv.write_csv(table, buffer)
    return buffer.getvalue()


def _write_meanings(path: Path) -> None:
    """Write what the columns hold beside a table, unless something else has that name."""
    data = meanings_csv(COLUMNS)
    header = data.partition(b"\n")[0]
    if not path.exists() or path.read_bytes().partition(b"\n")[0] == header:
        path.write_bytes(data)


def read_table(path: Path) -> list[Row]:
    """Read what `write_table` wrote.

    Parameters
    ----------
    path : Path
        With one of ENDINGS.

    Returns
    -------
    list of Row
        With all COLUMNS.

    Raises
    ------
    ValueError
        If it is no such table.
    OSError
        If it cannot be read.
    """
    try:
        if path.suffix == ".csv":
            table = _read_csv(path.read_bytes())
        else:
            table = pyarrow.parquet.read_table(BytesIO(path.read_bytes()))
    except pyarrow.ArrowInvalid as error:
        raise ValueError(_not_ours(path)) from error
    if table.column_names != list(COLUMNS):
        raise ValueError(_not_ours(path))
    return table.to_pylist()


def _read_csv(data: bytes) -> pyarrow.Table:
    return pyarrow.csv.read_csv(
        BytesIO(data),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=COLUMNS,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _not_ours(path: Path) -> str:
    return (
        f"{path} is there already, and it is no table of songs from this command. "
        "It is left as it is: name another file to write to."
    )


def csv_of(rows: Iterable[Row], columns: Iterable[str]) -> bytes:
    """Write some of the columns as a CSV file.

    Parameters
    ----------
    rows : iterable of Row
        In the order of the table.
    columns : iterable of str
        Some of COLUMNS.

    Returns
    -------
    bytes
        The file.
    """
    table = pyarrow.Table.from_pylist(list(rows), schema=explained_schema(columns))
    buffer = BytesIO()
    pyarrow.csv.write_csv(table, buffer)
    return buffer.getvalue()
