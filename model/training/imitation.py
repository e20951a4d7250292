"""Teach a decoder of masks to draw fine maps on its own cells, without their gradient.

::

    python -m model.training.imitation --data PATH/TO/GTZAN --songs PATH/TO/SONGS

A fine map keeps single levels. Taken together over the decoder's cells it is a picture of
connected places, and what those keep carries the verdict better than the single levels do. But it
costs a gradient for every class. So a decoder learns what it looks like: the network hears
excerpts of songs that it learned from, and the decoder is shown the fine map of two genres of
each. Of two songs that were joined it is shown nothing of the other one.

`model.training.listenable` can go on from here (``--begin``): by what is called how.
"""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from model.audio.spectrogram import log_mel
from model.explain import fine
from model.explain.door import Prediction, Target
from model.explain.grid import MapGrid
from model.gtzan.fingerprint import record
from model.gtzan.labelled_songs import gtzan_songs, listed_songs
from model.gtzan.splits import read_split
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from model.networks.mask_decoder import mask_decoder
from model.networks.masks import TIMES_FINER, cell_levels, cell_means
from model.networks.shipped import DEFAULT_MODEL, decoder_name
from model.records import write_json
from model.training.heard_excerpts import frames_read
from model.training.listenable import Drawn, Excerpts, MaskRecipe
from model.types import Float32

_SHOWN_EVERY: Final = 100


@dataclass(frozen=True)
class ImitationRecipe:
    """How the decoder learns to imitate.

    Attributes
    ----------
    excerpts : int
        How many are heard.
    epochs, batch : int
        Times that each is looked at, and how many at once.
    rate : float
        Of learning, at first; it falls to nothing.
    largest : float
        Share of a map's cells below what counts as its peak: single cells do not decide.
    power : float
        Of a cell's share of that peak: above 1 the strongest places stand out.
    seed : int
        Of everything that is drawn.
    """

    excerpts: int = 1300
    epochs: int = 10
    batch: int = 16
    rate: float = 3e-3
    largest: float = 0.99
    power: float = 1.5
    seed: int = 0


def target_of(
    values: Float32, grid: MapGrid, rows: int, columns: int, recipe: ImitationRecipe
) -> Float32:
    """Take a fine map together over the decoder's cells.

    Parameters
    ----------
    values : ndarray of float32, shape (N_MELS, frames)
        The fine map.
    grid : MapGrid
        Of the network's last map.
    rows, columns : int
        Of that map.
    recipe : ImitationRecipe
        What counts as the peak, and how far it stands out.

    Returns
    -------
    ndarray of float32, shape (rows, columns, TIMES_FINER)
        From 0 to 1; all 0 where the fine map has nothing.
    """
    cells = cell_means(values, grid, rows, columns)
    peak = np.quantile(cells, recipe.largest) or cells.max()
    if peak <= 0:
        return np.zeros_like(cells)
    return np.asarray(np.minimum(cells / peak, 1.0) ** recipe.power, np.float32)


class Shown:
    """What the decoder is shown of excerpts: its inputs, and what to draw."""

    def __init__(self, classifier: Classifier, recipe: ImitationRecipe) -> None:
        self._classifier, self._recipe = classifier, recipe
        self.maps: list[npt.NDArray[np.float16]] = []
        self.levels: list[Float32] = []
        self.excerpt: list[int] = []
        self.weights: list[Float32] = []
        self.targets: list[Float32] = []

    def hear(self, drawn: Drawn) -> None:
        """Hear an excerpt, and draw the fine maps of two genres of it."""
        classifier = self._classifier
        levels = frames_read(log_mel(drawn.sound))
        prediction = classifier.hear(drawn.sound, levels)
        if prediction.silent is not None:  # rare, and the decoder is shown what sounds only
            return
        rows, columns = prediction.feature_maps.shape[:2]
        self.maps.append(prediction.feature_maps.astype(np.float16))
        self.levels.append(cell_levels(levels, classifier.grid, rows, columns))
        first, second = (int(index) for index in np.argsort(prediction.logits)[:-3:-1])
        asked = (first, second) if drawn.genre < 0 else (drawn.genre,)
        for genre in asked:
            self._show(prediction, genre, drawn.other)

    def _show(self, prediction: Prediction, genre: int, other: Float32) -> None:
        classifier = self._classifier
        target = Target.single(genre, len(prediction.logits))
        found = fine.explain(classifier, prediction, target)
        rows, columns = prediction.feature_maps.shape[:2]
        cells = target_of(found.values, classifier.grid, rows, columns, self._recipe)
        cells *= 1 - other.reshape(1, columns, TIMES_FINER)
        self.targets.append(cells)
        self.weights.append(
            fine.log_odds_weights(prediction.logits, target.members, classifier.temperature)
        )
        self.excerpt.append(len(self.maps) - 1)


class Batches(keras.utils.PyDataset):
    """Batches of what is shown, in another order every time.

    Parameters
    ----------
    shown : Shown
        Excerpts and targets.
    kernel : ndarray of float32, shape (channels, classes)
        Of the network's dense layer.
    recipe : ImitationRecipe
        Size of a batch, and seed.
    """

    def __init__(
        self, shown: Shown, kernel: Float32, recipe: ImitationRecipe, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._shown, self._kernel, self._batch = shown, kernel, recipe.batch
        self._rng = np.random.default_rng(recipe.seed)
        self.on_epoch_end()

    def __len__(self) -> int:
        """Count the batches."""
        return len(self._shown.targets) // self._batch

    def on_epoch_end(self) -> None:
        """Draw another order."""
        self._order = self._rng.permutation(len(self._shown.targets))

    def __getitem__(self, index: int) -> tuple[tuple[Float32, ...], Float32]:
        """Make one batch: the decoder's inputs, and what to draw."""
        shown = self._shown
        some = self._order[index * self._batch : (index + 1) * self._batch]
        heard = [shown.excerpt[each] for each in some]
        weights = np.stack([shown.weights[each] for each in some])
        inputs = (
            np.stack([shown.maps[each] for each in heard]).astype(np.float32),
            np.stack([shown.levels[each] for each in heard]),
            weights @ self._kernel.T,
            weights,
        )
        return inputs, np.stack([shown.targets[each] for each in some])


def imitate(shown: Shown, classifier: Classifier, recipe: ImitationRecipe) -> keras.Model:
    """Teach a new decoder what it is shown.

    Parameters
    ----------
    shown : Shown
        Excerpts and targets; at least a batch of them.
    classifier : Classifier
        The network that is explained.
    recipe : ImitationRecipe
        How to learn.

    Returns
    -------
    keras.Model
        As `mask_decoder` builds it.
    """
    keras.utils.set_random_seed(recipe.seed)
    adds = [
        shown.maps[heard].astype(np.float32) @ (classifier.kernel @ weights)
        for heard, weights in zip(shown.excerpt[::20], shown.weights[::20], strict=True)
    ]
    scale = float(1.0 / np.std(adds))
    decoder = mask_decoder(*classifier.kernel.shape, contrast_scale=scale)
    batches = Batches(shown, classifier.kernel, recipe)
    rate = keras.optimizers.schedules.CosineDecay(recipe.rate, recipe.epochs * len(batches))
    decoder.compile(keras.optimizers.Adam(rate, clipnorm=1.0), "binary_crossentropy")
    decoder.fit(batches, epochs=recipe.epochs, verbose=2)
    return decoder


def train(data: Path, songs: Path, out: Path, model: str, recipe: ImitationRecipe) -> None:
    """Train the decoder of one network, and write it with its card.

    Parameters
    ----------
    data, songs : Path
        GTZAN, and the songs from outside.
    out : Path
        A folder.
    model : str
        Name of the network.
    recipe : ImitationRecipe
        How the decoder learns.
    """
    classifier = load_classifier(model)
    names = read_split(data, f"{classifier.card.get('protocol', 'random')}_train")
    known = [*gtzan_songs(data, names), *listed_songs(songs, "train")]
    excerpts = Excerpts(known, MaskRecipe(seed=recipe.seed))
    shown = Shown(classifier, recipe)
    for number in range(1, 1 + recipe.excerpts):
        shown.hear(excerpts.draw())
        if number % _SHOWN_EVERY == 0:
            print(f"{number} excerpts heard", file=sys.stderr, flush=True)
    decoder = imitate(shown, classifier, recipe)
    out.mkdir(parents=True, exist_ok=True)
    weights = out / f"{decoder_name(model)}.keras"
    decoder.save(weights)
    write_json(
        {
            "name": weights.stem,
            "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
            "bytes": weights.stat().st_size,
            "network": {"name": model, "sha256": classifier.sha256},
            "imitates": "fine",
            "recipe": asdict(recipe),
            "songs": len(known),
            "tracks": record({"train": [song.name for song in known]}),
            "command": "python -m model.training.imitation --data PATH/TO/GTZAN "
            f"--songs PATH/TO/SONGS --model {model} --seed {recipe.seed}",
        },
        weights.with_suffix(".json"),
    )


def main(words: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m model.training.imitation", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/gtzan"))
    parser.add_argument("--songs", type=Path, default=Path("../shared/outside"))
    parser.add_argument("--out", type=Path, default=Path("runs/imitation"))
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--excerpts", type=int, default=ImitationRecipe.excerpts)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(words)
    recipe = ImitationRecipe(excerpts=given.excerpts, seed=given.seed)
    train(given.data, given.songs, given.out, given.model, recipe)


if __name__ == "__main__":
    main()
