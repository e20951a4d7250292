"""An example that is explained ahead, so that the first page shows one before the network is there.

It holds all that the page shows of a sample but its sound, which is in the sample's own file:
the verdict, the spectrogram and the map of what speaks for it. It says which weights it was made
with; with others it is out of date, and is not shown.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.analysis import Analysis
from model.explain.grid import MapGrid, RelevanceMap
from model.export.player_payload import clip_id, picture_of
from model.records import write_json

EXAMPLE_FOLDER: Final = Path(__file__).parents[2] / "assets" / "example"
COMMAND: Final = "python -m model example"
_FACTS, _ARRAYS = "example.json", "example.npz"
_MAP: Final = "map"


@dataclass(frozen=True, eq=False)
class Example:
    """A sample that was explained ahead.

    Attributes
    ----------
    facts : dict
        "sample" and "sample_sha256": the file. "model": name and SHA-256 of the weights.
        "clip": from `clip_id`. "probabilities": by genre. "method" and "genre": what is
        explained how. "grid": of the map.
    picture : dict of str to ndarray
        From `picture_of`.
    relevance : RelevanceMap
        What speaks for the genre.
    """

    facts: dict[str, Any]
    picture: dict[str, npt.NDArray[Any]]
    relevance: RelevanceMap

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """Genres with their probabilities, the most probable first."""
        probabilities: dict[str, float] = self.facts["probabilities"]
        return sorted(probabilities.items(), key=lambda pair: -pair[1])

    def belongs_to(self, card: dict[str, Any]) -> bool:
        """Whether it was made with the weights of this model card."""
        return bool(self.facts["model"]["sha256"] == card["sha256"])


def example_of(analysis: Analysis, method: str) -> Example:
    """Keep what the first page shows of a sample.

    Parameters
    ----------
    analysis : Analysis
        Of the whole sample.
    method : str
        A key of METHODS.

    Returns
    -------
    Example
        Its map in half precision.

    Raises
    ------
    ValueError
        If the excerpt is not the whole sample.
    """
    excerpt, top = analysis.excerpt, analysis.verdict.top
    if excerpt.start != 0 or len(excerpt.waveform) != len(excerpt.clip.waveform):
        raise ValueError(
            f"{excerpt.name} is too long, or begins with silence: an example is shown as a whole."
        )
    found = analysis.map(method, top)
    grid = found.grid
    facts = {
        "command": COMMAND,
        "model": {"name": analysis.classifier.name, "sha256": analysis.classifier.sha256},
        "sample": excerpt.name,
        "sample_sha256": excerpt.clip.sha256,
        "clip": clip_id(excerpt),
        "method": method,
        "genre": top,
        "probabilities": {genre: round(p, 4) for genre, p in analysis.verdict.ranking},
        "grid": [grid.band_offset, grid.band_stride, grid.frame_offset, grid.frame_stride],
    }
    return Example(facts, picture_of(excerpt), RelevanceMap(_halved(found.values), grid))


def _halved(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Round as half precision does, on a scale on which that is exact enough."""
    peak = np.abs(values).max() or np.float32(1)
    return (values / peak).astype(np.float16).astype(np.float32)


def write_example(example: Example, folder: Path = EXAMPLE_FOLDER) -> None:
    """Write an example, in two files.

    Parameters
    ----------
    example : Example
        From `example_of`.
    folder : Path
        Made if it is not there.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {**example.picture, _MAP: example.relevance.values.astype(np.float16)}
    np.savez_compressed(folder / _ARRAYS, allow_pickle=False, **arrays)
    write_json(example.facts, folder / _FACTS)


def read_example(folder: Path = EXAMPLE_FOLDER) -> Example | None:
    """Read the example.

    Parameters
    ----------
    folder : Path
        With the two files.

    Returns
    -------
    Example or None
        None where there is none.
    """
    facts, arrays = folder / _FACTS, folder / _ARRAYS
    if not (facts.is_file() and arrays.is_file()):
        return None
    found: dict[str, Any] = json.loads(facts.read_text(encoding="utf-8"))
    with np.load(arrays) as stored:
        picture = {name: stored[name] for name in stored.files}
    values = picture.pop(_MAP).astype(np.float32)
    return Example(found, picture, RelevanceMap(values, MapGrid(*found["grid"])))
