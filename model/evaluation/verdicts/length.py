"""Accuracy against the length of the excerpt."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.evaluation.verdicts.scoring import predict_each
from model.gtzan.pictures import Pictures
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
    count, left_over = divmod(level.shape[1], frames)
    first = left_over // 2
    starts = range(first, first + count * frames, frames)
    return [_cut(level, start, frames) for start in starts]


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
