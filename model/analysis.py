"""The main job in two calls: a clip in, everything that a page or the command line shows out.

`prepare` needs no network and takes a moment, so a page can show the spectrogram at
once; `analyse` runs the network once. All maps and sounds then follow from one `Analysis`;
only the fine map of a class asks the network once more, when it is first looked at.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from model.audio.excerpt import Excerpt
from model.audio.masking import THRESHOLD, Sounds, mask_from_relevance, mask_in_proportion, split
from model.constants import (
    FINE_HOP,
    NETWORK_HOP,
)
from model.explain.door import Prediction, Target
from model.explain.grid import RelevanceMap
from model.explain.methods import METHODS
from model.genres import Verdict, membership
from model.networks.assembled import load_trunk
from model.networks.classifier import Classifier
from model.types import Float32

# All ten classes of one method, to be compared, and one more. 0.7 MB each for 30 s.
_REMEMBERED: Final = 11


@dataclass(frozen=True, eq=False)
class Analysis:
    """The network's verdict on an excerpt, and the evidence for every class.

    Attributes
    ----------
    excerpt : Excerpt
        What was looked at.
    classifier : Classifier
        Which network looked.
    prediction : Prediction
        Its scores and last feature maps.
    merges : bool
        Whether similar genres count as one class, as `model.genres` says.
    """

    excerpt: Excerpt
    classifier: Classifier
    prediction: Prediction
    merges: bool = False
    _found: dict[tuple[str, int], RelevanceMap] = field(
        default_factory=dict, init=False, repr=False
    )

    @cached_property
    def merged(self) -> "Analysis":
        """The same verdict with similar genres merged.

        Probabilities and maps are summed, except for the fine map, which is that of a group's
        odds, the lead map, which compares the summed CAMs, and the CRM of all classes.
        """
        return replace(self, merges=True)

    @cached_property
    def verdict(self) -> Verdict:
        """The probability of each class."""
        verdict = Verdict(self.classifier.genres, self.prediction.probabilities)
        return verdict.merged if self.merges else verdict

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes: genres, or groups of genres such as "rock+metal"."""
        return self.verdict.classes

    @cached_property
    def _membership(self) -> Float32:
        """Which classes of the network each of `classes` holds, (classes, network's classes)."""
        return membership(self.classifier.genres, self.classes).T

    def map(self, method: str, genre: str) -> RelevanceMap:
        """Compute one class's relevance on the method's own grid.

        Parameters
        ----------
        method : str
            A key of METHODS.
        genre : str
            One of `classes`.

        Returns
        -------
        RelevanceMap
            From which `relevance` is drawn; the same object for the same arguments. Some methods
            run the network when a map is first asked for: see `seconds`.
        """
        explained = METHODS[method]
        index = self.classes.index(genre) if explained.per_class else 0
        if (method, index) not in self._found:
            target = Target(index, self._membership)
            self._found[method, index] = explained.explain(self.classifier, self.prediction, target)
        return self._found[method, index]

    @cached_property
    def yamnet_answers(self) -> Float32:
        """What YAMNet's last layer answers where it is not silent, (columns, YAMNET_CHANNELS).

        Of what the ear has heard for the verdict, or asked anew where no ear has listened.
        WeightsError if YAMNet is missing then.
        """
        ear, answers = self.classifier.ear, self.prediction.answers
        if ear is not None and answers is not None:
            return ear.trunk.deeper(answers.yamnet)
        _, trunk = load_trunk()
        return trunk.answers(
            self.classifier.without_silence(self.excerpt.waveform, self.prediction)
        )

    def offers(self, method: str) -> bool:
        """Tell whether the network has what a method asks for."""
        return METHODS[method].offered_by(self.classifier)

    def seconds(self, method: str) -> float:
        """Estimate how long a method's map of one class takes here, in seconds."""
        return METHODS[method].seconds(self.prediction)

    @cached_property
    def _drawn(self) -> Callable[[RelevanceMap], Float32]:
        """Draws one map on the spectrogram, once for those asked for last."""
        # Without a reference to self, which would keep all arrays until the next collection.
        frames = np.arange(self.excerpt.log_mel.shape[1]) * (FINE_HOP / NETWORK_HOP)

        @lru_cache(maxsize=_REMEMBERED)
        def draw(found: RelevanceMap) -> Float32:
            relevance = found.at(frames)
            relevance.setflags(write=False)
            return relevance

        return draw

    def relevance(self, method: str, genre: str) -> Float32:
        """Draw one class's relevance on the excerpt's spectrogram.

        Parameters
        ----------
        method : str
            A key of METHODS.
        genre : str
            One of `classes`.

        Returns
        -------
        ndarray of float32, shape (N_MELS, frames)
            On the method's own scale, which all classes share; signed where the method
            is. Read-only.
        """
        return self._drawn(self.map(method, genre))

    def peak(self, method: str, genres: Iterable[str] | None = None) -> float:
        """Find the largest relevance of some classes, or of all: the end of a shared scale."""
        wanted = self.classes if genres is None else genres
        peaks = [float(self.map(method, genre).values.max()) for genre in wanted]
        return max([0.0, *peaks])

    def mask(self, method: str, genre: str, threshold: float = THRESHOLD) -> Float32:
        """Compute the mask that keeps what speaks for one class.

        Parameters
        ----------
        method : str
            A key of METHODS.
        genre : str
            One of `classes`.
        threshold : float
            Share of this class's own peak, 0 to 1.

        Returns
        -------
        ndarray of float32, shape (N_MELS, frames)
            In [0, 1]; all 0 where nothing speaks for the class.
        """
        keep = mask_from_relevance if METHODS[method].smooth else mask_in_proportion
        return keep(self.relevance(method, genre), threshold)

    def sounds(self, method: str, genre: str, threshold: float = THRESHOLD) -> Sounds:
        """Split the excerpt into what speaks for one class and the rest.

        Parameters
        ----------
        method : str
            A key of METHODS.
        genre : str
            One of `classes`.
        threshold : float
            Share of this class's own peak, 0 to 1.

        Returns
        -------
        Sounds
            Original, kept and rest.
        """
        mask = self.mask(method, genre, threshold)
        return split(self.excerpt.waveform, self.excerpt.stft, mask)


def analyse(excerpt: Excerpt, classifier: Classifier) -> Analysis:
    """Run the network on an excerpt.

    Parameters
    ----------
    excerpt : Excerpt
        From `prepare`.
    classifier : Classifier
        From `load_classifier`.

    Returns
    -------
    Analysis
        Probabilities, and every map and sound on demand.
    """
    prediction = classifier.hear(excerpt.waveform, excerpt.levels)
    return Analysis(excerpt, classifier, prediction)
