"""What a network hears of a masked sound, differentiably, so that a mask can learn from it.

The app weighs the spectrum of a sound and analyses what comes out anew. Here the mask weighs the
three spectrograms that a network with an ear is given, which is nearly the same and can be
differentiated: levels in dB for the network on pictures, the bands of YAMNet, and the bands of
the tagger.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf

from model.audio.masking import THRESHOLD
from model.audio.musicnn_spectrogram import (
    MUSICNN_BANDS,
    MUSICNN_FACTOR,
    MUSICNN_HOP,
    MUSICNN_RATE,
)
from model.audio.spectrogram import mel_filterbank, mel_points
from model.audio.yamnet_spectrogram import (
    YAMNET_FLOOR,
    YAMNET_HOP,
    YAMNET_RATE,
    YAMNET_WINDOW,
    yamnet_centres,
)
from model.constants import DYNAMIC_RANGE_DB, N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.explain.grid import TIMES_FINER, MapGrid, finer_grid, to_spectrogram
from model.networks.classifier import Classifier
from model.networks.ear import EarWeights
from model.networks.places import PLACED, TOGETHER, Columns, across
from model.networks.tagger import TAGGER_FIRST_FRAME, TAGGER_FRAMES
from model.networks.trunk import saturated
from model.types import Float32, Float64

# Levels in dB (batch, N_MELS, frames), YAMNet's bands (batch, YAMNET_BANDS, moments), the tagger's
# (batch, MUSICNN_BANDS, instants); or a mask on each.
Three = tuple[Any, Any, Any]
# No mask turns a place down further than this, in dB: less than one hears, and a logarithm.
_LOWEST_DB: Final = 90.0
# What lies further below the loudest frame says nothing of the loudness.
_PAUSE_DB: Final = 40.0
# What the app keeps in full at its usual threshold, as a share of the largest figure of a map:
# see `model.audio.masking.mask_in_proportion`.
FULL_SHARE: Final = 2 * THRESHOLD


def _band_of_hertz(hertz: Float64) -> Float64:
    """Locate frequencies on our mel bands, by the bands' peaks."""
    filters = mel_filterbank()
    centres = np.linspace(0, SAMPLE_RATE / 2, filters.shape[1])[filters.argmax(axis=1)]
    return np.interp(hertz, centres, np.arange(len(centres)))


def _drawing(grid: MapGrid, size: int, positions: Float64, *, along_bands: bool) -> Float32:
    """Build the (positions, size) matrix that reads a map of `size` rows or columns."""
    unit = np.eye(size, dtype=np.float32)
    if along_bands:
        return to_spectrogram(unit, grid, positions, grid.frames(size))
    return to_spectrogram(unit, grid, grid.bands(size), positions).T


@dataclass(frozen=True, eq=False)
class MaskedHearing:
    """A frozen network with an ear, and masks before it, for excerpts of one length.

    Attributes
    ----------
    pictures : keras.Model
        From levels to the last maps and scores.
    yamnet : keras.Model
        From YAMNet's bands to its answers that have places.
    tagger : keras.Model
        From the tagger's bands to its answers.
    classifier : Classifier
        The network that all belong to, with an ear that has a tagger.
    frames, moments, instants : int
        Of an excerpt: of our spectrogram, of YAMNet's and of the tagger's.
    rows, columns : int
        Of the last map.
    """

    pictures: keras.Model
    yamnet: keras.Model
    tagger: keras.Model
    classifier: Classifier
    frames: int
    moments: int
    instants: int
    rows: int
    columns: int

    @property
    def _weights(self) -> tuple[EarWeights, EarWeights]:
        ear = self.classifier.ear
        if ear is None or ear.tagger_weights is None:
            raise ValueError(f"{self.classifier.name} has no ear with a tagger.")
        return ear.weights, ear.tagger_weights

    @cached_property
    def _grid(self) -> MapGrid:
        return finer_grid(self.classifier.grid)

    @cached_property
    def _drawings(self) -> tuple[tuple[Float32, Float32], ...]:
        """Draw cells on the bands and on the frames of each of the three."""
        cells = self.columns * TIMES_FINER
        frame = NETWORK_HOP / SAMPLE_RATE
        moments: Float64 = (np.arange(self.moments) * YAMNET_HOP + YAMNET_WINDOW / 2) / YAMNET_RATE
        instants: Float64 = np.arange(self.instants, dtype=np.float64) * (
            MUSICNN_HOP / MUSICNN_RATE
        )
        tagger_hertz = mel_points(MUSICNN_BANDS + 2, MUSICNN_RATE / 2)[1:-1]
        places: tuple[tuple[Float64, Float64], ...] = (
            (np.arange(N_MELS, dtype=float), np.arange(self.frames, dtype=float)),
            (_band_of_hertz(yamnet_centres()), moments / frame),
            (_band_of_hertz(tagger_hertz), instants / frame),
        )
        # No tensors: what is made inside a traced function cannot be kept for the next one.
        return tuple(
            (
                _drawing(self._grid, self.rows, bands, along_bands=True).astype(np.float32),
                _drawing(self._grid, cells, frames, along_bands=False).astype(np.float32),
            )
            for bands, frames in places
        )

    def _on_map(self, columns: Columns, evidence: Any) -> Any:
        """Read evidence, (batch, rows, columns, classes), at the cells of the last map."""
        ours = self.classifier.grid.frames(self.columns)
        times = columns.at(np.eye(evidence.shape[2], dtype=np.float32), ours)
        rows = across(evidence.shape[1], self.rows)
        return tf.einsum("mr,ct,brtk->bmck", rows, times, evidence)

    def hear(self, given: Three) -> tuple[Any, Any]:
        """Hear sounds: their last maps (batch, rows, columns, channels), scores (batch, classes).

        Parameters
        ----------
        given : tuple of three tensors
            The spectrograms, as `Three` tells.
        """
        levels, bands, tagger_bands = given
        maps, scores = self.pictures(levels[..., None], training=False)
        answered = (
            saturated(self.yamnet(bands[..., None], training=False)),
            self._tags(tagger_bands, self.moments // TOGETHER.stride)[:, None],
        )
        drawn = 0.0
        for weights, each, columns in zip(self._weights, answered, (PLACED, TOGETHER), strict=True):
            units = tf.nn.relu(each @ weights.units_kernel + weights.units_bias)
            evidence = units @ weights.kernel + weights.bias
            drawn += self._on_map(columns, evidence)
            scores += tf.reduce_mean(evidence, axis=(1, 2))
        return tf.concat([maps, drawn], axis=-1), scores

    def _tags(self, bands: Any, n_columns: int) -> Any:
        """Take the tagger's answers together as `Tagger.answers` does."""
        frames = self.tagger(bands[..., None], training=False)[:, 0, TAGGER_FIRST_FRAME:]
        missing = max(0, n_columns * TAGGER_FRAMES - frames.shape[1])
        frames = tf.concat([frames, tf.repeat(frames[:, -1:], missing, axis=1)], axis=1)
        columns = tf.reshape(
            frames[:, : n_columns * TAGGER_FRAMES],
            (-1, n_columns, TAGGER_FRAMES, frames.shape[2]),
        )
        return tf.concat([tf.reduce_mean(columns, axis=2), tf.reduce_max(columns, axis=2)], axis=-1)

    def drawn(self, keep: Any) -> Three:
        """Draw cells (batch, rows, columns, 2) as masks on the three, from 0 to 1."""
        cells = tf.reshape(keep, (-1, self.rows, self.columns * TIMES_FINER))
        first, second, third = (
            tf.einsum("mr,brc,fc->bmf", bands, cells, frames) for bands, frames in self._drawings
        )
        full = FULL_SHARE * tf.reduce_max(first, axis=(1, 2), keepdims=True)
        return (
            tf.minimum(first / full, 1.0),
            tf.minimum(second / full, 1.0),
            tf.minimum(third / full, 1.0),
        )

    def hear_masked(self, given: Three, masks: Three) -> Any:
        """Score masked sounds, (batch, classes); the masks weigh amplitudes, from 0 to 1."""
        levels, bands, tagger_bands = given
        mask, yamnet_mask, tagger_mask = masks
        lowest = 10 ** (-_LOWEST_DB / 20)
        weighed = levels + 20.0 / np.log(10.0) * tf.math.log(tf.maximum(mask, lowest))
        loudest = tf.reduce_max(weighed, axis=(1, 2), keepdims=True)
        ours = tf.maximum(weighed - loudest, -DYNAMIC_RANGE_DB)
        theirs = _at_one_loudness(tf.maximum(tf.exp(bands) - YAMNET_FLOOR, 0.0), yamnet_mask)
        power = (10.0**tagger_bands - 1.0) / MUSICNN_FACTOR
        tagged = _at_one_loudness(tf.sqrt(tf.maximum(power, 1e-20)), tagger_mask)
        return self.hear(
            (
                ours,
                tf.math.log(theirs + YAMNET_FLOOR),
                tf.math.log(MUSICNN_FACTOR * tf.square(tagged) + 1.0) / np.log(10.0),
            )
        )[1]


def _at_one_loudness(magnitudes: Any, mask: Any) -> Any:
    """Mask magnitudes, (batch, bands, frames), and bring them back to the loudness they had."""
    masked = magnitudes * mask
    gain = tf.sqrt(_loudness(magnitudes) / tf.maximum(_loudness(masked), 1e-9))
    return masked * gain[:, None, None]


def _loudness(bands: Any) -> Any:
    """Mean power of the frames that are no pause, (batch,); magnitudes (batch, bands, frames)."""
    power = tf.reduce_sum(tf.square(bands), axis=1)
    heard = power >= tf.reduce_max(power, axis=1, keepdims=True) * 10 ** (-_PAUSE_DB / 10)
    counted = tf.cast(tf.stop_gradient(heard), tf.float32)
    return tf.reduce_sum(power * counted, axis=1) / tf.reduce_sum(counted, axis=1)
