"""Ways to turn relevance into a mask, to be compared."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.masking import THRESHOLD, mask_from_relevance, mask_in_proportion
from model.types import Float32

# Share of the cells that every method may keep where all keep equally many.
AREA: Final = 0.2
# Attenuation of everything else where nothing is silenced.
QUIETER: Final = 20.0  # dB


def most_relevant(relevance: Float32, area: float = AREA) -> Float32:
    """Keep a fixed share of the cells: those of highest relevance.

    Parameters
    ----------
    relevance : ndarray of float32, shape (mels, frames)
        Any scale.
    area : float
        Share of the cells to keep, 0 to 1.

    Returns
    -------
    ndarray of float32, shape (mels, frames)
        1 where a cell is kept and 0 elsewhere; the mean is `area`, whatever the scale.
    """
    mask = np.zeros(relevance.size, np.float32)
    mask[ranking(relevance)[: round(area * relevance.size)]] = 1
    return mask.reshape(relevance.shape)


def ranking(relevance: Float32) -> npt.NDArray[np.intp]:
    """Rank the flat indices of all cells, the most relevant first, ties in reading order."""
    return np.argsort(-relevance, axis=None, kind="stable")


def proportional_mask(relevance: Float32, power: float) -> Float32:
    """Keep every cell by its share of the peak, without any threshold.

    Parameters
    ----------
    relevance : ndarray of float32, shape (mels, frames)
        Any scale.
    power : float
        Exponent of the share: below 1 it keeps more.

    Returns
    -------
    ndarray of float32, shape (mels, frames)
        In [0, 1]; all 0 where nothing is positive.
    """
    peak = float(relevance.max(initial=0.0))
    if peak <= 0:
        return np.zeros_like(relevance)
    mask: Float32 = np.power(np.maximum(relevance, 0) / np.float32(peak), np.float32(power))
    return mask


def below_outliers(relevance: Float32, threshold: float, quantile: float = 0.99) -> Float32:
    """Take the threshold as a share of a high quantile, which a single hot cell does not move."""
    highest = max(float(np.quantile(relevance, quantile)), 0.0)
    return mask_from_relevance(np.minimum(relevance, np.float32(highest)), threshold)


@dataclass(frozen=True)
class Rule:
    """A rule by which a map becomes a mask.

    Attributes
    ----------
    name : str
        What the results call it.
    label : str
        What people read.
    mask : callable
        From relevance (mels, frames) to a mask of that shape, in [0, 1].
    rough : callable or None
        The same for maps whose neighbouring cells differ; None where they are treated alike.
    floor : float
        Amplitude to which the rest is turned down instead of silenced; above 0, the
        network still hears complete music.
    """

    name: str
    label: str
    mask: Callable[[Float32], Float32]
    rough: Callable[[Float32], Float32] | None = None
    floor: float = 0.0

    def mask_for(self, smooth: bool) -> Callable[[Float32], Float32]:
        """Choose the function that turns a method's maps into masks, by whether they are smooth."""
        return self.mask if smooth or self.rough is None else self.rough


def threshold_rule(threshold: float = THRESHOLD) -> Rule:
    """Build the app's own rule: keep what reaches a share of the map's peak."""
    return Rule(
        f"threshold-{threshold:g}",
        f"above {100 * threshold:.0f} % of the map's peak, or around it in proportion, as the app "
        "keeps it",
        partial(mask_from_relevance, threshold=threshold),
        partial(mask_in_proportion, threshold=threshold),
    )


def area_rule(area: float = AREA) -> Rule:
    """Build the rule that keeps the same number of cells of every map."""
    label = f"the {100 * area:.0f} % of the cells with the highest relevance"
    return Rule(f"area-{area:g}", label, partial(most_relevant, area=area))


def quieter(rule: Rule, decibels: float = QUIETER) -> Rule:
    """Build the rule that turns down what another rule would silence."""
    return replace(
        rule,
        name=f"{rule.name}-quieter-{decibels:g}",
        label=f"{rule.label}; what is taken away is {decibels:g} dB quieter instead of silent",
        floor=10 ** (-decibels / 20),
    )
