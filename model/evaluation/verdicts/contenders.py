"""The contenders of the comparison."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from model.evaluation.verdicts.judging import (
    Judged,
    Material,
    judge_imagenet,
    judge_linear,
    judge_merged,
    judge_pictures,
    judge_statistics,
)


@dataclass(frozen=True)
class Contender:
    """One row of the comparison.

    Attributes
    ----------
    key, name, what : str
        For JSON, for a table, and in a sentence.
    start : str
        Its starting weights.
    command : str
        The command that trains it, with PROTOCOL and SEEDS to fill in; empty if there is none.
    judge : callable
        From `Material` to `Judged`, or None if its trainings were not run.
    same_task : bool
        Whether it tells the same classes apart as the others.
    """

    key: str
    name: str
    what: str
    start: str
    command: str
    judge: Callable[[Material], Judged | None]
    same_task: bool = True

    def filled(self, protocol: str, seeds: Sequence[int] = (0, 1, 2)) -> str:
        """Fill the training's command in."""
        command = self.command.replace("PROTOCOL", protocol)
        return command.replace("SEEDS", " ".join(map(str, seeds)))

    def missing(self, runs: Path, protocol: str, seeds: Sequence[int] = (0, 1, 2)) -> str:
        """Say that there is no training of it in a folder, and what makes it."""
        return (
            f"{self.name}: no finished training in {runs}. "
            f"Left out; this trains it: {self.filled(protocol, seeds)}"
        )


def _training(config: str) -> str:
    return (
        f"python -m model.training --config {config} --protocol PROTOCOL "
        "--data PATH/TO/GTZAN --seed SEEDS"
    )


# Key and recipe of the network that the others are compared with.
REFERENCE: Final = "flagship"

_FLAGSHIP: Final = "the network that the app explains"

CONTENDERS: Final = (
    Contender(
        "linear",
        "Logistic regression",
        "a linear classifier on means, deviations and mean changes of the 128 mel bands",
        "none",
        "",
        judge_linear,
    ),
    Contender(
        "song-statistics",
        "Song statistics",
        "a fully connected network on 57 averages and variances of the whole clip",
        "random",
        "for seed in SEEDS; do python -m model.training.song_network --protocol PROTOCOL "
        "--data PATH/TO/GTZAN --out runs/song-statistics-PROTOCOL-seed$seed --seed $seed; done",
        partial(judge_statistics, "song-statistics"),
    ),
    Contender(
        "vanilla",
        "Vanilla CNN",
        "spectrogram, three convolutions, dense output",
        "random",
        _training("vanilla"),
        partial(judge_pictures, "vanilla"),
    ),
    Contender(
        "imagenet",
        "ImageNet transfer",
        "EfficientNet-Lite0, which learned to name photographs",
        "ImageNet",
        _training("imagenet"),
        partial(judge_imagenet, "imagenet"),
    ),
    Contender(
        "flagship-from-random",
        "Flagship from random weights",
        "the same network, without what musicnn had learned; after its 12 epochs the accuracy on "
        "valid still rose, so pretraining gives at most the difference",
        "random",
        _training("flagship-from-random"),
        partial(judge_pictures, "flagship-from-random"),
    ),
    Contender(
        REFERENCE,
        "Flagship",
        _FLAGSHIP,
        "musicnn",
        _training(REFERENCE),
        partial(judge_pictures, REFERENCE),
    ),
    Contender(
        "flagship-merged",
        "Flagship, similar genres merged",
        f"{_FLAGSHIP}; probabilities of similar genres summed",
        "musicnn",
        _training(REFERENCE),
        partial(judge_merged, REFERENCE),
        same_task=False,
    ),
)
