"""The timeline of an excerpt: what its scores are made of, moment by moment.

The network averages its last map over bands and time before its one dense layer, so a
score is the mean over time of what each moment adds to it. That mean is kept exactly by
the smoothing here; probabilities are not linear in the scores, so theirs is not.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.silence import runs_of
from model.constants import MIN_SECONDS, NETWORK_HOP, SAMPLE_RATE
from model.explain.cam import cam
from model.explain.door import Prediction
from model.genres import merge_probabilities
from model.networks.classifier import Classifier, softmax
from model.types import Float32

# A shorter stretch would not be heard by itself either.
SMOOTHING_SECONDS: Final = MIN_SECONDS


@dataclass(frozen=True, eq=False)
class Timeline:
    """Scores and probabilities of every class over the time of one excerpt.

    Attributes
    ----------
    times : ndarray of float64, shape (moments,)
        Centres of the moments, in seconds from the beginning of the excerpt.
    scores : ndarray of float32, shape (moments, classes)
        Their mean over the moments that sound is the excerpt's score of each class of the
        network. 0 in silence.
    probabilities : ndarray of float32, shape (moments, classes)
        What the network would say if all of the excerpt sounded like this moment. All 0 in
        silence.
    """

    times: npt.NDArray[np.float64]
    scores: Float32
    probabilities: Float32

    def merged(self, genres: tuple[str, ...]) -> "Timeline":
        """Sum the probabilities of similar genres, as `model.genres` says."""
        return replace(self, probabilities=merge_probabilities(self.probabilities, genres)[0])


def timeline_of(prediction: Prediction, classifier: Classifier) -> Timeline:
    """Follow the scores of an excerpt over time.

    The score of class c at map column t is ``mean_m CAM_c(m, t) + b_c``, smoothed over
    SMOOTHING_SECONDS within what sounds; see `model.explain.cam.cam` for the source.

    Parameters
    ----------
    prediction : Prediction
        Of the excerpt.
    classifier : Classifier
        The network that made it.

    Returns
    -------
    Timeline
        One moment for every column of the network's last map.
    """
    maps = cam(prediction.feature_maps, classifier.kernel)
    grid, frame = classifier.grid, NETWORK_HOP / SAMPLE_RATE
    width = SMOOTHING_SECONDS / (grid.frame_stride * frame)
    # The maps hold the whole score; a moment's own is what counts of it.
    share = np.float32(prediction.counts.mean())
    moments = maps.mean(axis=1).T * share + classifier.bias
    scores, probabilities = np.zeros_like(moments), np.zeros_like(moments)
    for first, end in runs_of(prediction.counts):
        scores[first:end] = _smoothed(moments[first:end], width)
        probabilities[first:end] = softmax(scores[first:end], classifier.temperature)
    return Timeline(
        times=grid.frames(maps.shape[2]) * frame,
        scores=scores,
        probabilities=probabilities,
    )


def _smoothed(values: Float32, width: float) -> Float32:
    """Take the mean over about `width` moments, keeping the mean over all of them.

    Mirrored at its ends, edge moments included, a sequence gives each of its values the same
    weight in all: filter and mirror together are a symmetric matrix with rows of sum 1.

    Parameters
    ----------
    values : ndarray of float32, shape (moments, classes)
        In order of time.
    width : float
        At least 1; the nearest odd number is taken.

    Returns
    -------
    ndarray of float32, shape (moments, classes)
        As many moments.
    """
    reach = max(0, round((width - 1) / 2))
    mirrored = np.pad(values, ((reach, reach), (0, 0)), mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(mirrored, 2 * reach + 1, axis=0)
    return windows.mean(axis=-1, dtype=np.float64).astype(np.float32)
