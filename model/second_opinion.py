"""A second opinion on an excerpt, from a network on 57 statistics of its sound.

What speaks for its verdict is found by neutralising one statistic at a time: it is set to
the average of the training tracks, and the network runs again. So the change of the
probability is exact, but for one statistic at a time: statistics
that carry the same information replace each other, and each counts for less than both.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, Self

import numpy as np

from model.audio.excerpt import Excerpt
from model.audio.song_statistics import SONG_STATISTICS, song_statistics
from model.genres import Verdict, merge_probabilities
from model.inference.runner import Runner
from model.networks.classifier import softmax
from model.networks.shipped import load_stored
from model.types import Float32

DEFAULT_SONG_MODEL: Final = "song-statistics-random"


@dataclass(frozen=True)
class Contribution:
    """How one statistic changes the probability of one class.

    Attributes
    ----------
    name : str
        One of SONG_STATISTICS.
    deviation : float
        From the training tracks' average, in their standard deviations; that of a variance
        on a logarithmic scale.
    without : float
        Probability of the class when this statistic is set to that average.
    """

    name: str
    deviation: float
    without: float


@dataclass(frozen=True, eq=False)
class SecondOpinion(Verdict):
    """Verdict of the statistics network on an excerpt, with the effect of each statistic.

    Attributes
    ----------
    classes : tuple of str
        Genres, or groups of them.
    probabilities : ndarray of float32, shape (classes,)
        Of each class.
    deviations : ndarray of float32, shape (57,)
        Of the excerpt's statistics, as in `Contribution`.
    without : ndarray of float32, shape (57, classes)
        Probabilities when one statistic is set to the training tracks' average.
    """

    deviations: Float32
    without: Float32

    @property
    def merged(self) -> Self:
        """The same opinion with the probabilities of similar genres summed."""
        without, _ = merge_probabilities(self.without, self.classes)
        return replace(super().merged, without=without)

    def contributions(self, genre: str, at_most: int = 3) -> list[Contribution]:
        """Rank the statistics without which a class would be less probable.

        Parameters
        ----------
        genre : str
            One of `classes`.
        at_most : int
            How many.

        Returns
        -------
        list of Contribution
            The largest loss first; none that speaks against the class.
        """
        index = self.classes.index(genre)
        without = self.without[:, index]
        order = np.argsort(without, kind="stable")[:at_most]
        return [
            Contribution(SONG_STATISTICS[i], float(self.deviations[i]), float(without[i]))
            for i in order
            if without[i] < self.probabilities[index]
        ]


@dataclass(frozen=True, eq=False)
class StatisticsClassifier:
    """The network on song statistics.

    Attributes
    ----------
    card : dict
        The model card as stored beside the weights.
    """

    card: dict[str, Any]
    _standardise: Runner = field(repr=False)
    _head: Runner = field(repr=False)

    def judge(self, statistics: Float32) -> SecondOpinion:
        """Compute the statistics network's verdict on one clip.

        Parameters
        ----------
        statistics : ndarray of float32, shape (57,)
            In the order of SONG_STATISTICS.

        Returns
        -------
        SecondOpinion
            With what becomes of it without each statistic.
        """
        deviations = self._standardise.predict_on_batch(statistics[np.newaxis])
        # On the standardised scale, the average of the training tracks is 0.
        one_missing = deviations * (1 - np.eye(len(statistics), dtype=np.float32))
        logits = self._head.predict_on_batch(np.concatenate([deviations, one_missing]))
        probabilities = softmax(logits, float(self.card["temperature"]))
        classes = tuple(self.card["classes"])
        return SecondOpinion(classes, probabilities[0], deviations[0], probabilities[1:])


@lru_cache(maxsize=2)
def load_statistics_classifier(name: str = DEFAULT_SONG_MODEL) -> StatisticsClassifier:
    """Load a shipped network on song statistics, checked as `load_stored` does.

    Parameters
    ----------
    name : str
        Name of the weights in model/weights, without their ending.

    Returns
    -------
    StatisticsClassifier
        The same object for the same name.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    """
    card, network = load_stored(name)
    return StatisticsClassifier(
        card=card,
        _standardise=Runner(network.up_to("standardise"), ("standardise",)),
        _head=Runner(network.behind("standardise"), (network.output,)),
    )


def second_opinion(excerpt: Excerpt) -> SecondOpinion:
    """Ask the network on song statistics about an excerpt.

    Parameters
    ----------
    excerpt : Excerpt
        From `prepare`.

    Returns
    -------
    SecondOpinion
        After a second or two, most of them for the statistics.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    """
    return load_statistics_classifier().judge(song_statistics(excerpt.waveform))
