"""Training of a head on stored features, which are computed once for every clip.

With starting weights that stay as they are, an epoch then takes seconds. The features lie in
files, for several versions of many clips are more than a laptop's memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from model.audio.silence import repeated_sound
from model.gtzan.pictures import Pictures
from model.networks.flagship import STARTED
from model.training.config import TrainingConfig
from model.training.epochs import Epochs
from model.training.variation import Variation, vary
from model.types import Float32

# Frames of a picture for one column of stored features.
_FRAMES_A_COLUMN: Final = 4


def below(network: keras.Model) -> keras.Model:
    """Build the part of a flagship that its starting weights fill, sharing all weights."""
    return keras.Model(network.inputs, [network.get_layer(name).output for name in STARTED])


def head(network: keras.Model) -> keras.Model:
    """Build the rest of a flagship, from features to scores, sharing all weights."""
    return keras.Model([network.get_layer(name).output for name in STARTED], network.outputs)


@dataclass(frozen=True, eq=False)
class StoredFeatures:
    """Features of whole clips.

    Attributes
    ----------
    names : tuple of str
        Track names.
    labels : ndarray of int64, shape (clips,)
        Index into GENRES.
    layers : tuple of ndarray of float16, shape (clips, rows, columns, channels)
        One for each layer of `STARTED`, in files. Half precision: it is for training only.
    """

    names: tuple[str, ...]
    labels: npt.NDArray[np.int64]
    layers: tuple[npt.NDArray[np.float16], ...]

    def __len__(self) -> int:
        """Return the number of clips."""
        return len(self.names)


def store(
    network: keras.Model,
    pictures: Pictures,
    folder: Path,
    variation: Variation | None = None,
    version: int = 0,
    batch_size: int = 8,
) -> StoredFeatures:
    """Compute the features of whole clips.

    Parameters
    ----------
    network : keras.Model
        A flagship with starting weights.
    pictures : Pictures
        At least one clip.
    folder : Path
        An empty folder, or one still to be made, for files of 2.3 MB a clip of 30 s.
    variation : Variation, optional
        How to change each clip before.
    version : int
        Decides, with the clip's place, what is drawn at random for it: two versions of a clip
        have two equaliser curves.
    batch_size : int
        Clips at a time.

    Returns
    -------
    StoredFeatures
        For as long as the files are there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lower = below(network)
    layers: list[npt.NDArray[np.float16]] = []
    for start in range(0, len(pictures), batch_size):
        chosen = pictures.levels(slice(start, start + batch_size))
        levels = np.stack([repeated_sound(level) for level in chosen])
        if variation is not None:
            levels = np.stack(
                [
                    vary(level, variation, np.random.default_rng((version, start + index)))
                    for index, level in enumerate(levels)
                ]
            )
        outputs = lower.predict_on_batch(levels[..., np.newaxis])
        if not layers:
            layers = [
                np.lib.format.open_memmap(
                    folder / f"{name}.npy", "w+", np.float16, (len(pictures), *output.shape[1:])
                )
                for name, output in zip(STARTED, outputs, strict=True)
            ]
        for layer, output in zip(layers, outputs, strict=True):
            layer[start : start + batch_size] = output
    return StoredFeatures(pictures.names, pictures.labels, tuple(layers))


class FeatureExcerpts(Epochs):
    """Batches of excerpts of stored features.

    Parameters
    ----------
    clips : StoredFeatures
        From stored pictures.
    copies : StoredFeatures or None
        The same tracks, as many as there are, from the real audio's own pictures. A track
        that has one is shown as one or as the other, as chance decides.
    config : TrainingConfig
        Batch size, length of an excerpt and seed.
    variations : sequence of StoredFeatures
        The same tracks in other versions, in the same order. Every version is shown as often
        as the track itself.
    """

    def __init__(
        self,
        clips: StoredFeatures,
        copies: StoredFeatures | None,
        config: TrainingConfig,
        variations: Sequence[StoredFeatures] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(clips.labels, config, **kwargs)
        self._clips, self._copies, self._variations = clips, copies, variations
        wanted = config.augmentation.frames // _FRAMES_A_COLUMN
        sources = (clips, *variations, *([copies] if copies else []))
        self._columns = min(wanted, *(source.layers[0].shape[2] for source in sources))
        place = {name: i for i, name in enumerate(copies.names)} if copies else {}
        self._copy_of = [place.get(name) for name in clips.names]

    def __getitem__(self, index: int) -> tuple[tuple[Float32, ...], Float32]:
        """Make one batch: features of every layer, and targets (batch, classes)."""
        chosen, rng = self._draw(index)
        excerpts = [self._excerpt(int(i), rng) for i in chosen]
        batch = tuple(np.stack(layer).astype(np.float32) for layer in zip(*excerpts, strict=True))
        return batch, self._targets[chosen]

    def _excerpt(self, index: int, rng: np.random.Generator) -> list[npt.NDArray[np.float16]]:
        source, copy = self._clips, self._copy_of[index]
        version = int(rng.integers(0, 1 + len(self._variations)))
        if version > 0:
            source = self._variations[version - 1]
        elif self._copies and copy is not None and rng.random() < 0.5:
            source, index = self._copies, copy
        start = int(rng.integers(0, source.layers[0].shape[2] - self._columns + 1))
        return [layer[index, :, start : start + self._columns] for layer in source.layers]


def score(network: keras.Model, clips: StoredFeatures, batch_size: int = 8) -> Float32:
    """Score whole clips with a head.

    Parameters
    ----------
    network : keras.Model
        From `head`.
    clips : StoredFeatures
        What to score.
    batch_size : int
        Clips at a time.

    Returns
    -------
    ndarray of float32, shape (clips, classes)
        Scores before the softmax.
    """
    starts = range(0, len(clips), batch_size)
    batches = (
        tuple(layer[i : i + batch_size].astype(np.float32) for layer in clips.layers)
        for i in starts
    )
    return np.concatenate([network.predict_on_batch(batch) for batch in batches])
