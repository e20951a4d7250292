"""A free spectrogram that gradients shape, and its way to sound by Griffin-Lim.

No instrument stands between the network and the picture: every level is free, but coarse
strokes are painted as well as fine ones, so that large shapes come first and neighbours
go together. C. Olah, A. Mordvintsev, L. Schubert, "Feature Visualization", Distill 2017,
doi 10.23915/distill.00007, tells why.
"""

from dataclasses import dataclass
from typing import Any, Final

import librosa
import numpy as np

from model.audio.spectrogram import mel_filterbank
from model.constants import FINE_HOP, N_FFT, N_MELS
from model.genre_portraits.loop import Loop
from model.types import Float32

# Bands and frames under one stroke of each brush.
BRUSHES: Final = ((8, 16), (4, 8), (2, 4), (1, 2))
_ITERATIONS: Final = 64
_MOMENTUM: Final = 0.9
# Of the bins' power, before that.
_UPDATES: Final = 30
_FLOOR: Final = 1e-12
# From the lowest band to the highest, as most music falls off.
_FIRST_DB: Final = (-25.0, -60.0)


@dataclass(frozen=True, eq=False)
class Canvas:
    """A spectrogram of one loop.

    What is painted is a list of arrays, one a brush, (painters, N_MELS / bands,
    frames / brush frames), in dB, which are drawn on top of each other.

    Attributes
    ----------
    loop : Loop
        The time that it covers; its frames are a multiple of the coarsest brush's.
    """

    loop: Loop

    def start(self, rng: np.random.Generator) -> list[Float32]:
        """Draw a soft random picture for one painter, to begin with."""
        strokes = [
            rng.normal(0, 3, (1, N_MELS // bands, self.loop.frames // frames))
            for bands, frames in BRUSHES
        ]
        strokes[0] += np.linspace(*_FIRST_DB, strokes[0].shape[1])[:, np.newaxis]
        return [array.astype(np.float32) for array in strokes]

    def power(self, painted: list[Any]) -> Any:
        """Compute the mel power of what is painted, (painters, N_MELS, frames), differentiably."""
        from keras import ops  # noqa: PLC0415  # Keras takes seconds to import

        level = 0.0
        for strokes, (bands, frames) in zip(painted, BRUSHES, strict=True):
            along_bands = _spread(N_MELS, bands, around=False)
            along_frames = _spread(self.loop.frames, frames, around=True)
            level += ops.einsum("mb,pbc,fc->pmf", along_bands, strokes, along_frames)
        return 10.0 ** (level / 10)

    def penalty(self, painted: list[Any]) -> Any:
        """Measure how rough the finest strokes are, (painters,): their mean square in 100 dB²."""
        from keras import ops  # noqa: PLC0415  # as above

        return ops.mean(ops.square(painted[-1] / 10), axis=(1, 2))


def _spread(length: int, width: int, *, around: bool) -> Float32:
    """Build the (length, length / width) matrix that draws strokes with soft edges."""
    distance = np.abs(
        np.arange(length)[:, np.newaxis] + 0.5 - (np.arange(0, length, width) + width / 2)
    )
    if around:
        distance = np.minimum(distance, length - distance)
    tents = np.maximum(0, 1 - distance / width)
    shares: Float32 = (tents / tents.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def bins_from_bands(power: Float32) -> Float32:
    """Compute a power spectrum with a given mel power.

    By multiplicative updates, which keep it from becoming negative: W. H. Richardson,
    "Bayesian-Based Iterative Method of Image Restoration", JOSA 62, 1972.

    Parameters
    ----------
    power : ndarray of float32, shape (N_MELS, frames)
        Positive.

    Returns
    -------
    ndarray of float32, shape (N_FFT // 2 + 1, frames)
        Whose mel power is nearly that.
    """
    filters = mel_filterbank()
    covered = filters.sum(axis=0)
    share = filters / np.maximum(covered, np.finfo(np.float32).tiny)
    bins = share.T @ (power / filters.sum(axis=1, keepdims=True))
    # Far below the audible, and above the denormal numbers that slow arithmetic down.
    floor = _FLOOR * bins.max()
    for _ in range(_UPDATES):
        bins = np.maximum(bins * (share.T @ (power / (filters @ bins + floor))), floor)
    return bins


def griffin_lim(power: Float32, seed: int) -> Float32:
    """Reconstruct a sound with a given mel power.

    D. Griffin, J. Lim, "Signal Estimation from Modified Short-Time Fourier Transform", IEEE
    Trans. ASSP 32(2), 1984, with the momentum of N. Perraudin, P. Balazs, P. Søndergaard,
    WASPAA 2013.

    Parameters
    ----------
    power : ndarray of float32, shape (N_MELS, frames)
        At FINE_HOP.
    seed : int
        Of the first phases.

    Returns
    -------
    ndarray of float32, shape (samples,)
        With ``samples = (frames - 1) * FINE_HOP``, at SAMPLE_RATE.
    """
    waveform: Float32 = librosa.griffinlim(
        np.sqrt(bins_from_bands(power)),
        n_iter=_ITERATIONS,
        hop_length=FINE_HOP,
        n_fft=N_FFT,
        length=(power.shape[1] - 1) * FINE_HOP,
        momentum=_MOMENTUM,
        random_state=seed,
    )
    return waveform
