"""Train a network on pictures, on the tensorflow, jax or torch backend of Keras."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from model.audio.silence import read_of, repeated_sound
from model.gtzan.pictures import Pictures
from model.networks.efficientnet_lite import efficientnet_lite, start_from_imagenet
from model.networks.flagship import flagship, start_from_musicnn
from model.networks.loading import load_network
from model.networks.musicnn import weighted_layers
from model.networks.vanilla import vanilla
from model.training.augment import Augmentation, augment, mix_pairs
from model.training.config import Stage, TrainingConfig, write_config
from model.training.epochs import Epochs
from model.training.pretrained.convert_efficientnet import load_imagenet
from model.training.pretrained.convert_musicnn import MUSICNN_WEIGHTS, VGG_WEIGHTS
from model.training.stored_features import FeatureExcerpts, StoredFeatures, head, score, store
from model.training.variation import Variation
from model.types import Float32

ARCHITECTURES: Final[dict[str, Callable[..., keras.Model]]] = {
    "flagship": flagship,
    "vanilla": vanilla,
    "efficientnet-lite": efficientnet_lite,
}

# Normalisations that come with starting weights. Their statistics are those of a million
# songs; batches of sixteen masked and mixed excerpts know less.
_STARTED_NORMS = tuple(f"norm{index}" for index in range(6))
_STARTED_LAYERS = weighted_layers()


class Excerpts(Epochs):
    """Batches of augmented training excerpts."""

    def __init__(self, pictures: Pictures, config: TrainingConfig, **kwargs: Any) -> None:
        super().__init__(pictures.labels, config, **kwargs)
        self._pictures = pictures

    def __getitem__(self, index: int) -> tuple[Float32, Float32]:
        """Make one batch: levels (batch, mels, frames, 1) and targets (batch, classes)."""
        chosen, rng = self._draw(index)
        how = self._config.augmentation
        whole = [repeated_sound(self._pictures.levels(int(i))) for i in chosen]
        levels = np.stack([augment(level, rng, how) for level in whole])
        levels, targets = mix_pairs(levels, self._targets[chosen], rng, how)
        return levels[..., np.newaxis], targets


@keras.saving.register_keras_serializable(package="earmark")
class WarmCosine(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that rises linearly over the first steps and falls to 0 along a cosine."""

    def __init__(self, peak: float, warm_steps: int, steps: int) -> None:
        self.peak, self.warm_steps, self.steps = peak, warm_steps, steps

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step."""
        now = keras.ops.cast(step, "float32")
        rising = (now + 1.0) / self.warm_steps
        done = (now - self.warm_steps) / max(1, self.steps - self.warm_steps)
        falling = 0.5 * (1.0 + keras.ops.cos(math.pi * keras.ops.clip(done, 0.0, 1.0)))
        return self.peak * keras.ops.minimum(rising, falling)

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor needs."""
        return {"peak": self.peak, "warm_steps": self.warm_steps, "steps": self.steps}


def build(config: TrainingConfig) -> keras.Model:
    """Build the network of a configuration with its starting weights.

    Parameters
    ----------
    config : TrainingConfig
        Its seed decides the random weights.

    Returns
    -------
    keras.Model
        Not compiled.
    """
    keras.utils.set_random_seed(config.seed)
    network = ARCHITECTURES[config.architecture](**config.architecture_options)
    if config.start == "musicnn":
        start_from_musicnn(network, load_network(VGG_WEIGHTS), load_network(MUSICNN_WEIGHTS))
    elif config.start == "imagenet":
        start_from_imagenet(network, load_imagenet())
    elif config.start != "random":
        raise ValueError(f"start must be 'musicnn', 'imagenet' or 'random', not {config.start!r}")
    return network


def _freeze(network: keras.Model, config: TrainingConfig, stage: Stage) -> None:
    kept = {f"conv{index}" for index in range(1, stage.learn_from)}
    kept |= set((*_STARTED_NORMS, *_STARTED_LAYERS) if config.start == "musicnn" else ())
    for layer in network.layers:
        layer.trainable = layer.name not in kept


def _compile(network: keras.Model, config: TrainingConfig, stage: Stage, steps: int) -> None:
    network.compile(
        keras.optimizers.AdamW(
            WarmCosine(stage.learning_rate, steps, stage.epochs * steps),
            weight_decay=config.weight_decay,
        ),
        keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=config.label_smoothing
        ),
        metrics=["accuracy"],
    )


def predict_logits(network: keras.Model, pictures: Pictures, batch_size: int = 8) -> Float32:
    """Score whole clips, without their silence.

    Parameters
    ----------
    network : keras.Model
        From (batch, mels, frames, 1) to scores.
    pictures : Pictures
        What to score.
    batch_size : int
        Clips at a time.

    Returns
    -------
    ndarray of float32, shape (clips, classes)
        Scores before the softmax.
    """
    starts = range(0, len(pictures), batch_size)
    logits: list[Float32] = []
    for start in starts:
        read = [read_of(level) for level in pictures.levels(slice(start, start + batch_size))]
        alike = len({level.shape for level in read}) == 1
        for batch in [read] if alike else [[level] for level in read]:
            logits.extend(network.predict_on_batch(np.stack(batch)[..., np.newaxis]))
    return np.stack(logits)


class _Log(keras.callbacks.Callback):
    """Write one JSON line an epoch; now and then with the accuracy on whole clips of valid."""

    def __init__(
        self,
        path: Path,
        stage: int,
        labels: npt.NDArray[np.int64],
        scores: Callable[[keras.Model], Float32],
        every: int = 4,
    ) -> None:
        super().__init__()
        self._path, self._stage, self._every = path, stage, every
        self._labels, self._scores = labels, scores

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        line: dict[str, Any] = {"stage": self._stage, "epoch": epoch + 1}
        line |= {name: round(float(value), 4) for name, value in (logs or {}).items()}
        last = epoch + 1 == self.params["epochs"]
        if last or (epoch + 1) % self._every == 0:
            verdicts = self._scores(self.model).argmax(axis=1)
            accuracy = float((verdicts == self._labels).mean())
            line["valid_accuracy"] = round(accuracy, 4)
        with self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)


@dataclass(frozen=True, eq=False)
class Material:
    """The tracks that a training learns from and is monitored on.

    Attributes
    ----------
    train, valid : Pictures
        Training tracks, and those to watch.
    copies : Pictures
        Real audio of training tracks; maybe none. Only stages with ``head_only`` use it.
    """

    train: Pictures
    valid: Pictures
    copies: Pictures


@dataclass(frozen=True, eq=False)
class Features:
    """The features of the material behind the starting weights.

    Attributes
    ----------
    train, valid : StoredFeatures
        Of stored pictures.
    copies : StoredFeatures or None
        Of real audio of training tracks, if there is any.
    variations : tuple of StoredFeatures
        Of the training tracks in other versions.
    """

    train: StoredFeatures
    valid: StoredFeatures
    copies: StoredFeatures | None
    variations: tuple[StoredFeatures, ...]


class Stored:
    """Features of the material, computed on first use and kept in temporary files.

    They depend on the starting weights alone, so trainings that differ in their seed share
    them.

    Parameters
    ----------
    material : Material
        What to store.
    variations : sequence of Variation
        Versions of the training tracks to store beside them.
    """

    def __init__(self, material: Material, variations: Sequence[Variation] = ()) -> None:
        self._material = material
        self._how = variations
        self._features: Features | None = None

    def of(self, network: keras.Model) -> Features:
        """Return the features; the files are deleted with this object."""
        if self._features is None:
            self._folder = TemporaryDirectory(prefix="earmark-features-")
            folder = Path(self._folder.name)
            train, valid, copies = (
                self._material.train,
                self._material.valid,
                self._material.copies,
            )
            self._features = Features(
                store(network, train, folder / "train"),
                store(network, valid, folder / "valid"),
                store(network, copies, folder / "copies") if len(copies) else None,
                tuple(
                    store(network, train, folder / f"variation{number}", how, version=number)
                    for number, how in enumerate(self._how)
                ),
            )
        return self._features


def fit(
    config: TrainingConfig, material: Material, folder: Path, stored: Stored | None = None
) -> keras.Model:
    """Train a network; the last epoch's weights are kept, when the rate has come down to 0.

    No epoch is picked by its score, so the figure on valid stays honest.

    Parameters
    ----------
    config : TrainingConfig
        How.
    material : Material
        What from.
    folder : Path
        Where config.json, log.jsonl and, after every epoch, the stage's weights are written.
    stored : Stored, optional
        Features of an earlier training on the same material.

    Returns
    -------
    keras.Model
        The trained network.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_config(config, folder / "config.json")
    (folder / "log.jsonl").unlink(missing_ok=True)
    network = build(config)
    stored = stored or Stored(material, config.variations)
    for number, stage in enumerate(config.stages):
        # A stage of its own has batches of its own.
        own = replace(config, seed=config.seed * 1000 + number)
        if stage.plain:
            own = replace(own, augmentation=Augmentation.none(config.augmentation.frames))
        _freeze(network, config, stage)
        if stage.head_only:
            features = stored.of(network)
            learning = head(network)
            excerpts: Epochs = FeatureExcerpts(
                features.train, features.copies, own, features.variations
            )
            scores = partial(score, clips=features.valid)
        else:
            learning, excerpts = network, Excerpts(material.train, own)
            scores = partial(predict_logits, pictures=material.valid)
        _compile(learning, config, stage, len(excerpts))
        callbacks = [
            _Log(folder / "log.jsonl", number, material.valid.labels, scores),
            keras.callbacks.ModelCheckpoint(str(folder / f"stage{number}.keras")),
        ]
        learning.fit(excerpts, epochs=stage.epochs, callbacks=callbacks, verbose=0)
    for layer in network.layers:
        layer.trainable = True
    # The same layers in a model that was never compiled: its file holds no optimizer.
    return keras.Model(network.inputs, network.outputs, name=network.name)
