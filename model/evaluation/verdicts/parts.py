"""Accuracy on all tracks of a list, on those with sound, and on those with all of their sound."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from model.evaluation.verdicts.scoring import PICTURE, WHOLE, Scores
from model.uncertainty import clustered, share


def by_kind(scores: Scores, artists: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Count right verdicts by how much sound there was.

    Parameters
    ----------
    scores : Scores
        Of the tracks.
    artists : mapping of str to str
        From `read_artists`; a track whose artist nobody wrote down stands by itself.

    Returns
    -------
    dict
        For "all tracks", and, where the model hears sound, for those "with sound", those "with
        30 s of it" and those by "picture alone": n, share and its interval, the
        "mean_over_genres" that are there, and the share with its interval "by_artist".
    """
    kinds = np.array(scores.kinds or [PICTURE] * len(scores.names))
    chosen = {"all tracks": np.ones(len(kinds), bool)}
    if scores.kinds:
        chosen["with sound"] = kinds != PICTURE
        chosen["with 30 s of it"] = kinds == WHOLE
        chosen["picture alone"] = kinds == PICTURE
    right, labels = scores.right, scores.labels
    groups = np.array([artists.get(name, name) for name in scores.names])
    return {
        words: {
            **share(int(right[which].sum()), int(which.sum())),
            "mean_over_genres": float(
                np.mean([right[which & (labels == one)].mean() for one in set(labels[which])])
            ),
            "by_artist": clustered(right[which].astype(np.float64), list(groups[which])),
        }
        for words, which in chosen.items()
        if which.any()
    }
