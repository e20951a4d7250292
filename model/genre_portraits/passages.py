"""The passages of songs in which a genre's evidence is strongest, and a loop made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.explain.cam import cam
from model.explain.door import Prediction
from model.explain.fine import log_odds_weights
from model.explain.grid import MapGrid
from model.networks.classifier import Classifier
from model.types import Float32, Float64

# Four passages make the loop.
PASSAGE_SECONDS: Final = 2.5
PASSAGES: Final = 4
# Of the loop, as many from one song at most.
MOST_OF_ONE: Final = 2
_FADE_SECONDS: Final = 0.12
# Passages of different songs are brought to one loudness, short of clipping.
_RMS_DBFS, _PEAK = -20.0, 0.98


@dataclass(frozen=True, eq=False)
class Course:
    """How strongly something is heard in a song, from moment to moment.

    Attributes
    ----------
    values : ndarray of float64, shape (moments,)
        Comparable among songs.
    first, step : float
        Centre of the first moment, and distance of moments, in seconds.
    """

    values: Float64
    first: float
    step: float


@dataclass(frozen=True)
class Passage:
    """A stretch of a song.

    Attributes
    ----------
    song : str
        Key of the song.
    start, end : float
        In seconds.
    strength : float
        Mean over the stretch.
    """

    song: str
    start: float
    end: float
    strength: float


def course_of(values: Float32, grid: MapGrid) -> Course:
    """Place the columns of a map in time, (columns,)."""
    frame = NETWORK_HOP / SAMPLE_RATE
    return Course(
        np.asarray(values, np.float64), grid.frame_offset * frame, grid.frame_stride * frame
    )


def genre_course(classifier: Classifier, prediction: Prediction, genre: str) -> Course:
    """Follow how strongly a song speaks for a genre: the one place where this is chosen.

    The class activation maps of both heads together, for they alone add up to the scores, of
    the genre against the others: as the log-odds of the whole are made of them. What is louder
    or longer is therefore not stronger, and songs can be compared.

    Parameters
    ----------
    classifier : Classifier
        The network.
    prediction : Prediction
        Of the song.
    genre : str
        One of the network's.

    Returns
    -------
    Course
        The weights are those of the whole song's log-odds. In silence as low as anywhere.
    """
    index = classifier.genres.index(genre)
    members = np.arange(len(classifier.genres)) == index
    weights = log_odds_weights(prediction.logits, members, classifier.temperature)
    maps = cam(prediction.feature_maps, classifier.kernel)
    share = np.float32(prediction.counts.mean())
    moments = maps.mean(axis=1).T * share + classifier.bias
    values = moments @ weights
    counts = prediction.counts
    values[~counts] = values[counts].min()
    return course_of(values, classifier.grid)


def windows_of(course: Course, seconds: float, length: float) -> tuple[Float64, Float64]:
    """Average a course over stretches of a song.

    Parameters
    ----------
    course : Course
        Of a song.
    seconds : float
        Length of a stretch.
    length : float
        Of the song, in seconds; no stretch reaches beyond it.

    Returns
    -------
    starts, strengths : ndarray of float64, shape (stretches,)
        One stretch every `course.step`; none where the song is shorter.
    """
    width = max(1, round(seconds / course.step))
    if length < seconds or len(course.values) < width:
        return np.zeros(0), np.zeros(0)
    means = np.convolve(course.values, np.full(width, 1 / width), "valid")
    starts = course.first - course.step / 2 + course.step * np.arange(len(means))
    starts = np.clip(starts, 0, length - seconds)
    return starts, means


def strongest_passages(
    courses: Mapping[str, tuple[Course, float]],
    seconds: float = PASSAGE_SECONDS,
    count: int = PASSAGES,
    most: int = MOST_OF_ONE,
) -> list[Passage]:
    """Choose the strongest passages of several songs, which do not overlap.

    Parameters
    ----------
    courses : mapping of str to (Course, float)
        Of every song, and its length in seconds.
    seconds : float
        Length of a passage.
    count : int
        How many.
    most : int
        Of one song, as long as other songs have any.

    Returns
    -------
    list of Passage
        The strongest first; fewer where the songs are too short.
    """
    offered = [
        Passage(song, float(start), float(start) + seconds, float(strength))
        for song, (course, length) in courses.items()
        for start, strength in zip(*windows_of(course, seconds, length), strict=True)
    ]
    offered.sort(key=lambda passage: -passage.strength)
    chosen: list[Passage] = []
    for limit in (most, count):
        for passage in offered:
            own = [other for other in chosen if other.song == passage.song]
            apart = all(passage.end <= other.start or passage.start >= other.end for other in own)
            if len(chosen) < count and len(own) < limit and apart:
                chosen.append(passage)
    return sorted(chosen, key=lambda passage: -passage.strength)


def loop_of(passages: Sequence[Passage], waveforms: Mapping[str, Float32]) -> Float32:
    """Join passages to one loop, with short cross-fades, also from its end to its beginning.

    Parameters
    ----------
    passages : sequence of Passage
        In the order of the loop, all of one length.
    waveforms : mapping of str to ndarray of float32, shape (samples,)
        Of every song, from its beginning, at SAMPLE_RATE.

    Returns
    -------
    ndarray of float32, shape (samples,)
        As long as all passages together. Each is brought to one loudness.
    """
    size = round((passages[0].end - passages[0].start) * SAMPLE_RATE)
    half = round(_FADE_SECONDS * SAMPLE_RATE / 2)
    loop = np.zeros(size * len(passages), np.float32)
    rise = np.sin(np.linspace(0, np.pi / 2, 2 * half, dtype=np.float32))
    for place, passage in enumerate(passages):
        song = waveforms[passage.song]
        first = round(passage.start * SAMPLE_RATE) - half
        reach = np.arange(first, first + size + 2 * half)
        inside = (reach >= 0) & (reach < len(song))
        cut = np.where(inside, song[np.clip(reach, 0, len(song) - 1)], 0).astype(np.float32)
        level = float(np.sqrt(np.square(cut, dtype=np.float64).mean()))
        cut *= np.float32(10 ** (_RMS_DBFS / 20) / max(level, 1e-6))
        cut[: 2 * half] *= rise
        cut[-2 * half :] *= rise[::-1]
        loop[(place * size - half + np.arange(len(cut))) % len(loop)] += cut
    peak = float(np.abs(loop).max(initial=0.0))
    return loop * np.float32(min(1.0, _PEAK / peak)) if peak > 0 else loop


def as_json(course: Course) -> dict[str, Any]:
    """Return a course as plain numbers."""
    return {
        "first": round(course.first, 4),
        "step": round(course.step, 6),
        "values": np.round(course.values, 2).tolist(),
    }


def from_json(found: Mapping[str, Any]) -> Course:
    """Read what `as_json` made."""
    return Course(np.array(found["values"], np.float64), found["first"], found["step"])
