"""Spectrograms without content: what methods compare with, and deletion puts in place."""

import numpy as np

from model.constants import DYNAMIC_RANGE_DB
from model.types import Float32


def silence(levels: Float32) -> Float32:
    """Build the spectrogram of silence, of the same shape: the bottom of the range."""
    return np.full_like(levels, -DYNAMIC_RANGE_DB)


def band_means(levels: Float32) -> Float32:
    """Build every band's mean over time at all times: the clip's colour without its events."""
    return np.broadcast_to(levels.mean(axis=1, keepdims=True), levels.shape).copy()
