"""Augmentation of training pictures: changes that leave the genre as it is.

All functions work on levels in dB, (N_MELS, frames), and draw from a given generator.
"""

from dataclasses import dataclass

import numpy as np

from model.constants import DYNAMIC_RANGE_DB
from model.types import Float32


@dataclass(frozen=True)
class Augmentation:
    """How strongly to change pictures.

    Attributes
    ----------
    frames : int
        Length of a training excerpt, in frames.
    stretch : float
        Largest change of speed, as a share.
    shift_bands : int
        Largest shift of pitch, in mel bands.
    equaliser_db : float
        Standard deviation of a smooth random equaliser, in dB.
    band_limit : float
        Probability that everything above a random band is lost, as on a telephone.
    noise : float
        Probability of a noise floor between -60 and -35 dB.
    masks : int
        Number of masks along time and along frequency.
    mask_bands, mask_frames : int
        Largest size of a mask.
    mixup : float
        Parameter of the Beta distribution that mixes pairs; 0 for none.
    """

    frames: int = 129
    stretch: float = 0.1
    shift_bands: int = 2
    equaliser_db: float = 2.0
    band_limit: float = 0.05
    noise: float = 0.1
    masks: int = 2
    mask_bands: int = 12
    mask_frames: int = 12
    mixup: float = 0.2

    @classmethod
    def none(cls, frames: int) -> "Augmentation":
        """Build an augmentation that only cuts excerpts of a length."""
        return cls(
            frames=frames,
            stretch=0.0,
            shift_bands=0,
            equaliser_db=0.0,
            band_limit=0.0,
            noise=0.0,
            masks=0,
            mixup=0.0,
        )


def resampled_crop(level: Float32, rng: np.random.Generator, how: Augmentation) -> Float32:
    """Cut a random excerpt, half of the time at another speed, at a random pitch.

    Interpolation blurs what it touches, so it is used only where the speed changes, and
    the pitch moves by whole bands: the network must see as sharp a picture as in use.
    """
    n_bands, n_frames = level.shape
    speed = 1.0
    if rng.random() < 0.5:
        speed = float(np.exp(rng.uniform(-how.stretch, how.stretch)))
    wanted = min((how.frames - 1) * speed, n_frames - 1.0)
    start = rng.integers(0, int(n_frames - 1 - wanted) + 1)
    shift = rng.integers(-how.shift_bands, how.shift_bands + 1)
    bands = np.clip(np.arange(n_bands) + shift, 0, n_bands - 1)
    times = np.linspace(start, start + wanted, how.frames)
    lower = np.floor(times).astype(np.intp)
    upper = np.minimum(lower + 1, n_frames - 1)
    share = (times - lower).astype(np.float32)
    moved = level[bands]
    return moved[:, lower] * (1 - share) + moved[:, upper] * share


def smooth_curve(n_bands: int, rng: np.random.Generator) -> Float32:
    """Draw a smooth random curve over the bands, of about unit deviation, from six knots."""
    knots = rng.standard_normal(6)
    return np.interp(np.linspace(0, 5, n_bands), np.arange(6), knots).astype(np.float32)


def recolour(level: Float32, rng: np.random.Generator, how: Augmentation) -> Float32:
    """Change the colour of the sound: equaliser, band limit, noise floor; then its range.

    At the end the excerpt's own maximum is 0 dB again, as the front end would have it.
    """
    n_bands, n_frames = level.shape
    level = level + how.equaliser_db * smooth_curve(n_bands, rng)[:, np.newaxis]
    if rng.random() < how.band_limit:
        limit = rng.integers(n_bands // 2, n_bands)
        level[limit:] -= np.float32(rng.uniform(20, 60))
    if rng.random() < how.noise:
        colour = 4.0 * smooth_curve(n_bands, rng)[:, np.newaxis]
        floor = rng.uniform(-60, -35) + colour + 3 * rng.standard_normal((n_bands, n_frames))
        level = np.logaddexp(level * _NEPERS, floor.astype(np.float32) * _NEPERS) / _NEPERS
    level = level - level.max()
    return np.maximum(level, np.float32(-DYNAMIC_RANGE_DB))


# Natural logarithm of power for one dB.
_NEPERS = np.float32(np.log(10) / 10)


def mask(level: Float32, rng: np.random.Generator, how: Augmentation) -> Float32:
    """Hide stripes of time and of frequency (SpecAugment, Park et al. 2019).

    The stripes get the excerpt's mean level, which carries the least information.
    """
    n_bands, n_frames = level.shape
    level = level.copy()
    fill = level.mean()
    for _ in range(how.masks):
        size, start = _stripe(n_bands, how.mask_bands, rng)
        level[start : start + size] = fill
        size, start = _stripe(n_frames, how.mask_frames, rng)
        level[:, start : start + size] = fill
    return level


def _stripe(length: int, largest: int, rng: np.random.Generator) -> tuple[int, int]:
    size = int(rng.integers(0, min(largest, length) + 1))
    return size, int(rng.integers(0, length - size + 1))


def augment(level: Float32, rng: np.random.Generator, how: Augmentation) -> Float32:
    """Make one training excerpt of a picture.

    Parameters
    ----------
    level : ndarray of float32, shape (N_MELS, frames)
        Levels in dB of a whole clip.
    rng : numpy.random.Generator
        Source of the random draws.
    how : Augmentation
        How strongly.

    Returns
    -------
    ndarray of float32, shape (N_MELS, how.frames)
        Levels in dB.
    """
    return mask(recolour(resampled_crop(level, rng, how), rng, how), rng, how)


def mix_pairs(
    levels: Float32, targets: Float32, rng: np.random.Generator, how: Augmentation
) -> tuple[Float32, Float32]:
    """Blend every excerpt of a batch with another one (mixup, Zhang et al. 2018).

    Parameters
    ----------
    levels : ndarray of float32, shape (batch, N_MELS, frames)
        Levels in dB.
    targets : ndarray of float32, shape (batch, classes)
        Wanted probabilities.
    rng : numpy.random.Generator
        Source of the random draws.
    how : Augmentation
        Its `mixup` is used.

    Returns
    -------
    levels, targets : ndarray of float32
        Of the same shapes.
    """
    if how.mixup <= 0:
        return levels, targets
    batch = len(levels)
    share = rng.beta(how.mixup, how.mixup, batch).astype(np.float32)
    share = np.maximum(share, 1 - share)
    partner = rng.permutation(batch)
    by_level, by_class = share[:, np.newaxis, np.newaxis], share[:, np.newaxis]
    return (
        by_level * levels + (1 - by_level) * levels[partner],
        by_class * targets + (1 - by_class) * targets[partner],
    )
