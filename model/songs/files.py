"""The audio files of a folder, and the row of each of them whatever its state."""

import os
import stat
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from model.constants import MAX_UPLOAD_BYTES
from model.networks.classifier import load_classifier
from model.songs.row import FAILED, UNREADABLE, Row, row_of_song

_ENDINGS: Final = "aac aif aiff au caf flac m4a mka mp3 mp4 oga ogg opus wav wave webm wma"
AUDIO_ENDINGS: Final = tuple(f".{ending}" for ending in _ENDINGS.split())

# Threads that start together would each load a network.
_LOADING: Final = threading.Lock()


@dataclass(frozen=True)
class Song:
    """An audio file as it was found.

    Attributes
    ----------
    path : str
        Absolute.
    file : str
        Below the folder, with /; bytes that are no text are replaced.
    size : int
        In bytes.
    modified_ns : int
        When it was changed last, in nanoseconds since 1970.
    """

    path: str
    file: str
    size: int
    modified_ns: int

    @property
    def facts(self) -> Row:
        """The part of its row that is known without reading it."""
        return {"file": self.file, "bytes": self.size, "modified_ns": self.modified_ns}


def find_songs(folder: Path) -> list[Song]:
    """Look for audio files, by their endings, in a folder and the folders in it.

    Parameters
    ----------
    folder : Path
        Where to look. What is hidden, and links to folders, are left out.

    Returns
    -------
    list of Song
        Sorted by `file`.

    Raises
    ------
    OSError
        If there is no such folder, or it cannot be read.
    """
    folder = folder.resolve()
    next(folder.iterdir(), None)  # os.walk would find nothing and say nothing
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if Path(name).suffix.lower() in AUDIO_ENDINGS and not name.startswith("."):
                found.append(_song(Path(place, name), folder))
    return sorted(filter(None, found), key=lambda song: song.file)


def _song(path: Path, folder: Path) -> Song | None:
    file = os.fsencode(path.relative_to(folder).as_posix()).decode(errors="replace")
    try:
        about = path.stat()
    except OSError:  # a link to nowhere, say: reading it will tell
        return Song(str(path), file, 0, 0)
    if not stat.S_ISREG(about.st_mode):  # a pipe has no end
        return None
    return Song(str(path), file, about.st_size, about.st_mtime_ns)


def row_of_file(song: Song, model: str) -> Row:
    """Hear a song; whatever is wrong with it becomes an error in its row.

    Parameters
    ----------
    song : Song
        A file.
    model : str
        Name of the weights in model/weights.

    Returns
    -------
    Row
        Of model.songs.table.COLUMNS.
    """
    with _LOADING:
        classifier = load_classifier(model)
    try:
        if song.size > MAX_UPLOAD_BYTES:  # `decode` would say so too, with all of it in memory
            megabytes = song.size / 2**20
            return {
                **song.facts,
                "error": f"This file has {megabytes:.0f} MB, more than the "
                f"{MAX_UPLOAD_BYTES / 2**20:g} MB that are read. Save it as MP3.",
                "error_code": "too-large",
                "model": classifier.name,
                "model_sha256": classifier.sha256,
            }
        return {**row_of_song(Path(song.path).read_bytes(), classifier), **song.facts}
    except OSError as error:
        message = f"This file could not be read: {error.strerror or error}."
        return {**song.facts, "error": message, "error_code": UNREADABLE}
    except Exception as error:
        return row_of_failure(song, error)


def row_of_failure(song: Song, error: BaseException) -> Row:
    """Build the row of a song that failed for an unforeseen reason."""
    what = f"{type(error).__name__}: {error}"
    return {**song.facts, "error": f"This file could not be heard ({what}).", "error_code": FAILED}
