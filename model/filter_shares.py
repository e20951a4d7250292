"""What each filter of the last layer adds to a genre's score, and the verdict without some.

The head is linear: the score of a genre is the sum, over the filters, of the mean of each map
times its weight, and a bias. So a filter can be taken away without asking the network again.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from model.analysis import Analysis
from model.networks.classifier import softmax
from model.types import Float32


def shares_of_score(analysis: Analysis, genre: str) -> tuple[Float32, float]:
    """Split a genre's score among the filters.

    ``S_c = sum_k w_kc GAP(f_k) + b_c``.

    Parameters
    ----------
    analysis : Analysis
        Of a clip.
    genre : str
        One of the network's genres.

    Returns
    -------
    added : ndarray of float32, shape (filters,)
        What each adds; below 0 for one that speaks against the genre.
    bias : float
        What the genre begins with, whatever the clip. The sum of all is the score.
    """
    index = analysis.classifier.genres.index(genre)
    means = analysis.prediction.feature_maps.mean(axis=(0, 1))
    added: Float32 = analysis.classifier.kernel[:, index] * means
    return added, float(analysis.prediction.logits[index] - added.sum(dtype=np.float64))


def without(analysis: Analysis, filters: Collection[int]) -> Analysis:
    """Take filters away.

    Parameters
    ----------
    analysis : Analysis
        Of a clip.
    filters : collection of int
        Which.

    Returns
    -------
    Analysis
        Whose scores, probabilities and CAM are those of the other filters; the network is not
        asked. Genres are not merged.
    """
    if not filters:
        return analysis
    prediction, classifier = analysis.prediction, analysis.classifier
    gone = sorted(filters)
    maps = prediction.feature_maps.copy()
    lost = maps[..., gone].mean(axis=(0, 1)) @ classifier.kernel[gone]
    maps[..., gone] = 0
    logits = (prediction.logits - lost).astype(np.float32)
    return replace(
        analysis,
        prediction=replace(
            prediction,
            feature_maps=maps,
            logits=logits,
            probabilities=softmax(logits, classifier.temperature),
        ),
        merges=False,
    )
