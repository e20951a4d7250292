"""The songs in a folder, and the row of each of them whatever its state."""

import os
import stat
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from model.audio.clip import AudioError
from model.audio.reading import read_file, too_large
from model.audio.recognition import HEAD_BYTES, begins_like_sound
from model.constants import MAX_UPLOAD_BYTES
from model.networks.assembled import load_classifier
from model.songs.names import path_of, text_of
from model.songs.row import FAILED, UNREADABLE, Row, row_of_song

# A name that ends so promises a song: if it holds none, its row says why.
_ENDINGS: Final = (
    "aac ac3 aif aifc aiff amr ape au caf dsf dts eac3 flac m4a m4b mka mp2 mp3 mp4 mpc oga ogg "
    "opus spx tak tta w64 wav wave webm wma wv"
)
AUDIO_ENDINGS: Final = frozenset(f".{ending}" for ending in _ENDINGS.split())

# Threads that start together would each load a network.
_LOADING: Final = threading.Lock()


@dataclass(frozen=True)
class Song:
    """An audio file as it was found.

    Attributes
    ----------
    folder : str
        The folder that was searched, absolute.
    file : str
        Where it lies in that folder, with /, as `text_of` writes it.
    size : int
        In bytes.
    modified_ns : int
        When it was changed last, in nanoseconds since 1970.
    """

    folder: str
    file: str
    size: int
    modified_ns: int

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.folder) / path_of(self.file)

    @property
    def facts(self) -> Row:
        """The part of its row that is known without reading it."""
        return {"file": self.file, "bytes": self.size, "modified_ns": self.modified_ns}


@dataclass
class Findings:
    """What a folder holds.

    Attributes
    ----------
    songs : list of Song
        Sorted by `file`.
    left_out : Counter
        How many files there are of each kind that is no song, such as "hidden".
    not_entered : dict
        Folders that were not looked into, by their paths as text, and why.
    looked_into : set of str
        Folders in which there was something, by their place in the folder; "." is itself.
    """

    songs: list[Song] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    not_entered: dict[str, str] = field(default_factory=dict)
    looked_into: set[str] = field(default_factory=set)

    def is_known_to_be_gone(self, file: str) -> bool:
        """Whether a file that was not found is gone, and not just out of reach.

        A folder that is missing, or empty as the place of a disk that is not attached, tells
        nothing about the files that were in it.
        """
        return str(Path(file).parent) in self.looked_into


def find_songs(folder: Path) -> Findings:
    """Look for songs in a folder and the folders in it.

    A file is a song if it begins like one, whatever it is called, or if its name promises one.

    Parameters
    ----------
    folder : Path
        Where to look. What is hidden is left out, and links to folders are not followed.

    Returns
    -------
    Findings
        The songs, and what was left out.

    Raises
    ------
    OSError
        If there is no such folder, or it cannot be read.
    """
    folder = folder.resolve()
    next(folder.iterdir(), None)  # os.walk would find nothing and say nothing
    findings = Findings()

    def note(error: OSError) -> None:
        findings.not_entered[text_of(os.fsdecode(error.filename))] = error.strerror or str(error)

    for place, folders, names in os.walk(folder, onerror=note):
        if folders or names:
            findings.looked_into.add(text_of(Path(place).relative_to(folder)))
        for name in folders:
            if not name.startswith(".") and Path(place, name).is_symlink():
                findings.not_entered[text_of(Path(place, name))] = "a link to a folder"
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            _sort(Path(place, name), folder, findings)
    findings.songs.sort(key=lambda song: song.file)
    return findings


def _sort(path: Path, folder: Path, findings: Findings) -> None:
    """Add a file to the songs or count it among those that are left out."""
    if path.name.startswith("."):
        findings.left_out["hidden"] += 1
        return
    promises = path.suffix.lower() in AUDIO_ENDINGS
    file = text_of(path.relative_to(folder))
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe has no end
            findings.left_out["pipes and devices"] += 1
        elif promises or _begins_like_sound(path):
            findings.songs.append(Song(str(folder), file, about.st_size, about.st_mtime_ns))
        else:
            findings.left_out["without sound"] += 1
    except OSError:
        if promises:  # a link to nowhere, say: reading it will tell
            findings.songs.append(Song(str(folder), file, 0, 0))
        else:
            findings.left_out["cannot be opened"] += 1


def _begins_like_sound(path: Path) -> bool:
    with path.open("rb") as file:
        return begins_like_sound(file.read(HEAD_BYTES))


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
        if song.size > MAX_UPLOAD_BYTES:
            raise too_large(song.size)
        return {**row_of_song(read_file(song.path), classifier), **song.facts}
    except AudioError as error:
        return {
            **song.facts,
            "error": str(error),
            "error_code": error.code,
            "model": classifier.name,
            "model_sha256": classifier.sha256,
        }
    except OSError as error:
        message = f"This file could not be read: {error.strerror or error}."
        return {**song.facts, "error": message, "error_code": UNREADABLE}
    except Exception as error:
        return row_of_failure(song, error)


def row_of_failure(song: Song, error: BaseException) -> Row:
    """Build the row of a song that failed for an unforeseen reason."""
    what = f"{type(error).__name__}: {error}"
    return {**song.facts, "error": f"This file could not be heard ({what}).", "error_code": FAILED}
