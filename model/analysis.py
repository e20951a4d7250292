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
import numpy.typing as npt

from model.audio import SILENCE_DBFS, AudioError, Clip
from model.classifier import Classifier, Prediction
from model.constants import (
    FINE_HOP,
    MIN_SECONDS,
    NETWORK_HOP,
    SAMPLE_RATE,
    WINDOW_SECONDS,
)
from model.explain import METHODS, Method, RelevanceMap, fine_map
from model.merging import (
    members_of,
    merge_kernel,
    merge_maps,
    merge_probabilities,
    merged_names,
)
from model.reconstruct import (
    THRESHOLD,
    Sounds,
    mask_from_relevance,
    mask_in_proportion,
    split,
)
from model.spectrogram import frame_times, log_mel, log_mel_from_stft, mel_frequencies, stft

Float32 = npt.NDArray[np.float32]

# All ten classes of one method, to be compared, and one more. 0.7 MB each for 30 s.
_REMEMBERED: Final = 11


@dataclass(frozen=True, eq=False)
class Excerpt:
    """The stretch of a clip that one analysis looks at, with its spectrogram.

    Attributes
    ----------
    clip : Clip
        Where it comes from.
    start : float
        Where in the clip it begins, in seconds.
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    """

    clip: Clip
    start: float
    waveform: Float32

    # Computed when first looked at: a verdict alone, as on a whole song, needs neither.
    @cached_property
    def stft(self) -> npt.NDArray[np.complex64]:
        """Short-time spectrum at FINE_HOP, (bins, frames)."""
        return stft(self.waveform)

    @cached_property
    def log_mel(self) -> Float32:
        """Levels at FINE_HOP in dB below the excerpt's maximum, (N_MELS, frames)."""
        return log_mel_from_stft(self.stft)

    @property
    def name(self) -> str:
        """Name of the clip."""
        return self.clip.name

    @property
    def seconds(self) -> float:
        """Length of the excerpt in seconds."""
        return len(self.waveform) / SAMPLE_RATE

    @property
    def times(self) -> npt.NDArray[np.float64]:
        """Time of every frame in seconds from the beginning of the clip, (frames,)."""
        return self.start + frame_times(self.log_mel.shape[1])

    @property
    def frequencies(self) -> npt.NDArray[np.float64]:
        """Centre frequency of every mel band in Hz, (N_MELS,)."""
        return mel_frequencies()


def prepare(clip: Clip, start: float = 0.0, seconds: float = WINDOW_SECONDS) -> Excerpt:
    """Cut the stretch to look at out of a clip.

    Parameters
    ----------
    clip : Clip
        A decoded clip.
    start : float
        Where to begin, in seconds.
    seconds : float
        How much to take; less if the clip ends before.

    Returns
    -------
    Excerpt
        From `start`, or from as late as leaves MIN_SECONDS.

    Raises
    ------
    AudioError
        If `start` lies outside the clip or the stretch is silent.
    """
    if not 0.0 <= start < clip.seconds:
        raise AudioError(
            "start",
            f"The clip is {clip.seconds:.1f} s long, so it cannot be heard from "
            f"{start:.1f} s on. Choose a start between 0 and "
            f"{max(0.0, clip.seconds - MIN_SECONDS):.1f} s.",
        )
    start = min(start, max(0.0, clip.seconds - MIN_SECONDS))
    first = round(start * SAMPLE_RATE)
    waveform = clip.waveform[first : first + round(seconds * SAMPLE_RATE)]
    if float(np.ptp(waveform)) / 2 < 10 ** (SILENCE_DBFS / 20):
        raise AudioError(
            "silent",
            f"There is only silence from {start:.1f} s to "
            f"{start + len(waveform) / SAMPLE_RATE:.1f} s. Choose another part of the clip.",
        )
    return Excerpt(clip, start, waveform)


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
        Whether similar genres count as one class, as `model.merging` says.
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

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes: genres, or groups of genres such as "rock+metal"."""
        genres = self.classifier.genres
        return merged_names(genres) if self.merges else genres

    @property
    def probabilities(self) -> Float32:
        """Probability of each class, in the order of `classes`, (classes,)."""
        probabilities = self.prediction.probabilities
        if self.merges:
            probabilities, _ = merge_probabilities(probabilities, self.classifier.genres)
        return probabilities

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """Classes with their probabilities, the most probable first."""
        pairs = zip(self.classes, self.probabilities.tolist(), strict=True)
        return sorted(pairs, key=lambda pair: -pair[1])

    @property
    def top(self) -> str:
        """The most probable class."""
        return self.ranking[0][0]

    @cached_property
    def _coarse(self) -> dict[str, Float32]:
        """All maps, (classes or 1, rows, columns), of the methods that take no further run."""
        return {
            name: self._maps_by(method.compute, method)
            for name, method in METHODS.items()
            if method.compute is not None
        }

    def _maps_by(self, compute: Callable[[Float32, Float32], Float32], method: Method) -> Float32:
        features, kernel = self.prediction.feature_maps, self.classifier.kernel
        genres = self.classifier.genres
        if self.merges and method.contrasts:
            return compute(features, merge_kernel(kernel, genres))
        maps = compute(features, kernel)
        return merge_maps(maps, genres) if self.merges and method.per_class else maps

    def _fine(self, index: int) -> RelevanceMap:
        """Ask the network about one class: its fine map."""
        prediction = self.prediction
        return fine_map(
            self.classifier,
            prediction.levels,
            (prediction.feature_maps, prediction.logits),
            np.isin(self.classifier.genres, members_of(self.classes[index])),
        )

    def map(self, method: str, genre: str) -> RelevanceMap:
        """Give one class's relevance where the method computes it.

        Parameters
        ----------
        method : str
            A key of METHODS.
        genre : str
            One of `classes`.

        Returns
        -------
        RelevanceMap
            From which `relevance` is drawn; the same object for the same arguments. A fine
            map runs the network when it is first asked for.
        """
        index = self.classes.index(genre) if METHODS[method].per_class else 0
        if (method, index) not in self._found:
            self._found[method, index] = (
                self._fine(index)
                if METHODS[method].compute is None
                else RelevanceMap(self._coarse[method][index], self.classifier.grid)
            )
        return self._found[method, index]

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
        """Give one class's relevance on the excerpt's spectrogram.

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
        """Give the largest relevance of some classes, or of all: the end of a shared scale."""
        wanted = self.classes if genres is None else genres
        peaks = [float(self.map(method, genre).values.max()) for genre in wanted]
        return max([0.0, *peaks])

    def mask(self, method: str, genre: str, threshold: float = THRESHOLD) -> Float32:
        """Give the mask that keeps what speaks for one class.

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
    prediction = classifier.predict(log_mel(excerpt.waveform, NETWORK_HOP))
    return Analysis(excerpt, classifier, prediction)
