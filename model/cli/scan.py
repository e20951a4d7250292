"""``python -m model scan FOLDER``: the genres of many songs, one row a song."""

import argparse
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any, Final

from model.cli.arguments import whole_number
from model.cli.figures import add_model
from model.songs.files import row_of_failure
from model.songs.resume import scan
from model.songs.row import Row
from model.songs.table import ENDINGS
from model.songs.workers import in_threads, on_cluster

# As a shell gives for a command that Ctrl-C has ended.
_INTERRUPTED: Final = 130
# Between two lines of progress where no one is watching.
_LINE_SECONDS: Final = 30.0


def _table(text: str) -> Path:
    path = Path(text)
    if path.suffix not in ENDINGS:
        raise argparse.ArgumentTypeError(f"{text} does not end in {' or '.join(ENDINGS)}")
    return path


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "scan",
        help="say which genre the network hears in each song of a folder",
        description="Writes a table with one row a song. Stopped, and started again with the "
        "same words, it goes on from where it was.",
    )
    parser.add_argument("folder", type=Path, help="songs, also in the folders inside it")
    parser.add_argument("--out", type=_table, required=True, help="table, .parquet or .csv")
    engine = parser.add_mutually_exclusive_group()
    engine.add_argument(
        "--workers",
        type=whole_number,
        default=os.cpu_count() or 1,
        help="threads on this machine (default: one for each of its processors)",
    )
    engine.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="scheduler of a Dask cluster, which has this package and sees the same folder",
    )
    add_model(parser)
    parser.set_defaults(run=run)


class _Progress:
    """One line on stderr that is written over, or a line now and then where that is a file."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()
        # The first song is not timed, for it waits for the network.
        self._first: tuple[int, float] | None = None
        self._said = time.monotonic()

    def __call__(self, count: int, total: int, row: Row | None) -> None:
        now = time.monotonic()
        if row is None:
            self._say(f"Songs found: {total}, of which are done already: {count}", stays=True)
        elif self._first is None:
            self._first = count, now
            self._say(f"{count} of {total}", stays=not self._watched)
        elif self._watched or count == total or now - self._said > _LINE_SECONDS:
            self._said = now
            first, began = self._first
            left = (now - began) / (count - first) * (total - count)
            self._say(f"{count} of {total}, {_time(left)} left", stays=not self._watched)

    def _say(self, text: str, stays: bool) -> None:
        # Back to the beginning of the line, and clear it.
        begin = "\r\x1b[K" if self._watched else ""
        print(begin + text, end="\n" if stays else "", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line that was written over."""
        if self._watched:
            print(file=sys.stderr)


def _time(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def run(arguments: argparse.Namespace) -> None:
    """Scan a folder.

    Raises
    ------
    ValueError
        If there are no songs, or the table is none of this command's.
    OSError
        If the folder, the table or the cluster cannot be reached.
    SystemExit
        After Ctrl-C, with what is done in the table.
    """
    if arguments.cluster:
        engine = partial(on_cluster, address=arguments.cluster, failed=row_of_failure)
    else:
        engine = partial(in_threads, workers=arguments.workers)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    progress = _Progress()
    try:
        rows = scan(arguments.folder, arguments.out, arguments.model, engine, progress)
    except KeyboardInterrupt:
        progress.end()
        print(
            f"Stopped. What is done is in {arguments.out}; the same command goes on from there.",
            file=sys.stderr,
        )
        raise SystemExit(_INTERRUPTED) from None
    progress.end()
    errors = sum(row.get("error") is not None for row in rows)
    why = ", and the column error says why" if errors else ""
    print(f"Rows in {arguments.out}: {len(rows)}. Songs that could not be heard: {errors}{why}.")
