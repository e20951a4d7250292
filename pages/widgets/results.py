"""The model card and the results that commands wrote, read from their files."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "model" / "evaluation" / "results"


@dataclass(frozen=True, eq=False)
class Accuracy:
    """What `python -m model evaluate --json FILE` wrote.

    Attributes
    ----------
    file : Path
        Where it was read from.
    split : str
        Which tracks were judged.
    n : int
        How many.
    accuracy : float
        Share that was right.
    interval : tuple of float
        95 % interval of the accuracy.
    classes : tuple of str
        In the order of the confusion matrix.
    per_genre : dict
        Genre to precision, recall and support; None where it is not defined.
    confusion : ndarray of int, shape (classes, classes)
        Rows are the true genres, columns the verdicts.
    model_sha256 : str
        Of the weights that were measured.
    """

    file: Path
    split: str
    n: int
    accuracy: float
    interval: tuple[float, float]
    classes: tuple[str, ...]
    per_genre: dict[str, dict[str, float | None]]
    confusion: npt.NDArray[np.int64]
    model_sha256: str

    @property
    def command(self) -> str:
        """The command that makes these figures again."""
        return accuracy_command(self.split, self.file)


def accuracy_command(split: str, file: Path) -> str:
    """Give the command that measures the accuracy on a split and writes it to a file."""
    where = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
    return f"python -m model evaluate --data PATH/TO/gtzan --split {split} --json {where}"


def accuracies() -> list[Accuracy]:
    """Read all results of `evaluate`, by the name of their file; files of others are left."""
    found = []
    for file in sorted(FOLDER.glob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(content, dict) and {"split", "accuracy", "confusion"} <= content.keys():
            found.append(_accuracy(file, content))
    return found


def _accuracy(file: Path, content: dict[str, Any]) -> Accuracy:
    low, high = content["interval"]
    return Accuracy(
        file=file,
        split=content["split"],
        n=content["n"],
        accuracy=content["accuracy"],
        interval=(low, high),
        classes=tuple(content["classes"]),
        per_genre=content["per_genre"],
        confusion=np.array(content["confusion"], np.int64),
        model_sha256=content["model"]["sha256"],
    )
