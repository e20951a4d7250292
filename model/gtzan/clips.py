"""The real audio of GTZAN, for what needs more than stored pictures."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from model.audio.clip import Clip, decode
from model.constants import GENRES
from model.gtzan.splits import UNREADABLE

# Shorter clips cannot be compared with the pictures of 30 s.
FULL_LENGTH_SECONDS: Final = 29.0


def clip_files(folder: Path, names: Collection[str] | None = None) -> dict[str, Path]:
    """Find the files of clips, whole or not.

    Parameters
    ----------
    folder : Path
        GTZAN, with audio named by track, such as rock.00012.ogg, in a folder `clips` or in
        one folder a genre.
    names : collection of str, optional
        Only these tracks.

    Returns
    -------
    dict of str to Path
        By track, in the order of the names.
    """
    paths = [path for place in ("clips", *GENRES) for path in (folder / place).glob("*.*")]
    return {
        path.stem: path
        for path in sorted(paths, key=lambda path: path.stem)
        if not path.name.startswith(".")  # such as .DS_Store
        and path.stem not in UNREADABLE
        and (names is None or path.stem in names)
    }


def full_length_clips(folder: Path, names: Collection[str] | None = None) -> Iterator[Clip]:
    """Read the clips that are there in full.

    Parameters
    ----------
    folder : Path
        GTZAN, as `clip_files` knows it.
    names : collection of str, optional
        Only these tracks.

    Yields
    ------
    Clip
        Named by track, in the order of the names.

    Raises
    ------
    FileNotFoundError
        If there are no such clips.
    """
    found = False
    for name, path in clip_files(folder, names).items():
        clip = decode(path.read_bytes(), name)
        if clip.seconds >= FULL_LENGTH_SECONDS:
            found = True
            yield clip
    if not found:
        raise FileNotFoundError(
            f"There is no full-length audio of these tracks in {folder}: no file of "
            f"{FULL_LENGTH_SECONDS:g} s or more in clips/ or in one folder a genre."
        )
