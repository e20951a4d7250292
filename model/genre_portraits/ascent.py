"""Gradient ascent: the sound that a network finds most typical of a genre.

D. Erhan, Y. Bengio, A. Courville, P. Vincent, "Visualizing Higher-Layer Features of a Deep
Network", 2009; K. Simonyan, A. Vedaldi, A. Zisserman, arXiv 1312.6034, 2013. No recording
takes part: the climb starts from random numbers, and is led by the network alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from model.constants import DYNAMIC_RANGE_DB
from model.genre_portraits.loop import FINER, Loop
from model.types import Float32

if TYPE_CHECKING:
    import keras


# Frames of the network in one look: 3.1 s, the shortest input.
LOOK: Final = 40
# Random change of the levels at every look, as the levels of noise vary.
SHAKE_DB: Final = 2.0
# Length of a move, in dB, and what remains of it in the last stretches of the way.
MOVE_DB: Final = 2.0
_SLOWER: Final = ((0.6, 1.0), (0.85, 0.4), (1.0, 0.15))
# Weights of the penalties beside the logarithm of the probability.
_LEVELS_WEIGHT, _SOURCE_WEIGHT = 0.05, 0.15
_MEAN_SCALE, _SPREAD_SCALE = 10.0, 4.0  # dB


class Source(Protocol):
    """A differentiable source of spectrograms."""

    @property
    def loop(self) -> Loop:
        """The time that it fills."""

    def start(self, rng: np.random.Generator) -> list[Float32]:
        """Draw random settings to begin with, each array of shape (1, ...)."""

    def power(self, settings: list[Any]) -> Any:
        """Compute the mel power, (n, N_MELS, frames) at FINE_HOP."""

    def penalty(self, settings: list[Any]) -> Any:
        """Compute the penalty on these settings, whatever the genre, (n,)."""


@dataclass(frozen=True)
class Climb:
    """Length and seed of an ascent.

    Attributes
    ----------
    moves : int
        Number of steps.
    seed : int
        Of the start and of where the network looks at each step.
    """

    moves: int
    seed: int


def levels_from(power: Any) -> Any:
    """Turn mel power (n, mels, frames) into levels as the front end does, differentiably."""
    from keras import ops  # noqa: PLC0415  # Keras takes seconds to import

    loudest = ops.max(power, axis=(1, 2), keepdims=True)
    # The sum instead of the front end's maximum, so that every cell has a gradient.
    share = power / loudest + 10 ** (-DYNAMIC_RANGE_DB / 10)
    return ops.log(share) * (10 / float(np.log(10)))


def look_at(power: Any, start: Any, frames: int) -> Any:
    """Read a loop's mel power where the network's frames lie.

    Parameters
    ----------
    power : array or tensor, shape (n, mels, fine frames)
        Of one round of the loop.
    start : float
        Where the first frame lies, in frames at FINE_HOP.
    frames : int
        How many frames of the network; the loop goes on as long as they need.

    Returns
    -------
    tensor, shape (n, mels, frames)
        Linear in between.
    """
    from keras import ops  # noqa: PLC0415  # as above

    length = power.shape[2]
    place = start + FINER * np.arange(frames, dtype=np.float32)
    before = ops.floor(place)
    share = place - before
    index = ops.cast(before, "int32")
    first = ops.take(power, ops.mod(index, length), axis=2)
    second = ops.take(power, ops.mod(index + 1, length), axis=2)
    return first * (1 - share) + second * share


def climb(
    network: "keras.Model", source: Source, classes: Sequence[int], how: Climb
) -> list[Float32]:
    """Climb the logarithm of each class's probability, all from the same start.

    At every step the network looks at another stretch of the loop, beginning anywhere
    between its frames, and at levels that are shaken a little: what pleases only at one place
    on the grid, or at one exact level, does not last.

    Parameters
    ----------
    network : keras.Model
        From levels in dB, (batch, N_MELS, frames, 1), to scores.
    source : Source
        What is climbed with.
    classes : sequence of int
        One climber each.
    how : Climb
        Length of the way, and seed.

    Returns
    -------
    list of ndarray of float32, shapes (classes, ...)
        The source's settings at the end of the way.

    Raises
    ------
    ValueError
        If Keras runs on another backend than TensorFlow.
    """
    import keras  # noqa: PLC0415  # as above

    from model.networks.flagship import MEAN_DB, SPREAD_DB  # noqa: PLC0415  # as above
    from model.networks.gradients import require_tensorflow  # noqa: PLC0415  # as above

    require_tensorflow("Sounds are made with TensorFlow")
    import tensorflow as tf  # noqa: PLC0415  # as above

    rng = np.random.default_rng(how.seed)
    settings = [tf.Variable(np.repeat(array, len(classes), axis=0)) for array in source.start(rng)]
    optimizer = keras.optimizers.Adam(MOVE_DB, beta_1=0.8, beta_2=0.95)
    wanted = tf.constant(list(classes))

    @tf.function
    def move(start: Any, draw: Any) -> None:
        with tf.GradientTape() as tape:
            levels = levels_from(look_at(source.power(settings), start, LOOK))
            levels += SHAKE_DB * tf.random.stateless_normal(tf.shape(levels), (how.seed, draw))
            scores = network(levels[..., tf.newaxis], training=False)
            surprise = -tf.gather(tf.nn.log_softmax(scores), wanted, axis=1, batch_dims=1)
            mean, spread = tf.reduce_mean(levels, (1, 2)), tf.math.reduce_std(levels, (1, 2))
            unusual = tf.square((mean - MEAN_DB) / _MEAN_SCALE) + tf.square(
                (spread - SPREAD_DB) / _SPREAD_SCALE
            )
            loss = surprise + _LEVELS_WEIGHT * unusual
            loss += _SOURCE_WEIGHT * source.penalty(settings)
        gradients = [_levelled(gradient) for gradient in tape.gradient(loss, settings)]
        optimizer.apply_gradients(zip(gradients, settings, strict=True))

    for index in range(how.moves):
        done = index / how.moves
        optimizer.learning_rate = MOVE_DB * next(rate for end, rate in _SLOWER if done < end)
        start = rng.uniform(0, source.loop.frames)
        move(tf.constant(start, tf.float32), tf.constant(index))
    return [setting.numpy() for setting in settings]


def _levelled(gradient: Any) -> Any:
    """Bring every climber's gradient to one length: near the top it would vanish."""
    from keras import ops  # noqa: PLC0415  # as above

    axes = tuple(range(1, len(gradient.shape)))
    return gradient / (ops.sqrt(ops.mean(ops.square(gradient), axis=axes, keepdims=True)) + 1e-9)
