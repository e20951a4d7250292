"""Deletion and insertion: what becomes of a verdict cell by cell, in the order of relevance.

V. Petsiuk, A. Das, K. Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box
Models", BMVC 2018; on what to put in place of a cell of sound: S. Mishra et al., 2020,
arXiv 2005.07788.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from model.evaluation.maps.masks import ranking
from model.explain.baselines import band_means, silence
from model.types import Float32

# Shares of the cells that are replaced: closer together at the beginning, where the
# verdict changes most. Five steps.
SHARES: Final = (0.0, 0.05, 0.15, 0.35, 0.65, 1.0)
BASELINES: Final = {"silence": silence, "mean": band_means}


def versions(levels: Float32, other: Float32, relevance: Float32) -> Float32:
    """Replace a growing share of a spectrogram's cells, the most relevant first.

    Parameters
    ----------
    levels : ndarray of float32, shape (mels, frames)
        The spectrogram.
    other : ndarray of float32, shape (mels, frames)
        What takes its place.
    relevance : ndarray of float32, shape (mels, frames)
        The order: highest relevance first.

    Returns
    -------
    ndarray of float32, shape (len(SHARES), mels, frames)
        From `levels`, first, to `other`, last.
    """
    order = ranking(relevance)
    result = np.repeat(levels[np.newaxis], len(SHARES), axis=0)
    flat = result.reshape(len(SHARES), -1)
    for version, share in zip(flat, SHARES, strict=True):
        replaced = order[: round(share * order.size)]
        version[replaced] = other.ravel()[replaced]
    return result


def area_under(probabilities: npt.NDArray[np.floating]) -> float:
    """Integrate a curve over the share of the cells, by trapezoids.

    Parameters
    ----------
    probabilities : ndarray of float, shape (len(SHARES),)
        Of one class, at every share.

    Returns
    -------
    float
        Between the least and the largest of them.
    """
    return float(np.trapezoid(probabilities, SHARES))


@dataclass(frozen=True, eq=False)
class Curves:
    """Follows one class's probability on one spectrogram, in any order of the cells.

    Parameters
    ----------
    probability : callable
        From levels (n, mels, frames) to the class's probability, (n,).
    levels : ndarray of float32, shape (mels, frames)
        The spectrogram.
    """

    probability: Callable[[Float32], Float32]
    levels: Float32

    @cached_property
    def _ends(self) -> dict[str, tuple[Float32, npt.NDArray[np.float64]]]:
        """Each baseline with the probabilities at both ends, which no order changes."""
        others = {name: baseline(self.levels) for name, baseline in BASELINES.items()}
        probabilities = self.probability(np.stack([self.levels, *others.values()])).astype(
            np.float64
        )
        return {
            name: (other, np.array([probabilities[0], end]))
            for (name, other), end in zip(others.items(), probabilities[1:], strict=True)
        }

    def follow(self, relevance: Float32) -> dict[str, npt.NDArray[np.float64]]:
        """Delete and insert cells, the most relevant first, for each baseline.

        Parameters
        ----------
        relevance : ndarray of float32, shape (mels, frames)
            The order: highest relevance first.

        Returns
        -------
        dict
            "deletion-silence", "insertion-silence", "deletion-mean" and "insertion-mean",
            the probability at each of SHARES, (len(SHARES),).
        """
        ways = [
            (f"{way}-{name}", versions(first, second, relevance)[1:-1], begin, end)
            for name, (other, ends) in self._ends.items()
            for way, first, second, (begin, end) in (
                ("deletion", self.levels, other, ends),
                ("insertion", other, self.levels, ends[::-1]),
            )
        ]
        # All at once: the network takes less time for one large batch than for many small ones.
        probabilities = self.probability(np.concatenate([between for _, between, _, _ in ways]))
        return {
            name: np.array([begin, *between, end], np.float64)
            for (name, _, begin, end), between in zip(
                ways, np.split(probabilities, len(ways)), strict=True
            )
        }
