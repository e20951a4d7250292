"""The verdict on a whole song from its windows, with its uncertainty.

The verdict is the mean of the windows' probabilities, each window counted by the time
that it adds. So it is what the picture over time shows: a class's share of the area. The
mean of the log-probabilities would let one window, in which the network rules a genre
out, rule it out for the song, and would grow surer with every window that says the same,
although neighbouring windows of a song are no independent witnesses.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from model.analysis import analyse
from model.audio.clip import AudioError, Clip
from model.audio.excerpt import prepare
from model.genres import Verdict
from model.networks.classifier import Classifier
from model.songs.timeline import Timeline, timeline_of
from model.songs.windows import Span, windows_of
from model.types import Float32

__all__ = [
    "Heard",
    "SongVerdict",
    "Span",
    "Window",
    "hear",
    "hear_song",
    "verdict_of",
    "windows_of",
]


CONFIDENCE: Final = 0.95
# The ends of an interval then move by less than half a percentage point from seed to seed.
DRAWS: Final = 4_000
SEED: Final = 0


@dataclass(frozen=True, eq=False)
class Heard(Verdict):
    """The network's verdict on one window.

    Attributes
    ----------
    classes : tuple of str
        Genres, or groups of them.
    probabilities : ndarray of float32, shape (classes,)
        Of the window as a whole.
    timeline : Timeline
        Moment by moment; its times begin with the window.
    """

    timeline: Timeline

    @property
    def merged(self) -> Self:
        """The same with the probabilities of similar genres summed, moment by moment too."""
        return replace(super().merged, timeline=self.timeline.merged(self.classes))


@dataclass(frozen=True, eq=False)
class Window:
    """One window of a song.

    Attributes
    ----------
    stretch : Span
        Where it is.
    heard : Heard or None
        None where there is only silence.
    """

    span: Span
    heard: Heard | None

    @property
    def merged(self) -> "Window":
        """The same with similar genres merged: their probabilities are summed."""
        return replace(self, heard=self.heard and self.heard.merged)


@dataclass(frozen=True, eq=False)
class SongVerdict:
    """The verdict on all windows of a song.

    Attributes
    ----------
    mean : Verdict
        Mean over the windows, each counted by the seconds of sound that it adds.
    interval : ndarray of float32, shape (2, classes), or None
        Where the mean lies in the middle 95 % of draws of as many windows, with
        replacement, from those that were heard (percentile bootstrap; Efron and
        Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). It says how much
        the song varies, not how often the network is right, and it is too narrow where
        there are few windows or where neighbours resemble each other. None for one window.
    stays_first : float or None
        Share of those draws in which the same class comes first.
    leads : ndarray of float32, shape (classes,)
        Share of the time heard in which the class is the window's most probable one.
    windows : int
        How many were heard.
    seconds, silent_seconds : float
        How much sound they hold, and how much was left out as silent.
    """

    mean: Verdict
    interval: Float32 | None
    stays_first: float | None
    leads: Float32
    windows: int
    seconds: float
    silent_seconds: float


def hear(clip: Clip, span: Span, classifier: Classifier) -> Window:
    """Run the network on one window, unless that is silent.

    Parameters
    ----------
    clip : Clip
        A decoded clip.
    stretch : Span
        One of its `windows_of`.
    classifier : Classifier
        From `load_classifier`.

    Returns
    -------
    Window
        With the verdict that `analyse` gives on an excerpt from `span.start` on.
    """
    if span.is_silent:
        return Window(span, None)
    try:
        excerpt = prepare(clip, span.start, span.end - span.start)
    except AudioError as error:
        if error.code != "silent":
            raise
        return Window(span, None)
    prediction = analyse(excerpt, classifier).prediction
    timeline = timeline_of(prediction, classifier)
    return Window(span, Heard(classifier.genres, prediction.probabilities, timeline))


def hear_song(clip: Clip, classifier: Classifier) -> Iterator[Window]:
    """Run the network on one window after the other.

    Parameters
    ----------
    clip : Clip
        A decoded clip.
    classifier : Classifier
        From `load_classifier`.

    Yields
    ------
    Window
        As soon as it is heard; the network runs once a window that is not silent.
    """
    for span in windows_of(clip):
        yield hear(clip, span, classifier)


def verdict_of(windows: Iterable[Window]) -> SongVerdict:
    """Judge a song by its windows, or by those that were heard so far.

    Parameters
    ----------
    windows : iterable of Window
        Of one song, all merged or none.

    Returns
    -------
    SongVerdict
        The same for the same windows: what is drawn at random has a fixed seed.

    Raises
    ------
    AudioError
        If all of them are silent.
    """
    windows = list(windows)
    heard = [(window.span.sound_seconds, window.heard) for window in windows if window.heard]
    if not heard:
        raise AudioError(
            "silent", "There is only silence in these windows, so there is no verdict on them."
        )
    seconds = np.array([fresh for fresh, _ in heard])
    each = np.stack([window.probabilities for _, window in heard])
    mean = _mean(each, seconds)
    first = int(mean.argmax())
    interval = stays_first = None
    if len(heard) > 1:
        draws = np.random.default_rng(SEED).multinomial(
            len(heard), np.full(len(heard), 1 / len(heard)), size=DRAWS
        )
        means = _mean(each, draws * seconds)
        outside = (1 - CONFIDENCE) / 2
        interval = np.quantile(means, (outside, 1 - outside), axis=0).astype(np.float32)
        stays_first = float((means.argmax(axis=1) == first).mean())
    return SongVerdict(
        mean=Verdict(heard[0][1].classes, mean),
        interval=interval,
        stays_first=stays_first,
        leads=_mean(np.eye(each.shape[1])[each.argmax(axis=1)], seconds),
        windows=len(heard),
        seconds=float(seconds.sum()),
        silent_seconds=sum(
            window.span.fresh_seconds - (window.span.sound_seconds if window.heard else 0.0)
            for window in windows
        ),
    )


def _mean(values: npt.NDArray[np.floating], weights: npt.NDArray[np.floating]) -> Float32:
    """Take the weighted mean over windows of (windows, classes), for each row of weights."""
    return (weights @ values / weights.sum(axis=-1, keepdims=True)).astype(np.float32)
