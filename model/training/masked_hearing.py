"""What a network hears of a masked sound, differentiably, so that a mask can learn from it.

The app weighs the spectrum of a sound and analyses what comes out anew. Here the mask weighs the
two spectrograms that a network with an ear is given, which is nearly the same and can be
differentiated: levels in dB for the network on pictures, and the bands of YAMNet.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf

from model.audio.masking import THRESHOLD
from model.audio.spectrogram import mel_filterbank
from model.audio.yamnet_spectrogram import (
    YAMNET_FLOOR,
    YAMNET_HOP,
    YAMNET_RATE,
    YAMNET_WINDOW,
    yamnet_centres,
)
from model.constants import DYNAMIC_RANGE_DB, N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.explain.grid import MapGrid, to_spectrogram
from model.networks.classifier import Classifier
from model.networks.ear import FRAMES_A_COLUMN, Ear, at_frames, saturated
from model.networks.masks import TIMES_FINER, finer_grid
from model.types import Float32, Float64

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
        return to_spectrogram(unit, grid, positions, _centres(grid, size, along_bands=False))
    return to_spectrogram(unit, grid, _centres(grid, size, along_bands=True), positions).T


def _centres(grid: MapGrid, size: int, *, along_bands: bool) -> Float64:
    offset, stride = (
        (grid.band_offset, grid.band_stride)
        if along_bands
        else (grid.frame_offset, grid.frame_stride)
    )
    return offset + stride * np.arange(size, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class MaskedHearing:
    """A frozen network with an ear, and masks before it, for excerpts of one length.

    Attributes
    ----------
    pictures : keras.Model
        From levels to the last maps and scores.
    yamnet : keras.Model
        From YAMNet's bands to its answers.
    classifier : Classifier
        The network that both belong to.
    frames, moments : int
        Of an excerpt: of our spectrogram and of YAMNet's.
    rows, columns : int
        Of the last map.
    """

    pictures: keras.Model
    yamnet: keras.Model
    classifier: Classifier
    frames: int
    moments: int
    rows: int
    columns: int

    @property
    def _ear(self) -> Ear:
        if self.classifier.ear is None:
            raise ValueError(f"{self.classifier.name} has no ear.")
        return self.classifier.ear

    @cached_property
    def _grid(self) -> MapGrid:
        return finer_grid(self.classifier.grid)

    @cached_property
    def _matrices(self) -> tuple[Any, Any, Any, Any, Any]:
        """Draw cells on our bands, our frames, YAMNet's bands, its frames; its columns on ours."""
        cells = self.columns * TIMES_FINER
        seconds = (np.arange(self.moments) * YAMNET_HOP + YAMNET_WINDOW / 2) / YAMNET_RATE
        heard = self.moments // FRAMES_A_COLUMN
        ours = _centres(self.classifier.grid, self.columns, along_bands=False)
        matrices = (
            _drawing(self._grid, self.rows, np.arange(N_MELS, dtype=float), along_bands=True),
            _drawing(self._grid, cells, np.arange(self.frames, dtype=float), along_bands=False),
            _drawing(self._grid, self.rows, _band_of_hertz(yamnet_centres()), along_bands=True),
            _drawing(self._grid, cells, seconds * SAMPLE_RATE / NETWORK_HOP, along_bands=False),
            at_frames(np.eye(heard, dtype=np.float32), ours),
        )
        return tuple(tf.constant(each, tf.float32) for each in matrices)

    def hear(self, levels: Any, bands: Any) -> tuple[Any, Any]:
        """Hear sounds: their last maps (batch, rows, columns, channels), scores (batch, classes).

        Parameters
        ----------
        levels : tensor, shape (batch, N_MELS, frames)
            In dB.
        bands : tensor, shape (batch, YAMNET_BANDS, moments)
            As `model.audio.yamnet_spectrogram` gives them.
        """
        maps, scores = self.pictures(levels[..., None], training=False)
        rows = self.yamnet(bands[..., None], training=False)
        answers = tf.reduce_mean(rows, axis=1)
        weights = self._ear.weights
        units = tf.nn.relu(saturated(answers) @ weights.units_kernel + weights.units_bias)
        evidence = units @ weights.kernel + weights.bias
        drawn = tf.einsum("ct,btk->bck", self._matrices[4], evidence)
        spread = tf.repeat(drawn[:, None], self.rows, axis=1)
        return tf.concat([maps, spread], axis=-1), scores + tf.reduce_mean(evidence, axis=1)

    def drawn(self, keep: Any) -> tuple[Any, Any]:
        """Draw cells (batch, rows, columns, 2) as masks on both spectrograms, from 0 to 1."""
        cells = tf.reshape(keep, (-1, self.rows, self.columns * TIMES_FINER))
        bands, frames, yamnet_bands, yamnet_frames, _ = self._matrices
        ours = tf.einsum("mr,brc,fc->bmf", bands, cells, frames)
        theirs = tf.einsum("mr,brc,fc->bmf", yamnet_bands, cells, yamnet_frames)
        full = FULL_SHARE * tf.reduce_max(ours, axis=(1, 2), keepdims=True)
        return tf.minimum(ours / full, 1.0), tf.minimum(theirs / full, 1.0)

    def hear_masked(self, levels: Any, bands: Any, mask: Any, yamnet_mask: Any) -> Any:
        """Score masked sounds, (batch, classes); the masks weigh amplitudes, from 0 to 1."""
        lowest = 10 ** (-_LOWEST_DB / 20)
        weighed = levels + 20.0 / np.log(10.0) * tf.math.log(tf.maximum(mask, lowest))
        loudest = tf.reduce_max(weighed, axis=(1, 2), keepdims=True)
        ours = tf.maximum(weighed - loudest, -DYNAMIC_RANGE_DB)
        before = tf.maximum(tf.exp(bands) - YAMNET_FLOOR, 0.0)
        after = before * yamnet_mask
        gain = tf.sqrt(_loudness(before) / tf.maximum(_loudness(after), 1e-9))
        return self.hear(ours, tf.math.log(after * gain[:, None, None] + YAMNET_FLOOR))[1]


def _loudness(bands: Any) -> Any:
    """Mean power of the frames that are no pause, (batch,); magnitudes (batch, bands, frames)."""
    power = tf.reduce_sum(tf.square(bands), axis=1)
    heard = power >= tf.reduce_max(power, axis=1, keepdims=True) * 10 ** (-_PAUSE_DB / 10)
    counted = tf.cast(tf.stop_gradient(heard), tf.float32)
    return tf.reduce_sum(power * counted, axis=1) / tf.reduce_sum(counted, axis=1)
