"""From a relevance map to sound: mask the clip's own STFT and turn it back into audio.

The kept part carries the mix's own phase, and kept + rest is the original, so what one
hears is exactly what the map points at: nothing is synthesised. All three sounds share
one gain, for loudness is part of the evidence.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from model.audio.clip import encode_wav
from model.audio.spectrogram import istft, mel_filterbank
from model.types import Float32

Part = Literal["original", "kept", "rest"]
PARTS: Final[tuple[Part, ...]] = ("original", "kept", "rest")

# The share of a map's peak that is kept unless somebody says otherwise.
THRESHOLD: Final = 0.4
# Width of the mask's edge, as a share of the peak. A hard edge rings; this is wide
# enough to be inaudible and narrow enough that the threshold keeps its meaning.
EDGE: Final = 0.1

# How much quieter the rest stays around the kept part, where a listener wishes for a bed.
BED_DB: Final = 30.0

# Highest sample of a WAV file. 16-bit audio clips at 1.
_CEILING = 0.999


def mask_from_relevance(
    relevance: Float32, threshold: float = THRESHOLD, edge: float = EDGE
) -> Float32:
    """Keep what reaches a share of the map's peak, with a soft edge.

    Parameters
    ----------
    relevance : ndarray of float32, shape (mels, frames)
        Any scale. Negative relevance speaks against the class and is never kept.
    threshold : float
        Share of the peak, 0 to 1, at which half of the sound is kept.
    edge : float
        Width of the soft edge, as a share of the peak.

    Returns
    -------
    ndarray of float32, shape (mels, frames)
        In [0, 1]; all 0 where nothing speaks for the class.

    Raises
    ------
    ValueError
        If `threshold` lies outside [0, 1] or `edge` is not positive.
    """
    if edge <= 0.0:
        raise ValueError(f"edge must be positive, not {edge}")
    ramp = _ramp(relevance, threshold, edge)
    # Smoothstep: no kink at either end of the edge.
    mask: Float32 = (ramp * ramp * (3.0 - 2.0 * ramp)).astype(np.float32)
    return mask


def mask_in_proportion(relevance: Float32, threshold: float = THRESHOLD) -> Float32:
    """Keep every cell in proportion to its relevance, where neighbouring cells differ.

    A threshold would cut such a map into splinters. In proportion, the network calls what is
    kept what it calls the whole far more often (compare "threshold-0.4" with
    "threshold-0.4-cut" in model/evaluation/results/faithfulness_masks_random_valid.json).

    Parameters
    ----------
    relevance : ndarray of float32, shape (mels, frames)
        Any scale. Negative relevance speaks against the class and is never kept.
    threshold : float
        Share of the peak, 0 to 1, at which half of the sound is kept. What reaches twice that
        share, or the peak, is kept in full.

    Returns
    -------
    ndarray of float32, shape (mels, frames)
        In [0, 1]; all 0 where nothing speaks for the class.

    Raises
    ------
    ValueError
        If `threshold` lies outside [0, 1].
    """
    width = max(2 * min(threshold, 1 - threshold), EDGE)
    return _ramp(relevance, threshold, width).astype(np.float32, copy=False)


def _ramp(relevance: Float32, threshold: float, width: float) -> Float32:
    """Rise from 0 to 1 over a width around the threshold, both as shares of the peak."""
    if not 0.0 <= threshold <= 1.0:
        raise ValueError(f"threshold must be a share from 0 to 1, not {threshold}")
    peak = float(relevance.max(initial=0.0))
    if peak <= 0.0:
        return np.zeros(relevance.shape, np.float32)
    # At the ends of the range the ramp would reach past what a map can hold: no part
    # of the map's peak may be cut, and nothing without relevance may be let in.
    centre = np.clip(threshold, width / 2, 1.0 - width / 2)
    ramp: Float32 = np.clip((relevance / peak - centre) / width + 0.5, 0.0, 1.0)
    return ramp


@lru_cache(maxsize=1)
def _bands_to_bins() -> Float32:
    """Build the (bins, mels) matrix whose rows average the bands that cover a bin.

    ``(F^T M) / (F^T 1)`` with F the mel filterbank; bins that no band covers follow the
    nearest band.
    """
    filters = mel_filterbank()
    weights = filters.T.astype(np.float64)
    total = weights.sum(axis=1, keepdims=True)
    covered = np.flatnonzero(total[:, 0] > 0)
    bins = np.arange(len(total))
    nearest = covered[np.abs(bins[:, np.newaxis] - covered).argmin(axis=1)]
    matrix = (weights[nearest] / total[nearest]).astype(np.float32)
    matrix.setflags(write=False)
    return matrix


def mask_for_stft(mask: Float32) -> Float32:
    """Bring a mask from mel bands to the STFT's frequency bins.

    Parameters
    ----------
    mask : ndarray of float32, shape (mels, frames)
        In [0, 1].

    Returns
    -------
    ndarray of float32, shape (bins, frames)
        In [0, 1], with ``bins = N_FFT // 2 + 1``.
    """
    # The averaging may overshoot 1 by a rounding error.
    return np.minimum(_bands_to_bins() @ mask, np.float32(1.0))


@dataclass(frozen=True, eq=False)
class Sounds:
    """A clip and its two complementary parts.

    Attributes
    ----------
    original, kept, rest : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE, with ``kept + rest = original``.
    """

    original: Float32
    kept: Float32
    rest: Float32

    @property
    def gain(self) -> float:
        """The one factor by which all three are scaled in `wav`: 1 unless one would clip."""
        peak = max(float(np.abs(part).max()) for part in (self.original, self.kept, self.rest))
        return min(1.0, _CEILING / peak) if peak > 0 else 1.0

    @property
    def kept_share(self) -> float:
        """Share of the original's energy that the kept part holds, 0 to about 1."""
        total = float(np.square(self.original, dtype=np.float64).sum())
        return float(np.square(self.kept, dtype=np.float64).sum()) / total if total > 0 else 0.0

    def with_bed(self, decibels: float = BED_DB) -> "Sounds":
        """Leave the rest around the kept part, so many decibels quieter, instead of silence.

        With the bed's amplitude f, the mask is ``f + (1 - f) M``. What the bed gives to the kept
        part it takes from the rest, so the two still add up to the original.
        """
        bed = np.float32(10 ** (-decibels / 20)) * self.rest
        return Sounds(self.original, self.kept + bed, self.rest - bed)

    def wav(self, part: Part) -> bytes:
        """Encode one part as a 16-bit WAV file, at the gain that all three share."""
        waveforms = {"original": self.original, "kept": self.kept, "rest": self.rest}
        return encode_wav(waveforms[part] * np.float32(self.gain))


def split(waveform: Float32, spectrum: npt.NDArray[np.complex64], mask: Float32) -> Sounds:
    """Split a clip into what a mask keeps and the rest.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        The clip at SAMPLE_RATE.
    spectrum : ndarray of complex64, shape (bins, frames)
        Its STFT at FINE_HOP.
    mask : ndarray of float32, shape (mels, frames)
        In [0, 1], on the STFT's frames.

    Returns
    -------
    Sounds
        The kept part is ``ISTFT(M X)``. The transform is linear and inverts exactly, so
        ``ISTFT((1 - M) X)`` is the original minus the kept part, which costs nothing.
    """
    kept = istft(mask_for_stft(mask) * spectrum, len(waveform))
    return Sounds(original=waveform, kept=kept, rest=waveform - kept)
