"""A training's settings, read from a TOML file in the repository."""

import json
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from model.records import write_json
from model.training.augment import Augmentation
from model.training.variation import Variation


@dataclass(frozen=True)
class Stage:
    """One stage of training.

    Attributes
    ----------
    epochs : int
        Passes over the training tracks.
    learning_rate : float
        Highest rate; it rises over the first epoch and falls to 0 along a cosine.
    learn_from : int
        First convolution that learns; those before it keep their starting weights.
    plain : bool
        Whether excerpts are only cut out, not changed.
    head_only : bool
        Whether all starting weights stay as they are. Their features are then stored: of
        the stored pictures, of the real audio of the same tracks and of the variations.
    """

    epochs: int
    learning_rate: float
    learn_from: int = 1
    plain: bool = False
    head_only: bool = False


@dataclass(frozen=True)
class TrainingConfig:
    """All settings of a training.

    Attributes
    ----------
    name : str
        Name of the recipe; the model it makes is called `model_name`.
    protocol : str
        "random" or "filtered": which split's lists are learned from and watched.
    architecture : str
        A key of `model.training.fit.ARCHITECTURES`.
    architecture_options : dict
        Keyword arguments of the architecture.
    start : str
        "musicnn" for pretrained convolutions, "random" for none.
    stages : tuple of Stage
        In their order.
    batch_size : int
        Excerpts a step.
    label_smoothing : float
        Share of the target spread over all classes.
    weight_decay : float
        Of AdamW.
    seed : int
        Of every random draw.
    augmentation : Augmentation
        How pictures are changed.
    variations : tuple of Variation
        Versions of every track that a stage with ``head_only`` shows as often as the track
        itself.
    """

    name: str
    protocol: str = "random"
    architecture: str = "flagship"
    architecture_options: dict[str, Any] = field(default_factory=dict)
    start: str = "musicnn"
    stages: tuple[Stage, ...] = (Stage(30, 3e-4),)
    batch_size: int = 16
    label_smoothing: float = 0.1
    weight_decay: float = 1e-3
    seed: int = 0
    augmentation: Augmentation = field(default_factory=Augmentation)
    variations: tuple[Variation, ...] = ()

    @property
    def model_name(self) -> str:
        """Name of the trained model, of its weights and its card."""
        return f"{self.name}-{self.protocol}"


def read_config(path: Path) -> TrainingConfig:
    """Read a configuration.

    Parameters
    ----------
    path : Path
        A TOML file, or the JSON file that `write_config` wrote, whose keys are the fields
        of `TrainingConfig`, with a table [augmentation] and tables [[stages]] and
        [[variations]].

    Returns
    -------
    TrainingConfig
        With defaults where the file is silent.

    Raises
    ------
    TypeError
        If the file has a key that does not exist.
    """
    text = path.read_text(encoding="utf-8")
    raw = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    raw["augmentation"] = Augmentation(**raw.get("augmentation", {}))
    raw["stages"] = tuple(Stage(**stage) for stage in raw["stages"])
    raw["variations"] = tuple(Variation(**how) for how in raw.get("variations", ()))
    return TrainingConfig(**raw)


def write_config(config: TrainingConfig, path: Path) -> None:
    """Write a configuration as JSON, with nothing left to defaults."""
    write_json(asdict(config), path)


def what_ran(config: TrainingConfig) -> dict[str, Any]:
    """Collect the settings that a training really uses, for a model card.

    Parameters
    ----------
    config : TrainingConfig
        All settings.

    Returns
    -------
    dict
        The same, but of the augmentation only the excerpts' length where every stage cuts
        them out plainly or learns from stored features, and no variations where no stage
        stores any.
    """
    used = asdict(config)
    if all(stage.plain or stage.head_only for stage in config.stages):
        used["augmentation"] = {"frames": config.augmentation.frames}
    if not any(stage.head_only for stage in config.stages):
        used["variations"] = []
    return used
