"""How often the network is right on tracks it has never been shown, and how sure that is."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from model.uncertainty import interval


@dataclass(frozen=True, eq=False)
class Accuracy:
    """Right and wrong verdicts on a set of labelled tracks.

    Attributes
    ----------
    classes : tuple of str
        Names of the classes.
    confusion : ndarray of int64, shape (classes, classes)
        Tracks by true class (rows) and by verdict (columns).
    """

    classes: tuple[str, ...]
    confusion: npt.NDArray[np.int64]

    @property
    def n(self) -> int:
        """Number of tracks."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """Share of tracks with the right verdict."""
        return float(np.trace(self.confusion)) / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the accuracy for other tracks of the same kind."""
        return interval(int(np.trace(self.confusion)), self.n)

    def per_class(self) -> dict[str, dict[str, Any]]:
        """Compute precision, recall and number of tracks of every class.

        Returns
        -------
        dict
            ``{class: {"precision", "recall", "recall_interval", "support"}}``, the interval
            that of 95 %; None where nothing was called so, or no such track was there.
        """
        called = self.confusion.sum(axis=0)
        support = self.confusion.sum(axis=1)
        right = np.diag(self.confusion)
        return {
            name: {
                "precision": float(right[i] / called[i]) if called[i] else None,
                "recall": float(right[i] / support[i]) if support[i] else None,
                "recall_interval": (
                    list(interval(int(right[i]), int(support[i]))) if support[i] else None
                ),
                "support": int(support[i]),
            }
            for i, name in enumerate(self.classes)
        }

    def as_json(self) -> dict[str, Any]:
        """Return all figures as plain numbers for a JSON file."""
        return {
            "n": self.n,
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "per_genre": self.per_class(),
            "classes": list(self.classes),
            "confusion": self.confusion.tolist(),
        }

    def as_text(self) -> str:
        """Format all figures as a table for a terminal."""
        low, high = self.interval
        width = max(len(name) for name in self.classes)
        lines = [
            f"accuracy {100 * self.accuracy:.1f} % of {self.n} tracks "
            f"(95 % interval {100 * low:.1f} to {100 * high:.1f} %)",
            "",
            f"{'':{width}}  precision  recall  tracks",
        ]
        for name, figures in self.per_class().items():
            precision, recall = (_percent(figures[key]) for key in ("precision", "recall"))
            lines.append(f"{name:{width}}  {precision:>9}  {recall:>6}  {figures['support']:>6}")
        lines += ["", "confusion (rows: true genre, columns: verdict)"]
        lines.append(" " * width + "".join(f"{name[:5]:>6}" for name in self.classes))
        lines += [
            f"{name:{width}}" + "".join(f"{count:>6}" for count in row)
            for name, row in zip(self.classes, self.confusion.tolist(), strict=True)
        ]
        return "\n".join(lines)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"


def measure(
    labels: npt.NDArray[np.int64], verdicts: npt.NDArray[np.int64], classes: tuple[str, ...]
) -> Accuracy:
    """Count right and wrong verdicts.

    Parameters
    ----------
    labels, verdicts : ndarray of int64, shape (tracks,)
        True classes and the network's, as indices into `classes`.
    classes : tuple of str
        Names of the classes.

    Returns
    -------
    Accuracy
        With the confusion matrix.

    Raises
    ------
    ValueError
        If there are no tracks or the two differ in length.
    """
    if len(labels) != len(verdicts) or not len(labels):
        raise ValueError(f"{len(labels)} labels do not fit {len(verdicts)} verdicts")
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(confusion, (labels, verdicts), 1)
    return Accuracy(classes, confusion)
