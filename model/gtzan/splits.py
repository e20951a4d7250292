"""The lists of GTZAN's splits."""

from pathlib import Path
from typing import Final

from model.gtzan.fingerprint import PARTS, recorded
from model.gtzan.pictures import audio_files
from model.networks.shipped import DEFAULT_MODEL, read_card

# The common copies of GTZAN hold an unreadable file of this name, and so no picture.
UNREADABLE: Final = frozenset({"jazz.00054"})


def read_split(folder: Path, split: str) -> list[str]:
    """Read the track names of one part of a split, such as random_test, less `UNREADABLE`.

    Parameters
    ----------
    folder : Path
        GTZAN. Where it has no folder of lists, splits/, its audio files are split at random
        as those were that the shipped network learned from, so that its figures can be made
        again.
    split : str
        random_train, random_valid, random_test, or the name of another list.

    Returns
    -------
    list of str
        Track names.

    Raises
    ------
    FileNotFoundError
        If there is no such list, with the names of those that are there.
    """
    lists = folder / "splits"
    if not lists.is_dir() and split in _RANDOM_PARTS and (files := audio_files(folder)):
        return _own_split(files, split)
    path = lists / f"{split}.txt"
    if not path.is_file():
        known = sorted(other.stem for other in lists.glob("*_*.txt"))
        raise FileNotFoundError(
            f"There is no list {split}.txt in {lists}. Known: {', '.join(known) or 'none'}. "
            "Give the folder of GTZAN with --data."
        )
    names = path.read_text(encoding="utf-8").split()
    return [name for name in names if name not in UNREADABLE]


_RANDOM_PARTS: Final = ("random_train", "random_valid", "random_test")


def _own_split(files: list[Path], split: str) -> list[str]:
    """Split as recorded on the shipped network's card; tracks it never saw are for the test."""
    card = read_card(DEFAULT_MODEL)
    names = {path.stem for path in files} - UNREADABLE
    parts = {f"random_{part}": recorded(card, part, names) for part in PARTS}
    parts["random_test"] = names.difference(*parts.values())
    return sorted(parts[split])
