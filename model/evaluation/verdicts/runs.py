"""Finished trainings, found by the names of their folders."""

import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One finished training.

    Attributes
    ----------
    folder : Path
        What the training wrote, such as runs/vanilla-random-seed0.
    seed : int
        Its seed.
    weights : Path
        The trained network.
    """

    folder: Path
    seed: int
    weights: Path

    @property
    def temperature(self) -> float:
        """Divisor of the scores, as fitted on valid; 1 if none was recorded."""
        result = self.folder / "result.json"
        return json.loads(result.read_text("utf-8"))["temperature"] if result.is_file() else 1.0


def find_runs(folder: Path, name: str, protocol: str) -> list[Run]:
    """Find the finished trainings of one recipe.

    Parameters
    ----------
    folder : Path
        Holds one folder a training, called NAME-PROTOCOL-seedN.
    name : str
        Of the recipe.
    protocol : str
        "random" or "filtered".

    Returns
    -------
    list of Run
        By seed; unfinished trainings are left out.
    """
    pattern = re.compile(rf"{re.escape(name)}-{re.escape(protocol)}-seed(\d+)")
    found = []
    for place in folder.iterdir() if folder.is_dir() else ():
        match = pattern.fullmatch(place.name)
        # A network saved at the end of a stage does not mean that the training is finished.
        networks = [path for path in place.glob("*.keras") if not path.stem.startswith("stage")]
        if match and len(networks) == 1:
            found.append(Run(place, int(match[1]), networks[0]))
    return sorted(found, key=lambda run: run.seed)
