"""The samples that come with the app, as their list describes them."""

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "assets" / "samples"


@dataclass(frozen=True)
class Sample:
    """One sample and what there is to say of it.

    Attributes
    ----------
    genre : str
        The genre it was made or chosen for.
    file : str
        Name of the file in the samples' folder.
    title, author, licence, source, note : str
        Credits.
    kind : str
        "recording" or "synthesised".
    """

    genre: str
    file: str
    title: str
    kind: str
    author: str
    licence: str
    source: str
    note: str = ""

    def read(self) -> bytes:
        """Read the audio file."""
        return (FOLDER / self.file).read_bytes()


def samples() -> dict[str, Sample]:
    """Read the list of samples, by file name; empty where there is none."""
    index = FOLDER / "samples.json"
    if not index.is_file():
        return {}
    entries = json.loads(index.read_text(encoding="utf-8"))
    return {entry["file"]: Sample(**entry) for entry in entries}
