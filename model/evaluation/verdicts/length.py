"""Accuracy against the length of the excerpt, of a picture or of a sound."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

import numpy as np

from model.analysis import analyse
from model.audio.clip import AudioError, Clip
from model.audio.excerpt import prepare
from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.evaluation.verdicts.scoring import predict_each
from model.gtzan.pictures import Pictures, genre_of
from model.networks.classifier import Classifier
from model.types import Float32
from model.uncertainty import share

LENGTHS: Final = (3.0, 5.0, 10.0, 30.0)  # s


def frames_in(seconds: float) -> int:
    """Count the frames that the front end makes of a length of sound.

    >>> frames_in(3.0)
    39
    """
    return 1 + int(seconds * SAMPLE_RATE) // NETWORK_HOP


def excerpts(level: Float32, frames: int) -> list[Float32]:
    """Cut a picture into adjacent excerpts, leaving out the same at both ends.

    Parameters
    ----------
    level : ndarray of float32, shape (N_MELS, clip's frames)
        In dB below the clip's maximum.
    frames : int
        Length of an excerpt; the whole picture, if it is shorter.

    Returns
    -------
    list of ndarray of float32, shape (N_MELS, frames)
        In dB below each one's own maximum, as the front end computes them from the excerpt
        alone. A whole picture stays as it is.
    """
    frames = min(frames, level.shape[1])
    return [_cut(level, start, frames) for start in _starts(level.shape[1], frames)]


def sound_excerpts(clip: Clip, seconds: float) -> list[Clip]:
    """Cut a clip into adjacent excerpts, leaving out the same at both ends.

    Parameters
    ----------
    clip : Clip
        At least as long as one excerpt, or given back whole.
    seconds : float
        Length of an excerpt.

    Returns
    -------
    list of Clip
        In order.
    """
    samples = min(round(seconds * SAMPLE_RATE), len(clip.waveform))
    return [_excerpt(clip, start, samples) for start in _starts(len(clip.waveform), samples)]


def _excerpt(clip: Clip, start: int, samples: int) -> Clip:
    return replace(clip, waveform=clip.waveform[start : start + samples])


def _starts(whole: int, part: int) -> range:
    """Where adjacent parts begin in a whole, with the same left over at both ends."""
    count, left_over = divmod(whole, part)
    first = left_over // 2
    return range(first, first + count * part, part)


def centre(level: Float32, frames: int) -> Float32:
    """Cut out the middle of a picture, as `excerpts` does."""
    frames = min(frames, level.shape[1])
    return _cut(level, (level.shape[1] - frames) // 2, frames)


def _cut(level: Float32, start: int, frames: int) -> Float32:
    if frames == level.shape[1]:
        return level
    excerpt = level[:, start : start + frames]
    return excerpt - excerpt.max()


@dataclass(frozen=True)
class Heard:
    """Accuracy from excerpts of one length.

    Attributes
    ----------
    seconds : float
        Length of an excerpt.
    excerpts_a_track : int
        Number of adjacent excerpts in a track.
    n : int
        Tracks.
    right_centre : int
        Tracks with the right verdict from the middle excerpt alone.
    right_all : int
        Tracks with the right verdict from the mean probabilities of all excerpts.
    """

    seconds: float
    excerpts_a_track: int
    n: int
    right_centre: int
    right_all: int

    def as_json(self) -> dict[str, Any]:
        """Return all figures as plain numbers, with 95 % intervals."""
        return {
            "seconds": self.seconds,
            "excerpts_a_track": self.excerpts_a_track,
            "centre": share(self.right_centre, self.n),
            "all": share(self.right_all, self.n),
        }


def accuracy_by_length(
    classifier: Classifier, tracks: Pictures, lengths: tuple[float, ...] = LENGTHS
) -> Iterator[Heard]:
    """Judge tracks by excerpts of several lengths.

    Parameters
    ----------
    classifier : Classifier
        The model.
    tracks : Pictures
        Labelled tracks, all of one length.
    lengths : tuple of float
        In seconds.

    Yields
    ------
    Heard
        One a length.
    """
    for seconds in lengths:
        frames = frames_in(seconds)
        levels = [tracks.levels(index) for index in range(len(tracks))]
        _, alone = predict_each(classifier, (centre(level, frames) for level in levels))
        cut = [excerpts(level, frames) for level in levels]
        _, each = predict_each(classifier, chain.from_iterable(cut))
        together = each.reshape(len(tracks), -1, each.shape[1]).mean(axis=1)
        yield Heard(
            seconds=seconds,
            excerpts_a_track=len(cut[0]),
            n=len(tracks),
            right_centre=int((alone.argmax(axis=1) == tracks.labels).sum()),
            right_all=int((together.argmax(axis=1) == tracks.labels).sum()),
        )


def accuracy_by_length_of_sound(
    classifier: Classifier, clips: Iterable[Clip], lengths: tuple[float, ...] = LENGTHS
) -> list[Heard]:
    """Judge clips by excerpts of several lengths, on the app's own path.

    Parameters
    ----------
    classifier : Classifier
        The model.
    clips : iterable of Clip
        Named by track; all longer than the lengths but the last, which takes them whole. Each is
        read once.
    lengths : tuple of float
        In seconds.

    Returns
    -------
    list of Heard
        One a length. An excerpt that is silent leads to no verdict: alone it counts as wrong,
        among others it is left out.
    """
    right = {seconds: np.zeros(2, int) for seconds in lengths}
    most = dict.fromkeys(lengths, 0)
    n = 0
    for clip in clips:
        n += 1
        label = classifier.genres.index(genre_of(clip.name))
        for seconds in lengths:
            cut = sound_excerpts(clip, seconds)
            most[seconds] = max(most[seconds], len(cut))
            samples = len(cut[0].waveform)
            centred = _excerpt(clip, (len(clip.waveform) - samples) // 2, samples)
            # The only excerpt is the middle.
            parts = [_called(classifier, part) for part in cut]
            alone = parts if len(parts) == 1 else [_called(classifier, centred)]
            right[seconds] += [_names(alone, label), _names(parts, label)]
    return [
        Heard(seconds, most[seconds], n, int(right[seconds][0]), int(right[seconds][1]))
        for seconds in lengths
    ]


def _called(classifier: Classifier, clip: Clip) -> Float32 | None:
    """Return the probabilities of a clip, (classes,); None where it is silent."""
    try:
        excerpt = prepare(clip)
    except AudioError:
        return None
    return analyse(excerpt, classifier).prediction.probabilities


def _names(verdicts: list[Float32 | None], label: int) -> bool:
    """Tell whether the mean of what was heard puts a class first."""
    heard = [each for each in verdicts if each is not None]
    return bool(heard) and int(np.mean(heard, axis=0).argmax()) == label
