"""``python -m model scan FOLDER``: the genres of many songs, one row a song."""

import argparse
import os
import sys
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

from model.audio.ffmpeg import stop_decoders
from model.cli.command import MODEL, Command, Option, whole_number
from model.songs.files import Findings, find_songs, row_of_failure
from model.songs.names import text_of
from model.songs.playlists import write_playlists
from model.songs.resume import Engine, scan
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
        If there are no songs, the table is none of this command's, or another scan writes
        to it.
    OSError
        If the folder, the table or the cluster cannot be reached.
    SystemExit
        After Ctrl-C, with what is done in the table.
    """
    out = text_of(arguments.out)
    begun = False
    progress = _Progress()

    def report(count: int, total: int, row: Row | None) -> None:
        nonlocal begun
        begun = True
        progress(count, total, row)

    try:
        findings = find_songs(arguments.folder)
        for line in _left_out(findings):
            print(line, file=sys.stderr)
        if not findings.songs:
            raise ValueError(
                f"There are no audio files in {text_of(arguments.folder)}: no file in it begins "
                "like one, and no name ends like one."
            )
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        result = scan(findings, arguments.out, arguments.model, _engine(arguments), report)
    except KeyboardInterrupt:
        progress.end()
        done = f"What is done is in {out}; the same command goes on from there."
        print(f"Stopped. {done if begun else 'Nothing was changed.'}", file=sys.stderr)
        raise SystemExit(_INTERRUPTED) from None
    progress.end()
    errors = sum(row.get("error") is not None for row in result.rows)
    why = ", and the column error says why" if errors else ""
    print(f"Rows in {out}: {len(result.rows)}. Songs that could not be heard: {errors}{why}.")
    if arguments.playlists:
        written = write_playlists(result.rows, arguments.folder, arguments.playlists)
        print(f"Playlists in {text_of(arguments.playlists)}: {len(written)}, one a genre.")
    if result.out_of_reach:
        folders = sorted({str(Path(row["file"]).parent) for row in result.out_of_reach})
        print(
            f"Rows of an earlier run whose folders are missing now, kept as they were: "
            f"{len(result.out_of_reach)}, in {', '.join(folders)}."
        )


def _engine(arguments: argparse.Namespace) -> Engine:
    if arguments.cluster:
        return partial(on_cluster, address=arguments.cluster, failed=row_of_failure)
    return partial(in_threads, workers=arguments.workers, hurry=stop_decoders)


def _left_out(findings: Findings) -> Iterable[str]:
    """Say which folders were not looked into, and how many files are no songs."""
    for folder, why in sorted(findings.not_entered.items()):
        yield f"Not looked into: {folder} ({why})"
    if findings.left_out:
        kinds = (f"{kind} {count}" for kind, count in sorted(findings.left_out.items()))
        yield f"Files left out: {findings.left_out.total()} ({', '.join(kinds)})"


WORKERS: Final = Option(
    "--workers",
    {
        "type": whole_number,
        "default": os.cpu_count() or 1,
        "help": "threads on this machine (default: one for each of its processors)",
    },
)
CLUSTER: Final = Option(
    "--cluster",
    {
        "metavar": "ADDRESS",
        "help": "scheduler of a Dask cluster, which has this package and sees the same folder",
    },
)
PLAYLISTS: Final = Option(
    "--playlists",
    {
        "type": Path,
        "metavar": "FOLDER",
        "help": "also write a playlist (M3U) for every genre here, the surest songs first",
    },
)
COMMAND: Final = Command(
    run,
    options=(
        Option("folder", {"type": Path, "help": "songs, also in the folders inside it"}),
        Option("--out", {"type": _table, "required": True, "help": "table, .parquet or .csv"}),
        PLAYLISTS,
        (WORKERS, CLUSTER),
        MODEL,
    ),
    description="Writes a table with one row a song. Stopped, and started again with the same "
    "words, it goes on from where it was.",
)
