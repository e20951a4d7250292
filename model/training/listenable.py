"""Teach a decoder of masks which part of a sound keeps the verdict, the network being frozen.

::

    python -m model.training.listenable --data PATH/TO/GTZAN --songs PATH/TO/SONGS

The loss is that of listenable maps (Paissan et al. 2024; see `model.networks.mask_decoder`): what
is kept is called as the whole is, what is left is not, and little is kept. Four things are added.
Many excerpts are two songs joined, and what is kept of the other song costs. Around what is kept
lies a bed of any level, silence included, so that no trick of one level pays. An improbable class
has nothing to keep but its size. And the same mask elsewhere, moved and mirrored, is to lose the
verdict: otherwise a mask so broad that its place hardly matters would do.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from model.audio.musicnn_spectrogram import musicnn_log_mel
from model.audio.spectrogram import log_mel
from model.audio.yamnet_spectrogram import yamnet_log_mel
from model.constants import COLUMN_FRAMES, GENRES, NETWORK_HOP
from model.explain.grid import TIMES_FINER
from model.gtzan.fingerprint import record
from model.gtzan.labelled_songs import LabelledSong, gtzan_songs, listed_songs, read_sound
from model.gtzan.splits import read_split
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from model.networks.loading import load_network, with_feature_maps
from model.networks.mask_decoder import mask_decoder
from model.networks.masks import cell_levels
from model.networks.places import PLACED_LAYER
from model.networks.shipped import DEFAULT_MODEL, decoder_name, load_checked
from model.records import write_json
from model.training.heard_excerpts import EXCERPT_COLUMNS, filled, frames_read
from model.training.masked_hearing import MaskedHearing, Three
from model.training.sound_variation import SoundVariation, vary_sound
from model.types import Float32

_FRAMES: Final = EXCERPT_COLUMNS * COLUMN_FRAMES
_SAMPLES: Final = _FRAMES * NETWORK_HOP


@dataclass(frozen=True)
class MaskRecipe:
    """How the decoder learns.

    Attributes
    ----------
    steps, batch : int
        Steps, and excerpts in each.
    rate : float
        Of learning, at its highest; it rises over the first tenth and falls to nothing.
    kept, left, rival, area, energy, other, edges : float
        Weights in the loss: the class in what is kept; the class in what is left; the class in
        what the same mask keeps elsewhere; the mask's mean; the energy that is kept beyond
        `most_energy`; the share of the mask in the song that was joined; differences of
        neighbouring cells. The second and the third take turns, one a step.
    surer : float
        By how much the log-odds of the class in what is kept should exceed those in the whole.
    late_area : float
        Weight of the mask's mean after the first quarter, when the places are found: then what
        is kept may grow until it carries the verdict.
    late_kept, late_left : float
        Weights of the class in what is kept and in what is left, in the second half.
    most_energy : float
        Share of the energy that costs nothing extra.
    joined : float
        Share of the excerpts that are two songs.
    altered : float
        Share of the excerpts that are altered as recordings are.
    silent : float
        Share of the excerpts with silence around what is kept; of the others the bed lies 20 to
        60 dB down.
    seed : int
        Of everything that is drawn.
    """

    steps: int = 1300
    batch: int = 3
    rate: float = 2e-3
    kept: float = 1.0
    left: float = 1.4
    rival: float = 1.4
    surer: float = 1.0
    area: float = 0.6
    late_area: float = 0.12
    late_kept: float = 3.0
    late_left: float = 5.0
    energy: float = 8.0
    most_energy: float = 0.18
    other: float = 1.5
    edges: float = 0.3
    joined: float = 0.4
    altered: float = 0.3
    silent: float = 0.4
    seed: int = 0

    def weights_at(self, step: int) -> dict[str, float]:
        """Return the weights of all parts of the loss at a step."""
        late, last = step > self.steps // 4, step > self.steps // 2
        return {
            "kept": self.late_kept if last else self.kept,
            "left": self.late_left if last else self.left,
            "rival": self.rival,
            "area": self.late_area if late else self.area,
            "energy": self.energy,
            "other": self.other,
            "edges": self.edges,
        }


class Drawn(NamedTuple):
    """An excerpt of one song, or of two joined in its middle.

    Attributes
    ----------
    sound : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    genre : int
        Of the one of two that is asked for; -1 where there is one song.
    other : ndarray of float32, shape (EXCERPT_COLUMNS * TIMES_FINER,)
        1 in the columns of the decoder's cells in which the other song plays.
    """

    sound: Float32
    genre: int
    other: Float32


class Excerpts:
    """Draws excerpts of songs, every genre as often as any other.

    Parameters
    ----------
    songs : sequence of LabelledSong
        With sound.
    recipe : MaskRecipe
        How excerpts are drawn.
    """

    def __init__(self, songs: Sequence[LabelledSong], recipe: MaskRecipe) -> None:
        self._by_genre = [[song for song in songs if song.genre == genre] for genre in GENRES]
        self._recipe = recipe
        self._rng = np.random.default_rng(recipe.seed)

    def batch(self) -> dict[str, Float32]:
        """Draw one batch: what `MaskLearning.step` is given."""
        drawn = [self._one() for _ in range(self._recipe.batch)]
        return {name: np.stack([each[name] for each in drawn]) for name in drawn[0]}

    def draw(self) -> Drawn:
        """Draw one sound."""
        rng, recipe = self._rng, self._recipe
        first, second = (int(genre) for genre in rng.choice(len(GENRES), 2, replace=False))
        sound, genre = self._sound(first), -1
        other = np.zeros(EXCERPT_COLUMNS * TIMES_FINER, np.float32)
        if rng.random() < recipe.joined:
            half = len(sound) // 2
            sound = np.concatenate([sound[:half], self._sound(second)[half:]])
            behind = bool(rng.integers(2))
            genre = second if behind else first
            other[: len(other) // 2] = behind
            other[len(other) // 2 :] = not behind
        return Drawn(sound, genre, other)

    def _one(self) -> dict[str, Float32]:
        rng, recipe = self._rng, self._recipe
        sound, genre, other = self.draw()
        silent = rng.random() < recipe.silent
        bed = 0.0 if silent else 10 ** (-rng.uniform(20, 60) / 20)
        return {
            "levels": frames_read(log_mel(sound)),
            "bands": yamnet_log_mel(sound),
            "tagger_bands": musicnn_log_mel(sound),
            "genre": np.array(genre, np.int32),
            "runner_up": np.array(rng.random() < 0.5, np.float32),
            "other": other,
            "bed": np.array(bed, np.float32),
        }

    def _sound(self, genre: int) -> Float32:
        """Cut an excerpt out of a song; at one loudness, since two may be joined."""
        rng, songs = self._rng, self._by_genre[genre]
        song = songs[int(rng.integers(len(songs)))]
        sound = filled(read_sound(song.files[int(rng.integers(len(song.files)))]), _SAMPLES)
        start = int(rng.integers(len(sound) - _SAMPLES + 1))
        sound = sound[start : start + _SAMPLES]
        if rng.random() < self._recipe.altered:
            sound = vary_sound(sound, SoundVariation(silence=0.0), rng)
            sound = filled(sound, _SAMPLES)[:_SAMPLES]
        return (sound * (0.1 / max(float(np.sqrt(np.mean(sound**2))), 1e-4))).astype(np.float32)


class MaskLearning:
    """The decoder, the network that it learns from, and one step of learning.

    Parameters
    ----------
    classifier : Classifier
        The frozen network, with an ear.
    hearing : MaskedHearing
        The same, differentiable.
    recipe : MaskRecipe
        How to learn.
    decoder : keras.Model
        From `mask_decoder`.
    """

    def __init__(
        self,
        classifier: Classifier,
        hearing: MaskedHearing,
        recipe: MaskRecipe,
        decoder: keras.Model,
    ) -> None:
        self.decoder = decoder
        self._hearing, self._recipe = hearing, recipe
        self._kernel = tf.constant(classifier.kernel)
        self._temperature = classifier.temperature
        self._grid = classifier.grid
        warm = recipe.steps // 10
        self._optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(
                recipe.rate / 20, recipe.steps - warm, warmup_target=recipe.rate, warmup_steps=warm
            ),
            clipnorm=1.0,
        )
        self._optimizer.build(self.decoder.trainable_variables)

    def set_step(self, number: int) -> None:
        """Set how many steps are done, which the rate of learning depends on."""
        self._optimizer.iterations.assign(number)

    def network_weights(self) -> list[Float32]:
        """Return the weights of the frozen network, on pictures, of YAMNet and of the tagger."""
        hearing = self._hearing
        return [
            weights
            for each in (hearing.pictures, hearing.yamnet, hearing.tagger)
            for weights in each.get_weights()
        ]

    def step(self, batch: dict[str, Float32], number: int = 0) -> dict[str, float]:
        """Learn from one batch of `Excerpts`, as the step of that number.

        Returns the parts of the loss.
        """
        hearing = self._hearing
        cells = [
            cell_levels(levels, self._grid, hearing.rows, hearing.columns)
            for levels in batch["levels"]
        ]
        tensors = {name: tf.constant(value) for name, value in batch.items()}
        found = self._learn(
            tensors,
            tf.constant(np.stack(cells)),
            {name: tf.constant(each) for name, each in self._recipe.weights_at(number).items()},
            with_rival=bool(number % 2),
        )
        return {name: float(value) for name, value in found.items()}

    @tf.function(autograph=False)
    def _learn(
        self, given: dict[str, Any], cells: Any, weights: dict[str, Any], *, with_rival: bool
    ) -> dict[str, Any]:
        hearing, recipe = self._hearing, self._recipe
        levels = given["levels"]
        heard = levels, given["bands"], given["tagger_bands"]
        maps, scores = hearing.hear(heard)
        maps, scores = tf.stop_gradient(maps), tf.stop_gradient(scores) / self._temperature
        best = tf.math.top_k(scores, 2).indices
        asked = tf.where(given["runner_up"] > 0, best[:, 1], best[:, 0])
        asked = tf.where(given["genre"] >= 0, given["genre"], asked)
        one = tf.one_hot(asked, scores.shape[-1])
        others = tf.nn.softmax(scores - 1e9 * one) * (1 - one)
        by_class = one - others
        probable = tf.reduce_sum(tf.nn.softmax(scores) * one, axis=1)
        learned = [each.value for each in self.decoder.trainable_variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(learned)
            keep = self.decoder(
                [maps, cells, by_class @ tf.transpose(self._kernel), by_class], training=True
            )
            masks = hearing.drawn(keep)
            mask = masks[0]
            bed = given["bed"][:, None, None]
            kept = _scores_of(hearing, heard, masks, bed) / self._temperature
            gained = log_odds(kept, one) - log_odds(scores, one)
            if with_rival:
                moved = hearing.drawn(elsewhere(keep))
                against = _scores_of(hearing, heard, moved, bed) / self._temperature
            else:
                # What the bed gives to the kept part it takes from the rest.
                less = 1 - bed
                first, second, third = (less * (1 - each) for each in masks)
                against = hearing.hear_masked(heard, (first, second, third))
                against /= self._temperature
            parts = {
                "kept": tf.reduce_mean(probable * tf.nn.softplus(recipe.surer - gained)),
                "rival" if with_rival else "left": tf.reduce_mean(
                    tf.minimum(-log_probability(against, one, of_others=True), 4.0)
                ),
                "area": tf.reduce_mean(mask),
                "energy": tf.reduce_mean(
                    tf.nn.relu(energy_kept(levels, mask) - recipe.most_energy)
                ),
                "other": misplaced(keep, given["other"]),
                "edges": roughness(keep),
            }
            loss = sum(weights[name] * value for name, value in parts.items())
        gradients = tape.gradient(loss, learned)
        self._optimizer.apply(gradients, self.decoder.trainable_variables)
        called = tf.cast(tf.argmax(kept, -1, tf.int32) == best[:, 0], tf.float32)
        top = tf.cast(asked == best[:, 0], tf.float32)
        return {
            **parts,
            "loss": loss,
            "top": tf.reduce_sum(top),
            "alike": tf.reduce_sum(called * top),
            "held": tf.reduce_mean(energy_kept(levels, mask)),
        }


def _scores_of(hearing: MaskedHearing, heard: Three, masks: Three, bed: Any) -> Any:
    first, second, third = (bed + (1 - bed) * each for each in masks)
    return hearing.hear_masked(heard, (first, second, third))


def log_probability(scores: Any, one: Any, *, of_others: bool = False) -> Any:
    """Logarithm of the probability of the class that `one` marks, or of all others, (batch,)."""
    marked = 1 - one if of_others else one
    log = tf.nn.log_softmax(scores)
    return tf.reduce_logsumexp(log + tf.math.log(tf.maximum(marked, 1e-9)), axis=1)


def log_odds(scores: Any, one: Any) -> Any:
    """Log-odds of the class that `one` marks, (batch,)."""
    return log_probability(scores, one) - log_probability(scores, one, of_others=True)


def elsewhere(keep: Any) -> Any:
    """Move cells (batch, rows, columns, 2) at random in time and frequency, and mirror some.

    Values and smoothness stay, but for the seams, where the ends of an excerpt meet.
    """
    size = tf.shape(keep)
    cells = tf.reshape(keep, (size[0], size[1], -1))
    rows, columns = size[1], size[2] * keep.shape[3]
    # At least a quarter of the excerpt away in time, and anywhere in frequency.
    later = tf.random.uniform((), columns // 4, columns - columns // 4, tf.int32)
    higher = tf.random.uniform((), 0, rows, tf.int32)
    moved = tf.roll(cells, [higher, later], axis=[1, 2])
    mirrored = tf.where(tf.random.uniform(()) < 0.5, moved[:, :, ::-1], moved)
    return tf.reshape(mirrored, size)


def energy_kept(levels: Any, mask: Any) -> Any:
    """Share of the energy that is kept, (batch,), counted in mel bands."""
    power = 10 ** (levels / 10)
    kept = tf.reduce_sum(power * tf.square(mask), axis=(1, 2))
    return kept / tf.reduce_sum(power, axis=(1, 2))


def misplaced(keep: Any, other: Any) -> Any:
    """Share of the cells' sum that lies in the other song, over excerpts that have one."""
    size = tf.shape(keep)
    cells = tf.reshape(keep, (size[0], size[1], -1))
    by_column = tf.reduce_sum(cells, axis=1)
    share = tf.reduce_sum(by_column * other, axis=1) / tf.reduce_sum(by_column, axis=1)
    there = tf.cast(tf.reduce_max(other, axis=1) > 0, tf.float32)
    return tf.reduce_sum(share * there) / tf.maximum(tf.reduce_sum(there), 1.0)


def roughness(keep: Any) -> Any:
    """Mean difference of neighbouring cells."""
    size = tf.shape(keep)
    cells = tf.reshape(keep, (size[0], size[1], -1))
    along_time = tf.reduce_mean(tf.abs(cells[:, :, 1:] - cells[:, :, :-1]))
    return along_time + tf.reduce_mean(tf.abs(cells[:, 1:] - cells[:, :-1]))


def learning_of(
    classifier: Classifier,
    recipe: MaskRecipe,
    excerpts: Excerpts,
    decoder: keras.Model | None = None,
    begin: keras.Model | None = None,
    pictures: keras.Model | None = None,
) -> MaskLearning:
    """Prepare a decoder for a network with an ear, a new one unless one is given.

    A new one begins with the weights of `begin`, a decoder of another network, if that is given.
    A network on pictures that does not ship is given as well.

    Raises
    ------
    ValueError
        If the network has no ear.
    """
    if classifier.ear is None or classifier.eyes is None:
        raise ValueError(f"{classifier.name} has no ear. Give a network with two heads: --model")
    if pictures is None:
        _, pictures = load_checked(classifier.eyes.name)
    _, yamnet = load_checked("yamnet")
    _, tagger = load_checked("musicnn-msd")
    batch = excerpts.batch()
    frames, moments, instants = (
        batch[name].shape[-1] for name in ("levels", "bands", "tagger_bands")
    )
    maps = classifier.predict(batch["levels"][0]).feature_maps
    rows, columns = maps.shape[:2]
    hearing = MaskedHearing(
        with_feature_maps(pictures),
        keras.Model(yamnet.inputs, yamnet.get_layer(PLACED_LAYER).output),
        tagger,
        classifier,
        frames,
        moments,
        instants,
        rows,
        columns,
    )
    heard, scores = hearing.hear(
        (
            tf.constant(batch["levels"]),
            tf.constant(batch["bands"]),
            tf.constant(batch["tagger_bands"]),
        )
    )
    best = np.asarray(scores).argmax(axis=1)
    adds = np.einsum("brck,bk->brc", np.asarray(heard), classifier.kernel[:, best].T)
    if decoder is None:
        keras.utils.set_random_seed(recipe.seed)
        scale = float(1.0 / adds.std())
        decoder = mask_decoder(*classifier.kernel.shape, contrast_scale=scale)
        if begin is not None:
            # What it is given was brought to about 1 for the other network as well.
            decoder.set_weights(begin.get_weights())
    return MaskLearning(classifier, hearing, recipe, decoder)


def learn(
    learning: MaskLearning, excerpts: Excerpts, recipe: MaskRecipe, out: Path, done: int = 0
) -> None:
    """Learn on from a step, and keep the decoder in a file every fifty steps."""
    learning.set_step(done)
    found: dict[str, list[float]] = {}
    began = time.monotonic()
    for step in range(1 + done, 1 + recipe.steps):
        for name, value in learning.step(excerpts.batch(), step).items():
            found.setdefault(name, []).append(value)
        if step % 25 == 0:
            alike = sum(found.pop("alike")) / max(sum(found.pop("top")), 1.0)
            shown = ", ".join(f"{name} {np.mean(each):.3f}" for name, each in found.items())
            seconds = time.monotonic() - began
            print(
                f"{step}: {shown}, alike {alike:.2f}, {seconds:.0f} s", file=sys.stderr, flush=True
            )
            found = {}
        if step % 50 == 0:
            learning.decoder.save(out)


def train(
    data: Path,
    songs: Path,
    out: Path,
    model: str,
    recipe: MaskRecipe,
    done: int = 0,
    begin: Path | None = None,
) -> None:
    """Train the decoder of one network, and write it with its card.

    Parameters
    ----------
    data, songs : Path
        GTZAN, and the songs from outside.
    out : Path
        A folder.
    model : str
        Name of the network.
    recipe : MaskRecipe
        How the decoder learns.
    done : int
        How many steps the decoder that lies there has behind it.
    begin : Path, optional
        The decoder of another network, whose weights a new one begins with.
    """
    classifier = load_classifier(model)
    names = read_split(data, f"{classifier.card.get('protocol', 'random')}_train")
    known = [*gtzan_songs(data, names), *listed_songs(songs, "train")]
    # Other excerpts than those that were drawn before a stop.
    excerpts = Excerpts(known, replace(recipe, seed=recipe.seed + done))
    out.mkdir(parents=True, exist_ok=True)
    weights = out / f"{decoder_name(model)}.keras"
    card = weights.with_suffix(".json")
    begun: keras.Model | None = None
    stops: list[int] = []
    if done:
        begun = load_network(weights)
        # A run that was stopped has not written its card yet.
        stops = json.loads(card.read_text()).get("went_on_after", []) if card.exists() else []
    other = load_network(begin) if begin and not done else None
    learning = learning_of(classifier, recipe, excerpts, begun, other)
    learn(learning, excerpts, recipe, weights, done)
    learning.decoder.save(weights)
    write_json(
        {
            "name": weights.stem,
            "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
            "bytes": weights.stat().st_size,
            "network": {"name": model, "sha256": classifier.sha256},
            "recipe": asdict(recipe),
            **({"went_on_after": [*stops, done]} if done else {}),
            **({"began_with": hashlib.sha256(begin.read_bytes()).hexdigest()} if begin else {}),
            "songs": len(known),
            "tracks": record({"train": [song.name for song in known]}),
            "command": "python -m model.training.listenable --data PATH/TO/GTZAN "
            f"--songs PATH/TO/SONGS --model {model} --seed {recipe.seed}"
            + (" --begin PATH/TO/DECODER" if begin else ""),
        },
        card,
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.listenable", description=__doc__
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/gtzan"))
    parser.add_argument("--songs", type=Path, default=Path("../shared/outside"))
    parser.add_argument("--out", type=Path, default=Path("runs/listenable"))
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--steps", type=int, default=MaskRecipe.steps)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--done", type=int, default=0, help="go on after so many steps of a run that was stopped"
    )
    parser.add_argument(
        "--begin", type=Path, help="begin with the weights of this decoder of another network"
    )
    given = parser.parse_args()
    recipe = MaskRecipe(steps=given.steps, seed=given.seed)
    train(given.data, given.songs, given.out, given.model, recipe, given.done, given.begin)


if __name__ == "__main__":
    main()
