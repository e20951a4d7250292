"""Random maps with the values and the smoothness of a real one.

T. Schreiber, A. Schmitz, "Improved surrogate data for nonlinearity tests", Physical Review
Letters 77, 1996: random phases, and then by turns the original's own spectrum and its own
values, until both hold.
"""

from typing import Final

import numpy as np

from model.types import Float32

_TURNS: Final = 20


def surrogate(values: Float32, rng: np.random.Generator) -> Float32:
    """Rearrange a map at random, keeping its values and, very nearly, its smoothness.

    Parameters
    ----------
    values : ndarray of float32, shape (rows, columns)
        The map.
    rng : numpy.random.Generator
        Source of the phases.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        The same values elsewhere, so that a threshold keeps equally much of both maps.
    """
    ordered = np.sort(values, axis=None)
    magnitudes = np.abs(np.fft.rfft2(values))
    # Phases of white noise: random, yet those of a real-valued map.
    rearranged = rng.standard_normal(values.shape)
    for _ in range(_TURNS):
        phases = np.angle(np.fft.rfft2(rearranged))
        like = np.fft.irfft2(magnitudes * np.exp(1j * phases), values.shape)
        rearranged = np.empty_like(like)
        rearranged.flat[np.argsort(like, axis=None)] = ordered
    return rearranged.astype(values.dtype)
