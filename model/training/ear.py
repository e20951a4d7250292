"""The ear learns: on the songs of GTZAN that have sound, and on songs from outside.

Behind YAMNet's answers stand rectified units, a mean over all places and one dense layer; others
stand behind the tagger's. Of each, several are trained from different beginnings and put together
into one: their units side by side, and the mean of their scores, so that what each has learned by
chance counts less.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from model.constants import GENRES
from model.gtzan.labelled_songs import LabelledSong
from model.networks.ear import TAGGER_ENDING, EarWeights, ear_weights
from model.networks.loading import described
from model.training.ear_features import HeardSongs
from model.training.tuning import make_ready
from model.types import Float32, Float64

_LEAST_SPREAD: Final = 1e-2


@dataclass(frozen=True)
class EarRecipe:
    """How the layers behind YAMNet, and those behind the tagger, learn.

    Attributes
    ----------
    units : int
        Rectified units of each member.
    members : int
        Trained from different beginnings.
    steps, batch_size, columns : int
        How often a member hears how many excerpts of how many columns of the tagger's; twice as
        many of YAMNet's, which are half as long.
    learning_rate : float
        The highest.
    weight_decay : float
        A step's, relative to the rate.
    dropout : float
        Share of the answers, and of the units' means, that an excerpt goes without.
    mixup : float
        Excerpts are mixed in pairs, by a share drawn from Beta(mixup, mixup); 0 for none.
        H. Zhang et al., ICLR 2018, arXiv 1710.09412.
    label_smoothing : float
        Share of the target spread over all classes.
    versions : int
        Altered versions of every song.
    version_share : float
        How often a song is heard in one of them.
    seed : int
        Of the first member; the others follow.
    """

    units: int = 256
    members: int = 4
    steps: int = 300
    batch_size: int = 48
    columns: int = 24
    learning_rate: float = 1e-3
    weight_decay: float = 1e-3
    dropout: float = 0.3
    mixup: float = 0.4
    label_smoothing: float = 0.1
    versions: int = 4
    version_share: float = 0.5
    seed: int = 0


def balanced_weights(songs: Sequence[LabelledSong], origins: Sequence[str]) -> Float64:
    """Weigh songs so that every genre counts alike, and no artist or source too much.

    Within a genre the songs of one origin count together as the square root of their number,
    within an origin those of one artist or source likewise.

    Parameters
    ----------
    songs : sequence of LabelledSong
        The training songs.
    origins : sequence of str
        The data set of each.

    Returns
    -------
    ndarray of float64, shape (songs,)
        With sum 1.
    """
    groups: dict[tuple[int, str, str], list[int]] = {}
    for index, (song, origin) in enumerate(zip(songs, origins, strict=True)):
        groups.setdefault((song.label, origin, song.group), []).append(index)
    weights = np.zeros(len(songs))
    for members in groups.values():
        weights[members] = len(members) ** -0.5
    labels, places = np.array([song.label for song in songs]), np.array(origins)
    for label in np.unique(labels):
        for place in np.unique(places):
            there = (labels == label) & (places == place)
            if there.any():
                weights[there] *= there.sum() ** 0.5 / weights[there].sum()
        weights[labels == label] /= weights[labels == label].sum()
    balanced: Float64 = weights / weights.sum()
    return balanced


class DrawnColumns(keras.utils.PyDataset):
    """Batches of excerpts: a song drawn by its weight, as it is or altered, and mixed in pairs.

    Parameters
    ----------
    versions : sequence of HeardSongs
        The songs as they are, then altered.
    labels : ndarray of int64, shape (songs,)
        Their genres.
    weights : ndarray of float64, shape (songs,)
        How likely each song is, with sum 1.
    recipe : EarRecipe
        Size and number of the batches.
    """

    def __init__(
        self,
        versions: Sequence[HeardSongs],
        labels: npt.NDArray[np.int64],
        weights: Float64,
        recipe: EarRecipe,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._versions, self._weights, self._recipe = versions, weights, recipe
        self._targets = np.eye(len(GENRES), dtype=np.float32)[labels]

    def __len__(self) -> int:
        """Count the batches."""
        return self._recipe.steps

    def __getitem__(self, index: int) -> tuple[Float32, Float32]:
        """Make one batch: answers (batch, cells, channels), and targets (batch, classes)."""
        recipe = self._recipe
        rng = np.random.default_rng((recipe.seed, index))
        songs = rng.choice(len(self._weights), recipe.batch_size, p=self._weights)
        cells = self._versions[0].cells
        answers = np.stack([cells(self._excerpt(song, rng)) for song in songs])
        targets = self._targets[songs]
        if recipe.mixup:
            share = rng.beta(recipe.mixup, recipe.mixup, recipe.batch_size).astype(np.float32)
            share, partner = np.maximum(share, 1 - share), rng.permutation(recipe.batch_size)
            by_excerpt = share[:, np.newaxis, np.newaxis]
            answers = by_excerpt * answers + (1 - by_excerpt) * answers[partner]
            targets = share[:, np.newaxis] * targets
            targets += (1 - share)[:, np.newaxis] * self._targets[songs[partner]]
        return answers, targets

    def _excerpt(self, song: int, rng: np.random.Generator) -> npt.NDArray[np.float16]:
        clean, *altered = self._versions
        chosen = clean
        if altered and rng.random() < self._recipe.version_share:
            chosen = altered[int(rng.integers(len(altered)))]
        heard = chosen.excerpts[song]
        answers = heard[int(rng.integers(len(heard)))]
        # What is shorter is repeated.
        answers = np.concatenate([answers] * -(-self._recipe.columns // len(answers)))
        start = int(rng.integers(len(answers) - self._recipe.columns + 1))
        return answers[start : start + self._recipe.columns]


def learn_member(
    versions: Sequence[HeardSongs],
    labels: npt.NDArray[np.int64],
    weights: Float64,
    recipe: EarRecipe,
) -> EarWeights:
    """Train one member.

    Parameters
    ----------
    versions, labels, weights
        As in `DrawnColumns`.
    recipe : EarRecipe
        How.

    Returns
    -------
    EarWeights
        For answers as they are: their standardisation is folded in.
    """
    keras.utils.set_random_seed(recipe.seed)
    first = [versions[0].cells(heard[0]) for heard in versions[0].excerpts]
    mean = np.einsum("s,sc->c", weights, np.stack([each.mean(axis=0) for each in first]))
    square = np.stack([np.square(each - mean).mean(axis=0) for each in first])
    spread = np.maximum(np.sqrt(np.einsum("s,sc->c", weights, square)), _LEAST_SPREAD)
    answers = keras.Input((None, len(mean)))
    standard = keras.layers.Normalization(mean=mean, variance=np.square(spread))(answers)
    heard = keras.layers.SpatialDropout1D(recipe.dropout)(standard)
    units = keras.layers.Dense(recipe.units, activation="relu", name="units")(heard)
    over_time = keras.layers.GlobalAveragePooling1D()(units)
    scores = keras.layers.Dense(len(GENRES), name="genre")(
        keras.layers.Dropout(recipe.dropout)(over_time)
    )
    network = keras.Model(answers, scores)
    make_ready(
        network,
        steps=recipe.steps,
        learning_rate=recipe.learning_rate,
        weight_decay=recipe.weight_decay,
        label_smoothing=recipe.label_smoothing,
    )
    network.fit(DrawnColumns(versions, labels, weights, recipe), verbose=0, shuffle=False)
    learned = ear_weights(described(network).layers)
    kernel = learned.units_kernel / spread[:, np.newaxis]
    return replace(
        learned,
        units_kernel=kernel.astype(np.float32),
        units_bias=(learned.units_bias - mean @ kernel).astype(np.float32),
    )


def joined(members: Sequence[EarWeights]) -> EarWeights:
    """Put members together: one with all their units, whose score is the mean of theirs."""
    return EarWeights(
        np.concatenate([each.units_kernel for each in members], axis=1),
        np.concatenate([each.units_bias for each in members]),
        np.concatenate([each.kernel / np.float32(len(members)) for each in members]),
        np.mean([each.bias for each in members], axis=0, dtype=np.float32),
    )


def learn_ear(
    versions: Sequence[HeardSongs],
    songs: Sequence[LabelledSong],
    origins: Sequence[str],
    recipe: EarRecipe,
) -> EarWeights:
    """Train all members and put them together.

    Parameters
    ----------
    versions : sequence of HeardSongs
        The songs as they are, then altered.
    songs, origins : sequence of LabelledSong, sequence of str
        The songs, and the data set of each.
    recipe : EarRecipe
        How.

    Returns
    -------
    EarWeights
        Behind all channels that were heard.
    """
    labels = np.array([song.label for song in songs], np.int64)
    weights = balanced_weights(songs, origins)
    return joined(
        [
            learn_member(versions, labels, weights, replace(recipe, seed=recipe.seed + member))
            for member in range(recipe.members)
        ]
    )


def ear_network(yamnet: EarWeights, tagger: EarWeights) -> keras.Model:
    """Put weights into a Keras network, from both answers, (cells, channels), to scores."""
    inputs, scores = [], []
    for name, weights, ending in (("answers", yamnet, ""), ("tags", tagger, TAGGER_ENDING)):
        answers = keras.Input((None, len(weights.units_kernel)), name=name)
        units = keras.layers.Dense(
            len(weights.units_bias), activation="relu", name=f"units{ending}"
        )
        dense = keras.layers.Dense(len(weights.bias), name=f"genre{ending}")
        over_time = keras.layers.GlobalAveragePooling1D(name=f"over_time{ending}")
        scores.append(dense(over_time(units(answers))))
        inputs.append(answers)
        units.set_weights([weights.units_kernel, weights.units_bias])
        dense.set_weights([weights.kernel, weights.bias])
    return keras.Model(inputs, keras.layers.Add(name="score")(scores), name="ear")


def ear_scores(weights: EarWeights, heard: HeardSongs) -> Float32:
    """Score songs: the mean of the scores of their excerpts, (songs, classes)."""
    return np.stack(
        [
            np.mean(
                [weights.by_class(heard.cells(each)).mean(axis=0) for each in excerpts],
                axis=0,
            )
            for excerpts in heard.excerpts
        ]
    )


def recall_by_genre(scores: Float32, labels: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Compute the share of right verdicts, and its mean over the genres that are there."""
    right = scores.argmax(axis=1) == labels
    return float(right.mean()), float(
        np.mean([right[labels == label].mean() for label in np.unique(labels)])
    )
