"""Accuracy on artists that are and are not in the training tracks."""

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from model.uncertainty import share


def by_artist(
    names: tuple[str, ...],
    right: npt.NDArray[np.bool_],
    learned: Collection[str],
    artists: dict[str, str],
) -> dict[str, Any]:
    """Count right verdicts apart for artists that were and were not learned from.

    Parameters
    ----------
    names : tuple of str
        Tracks that were judged.
    right : ndarray of bool, shape (tracks,)
        Whether the verdict was right.
    learned : collection of str
        Tracks that the network learned from.
    artists : dict of str to str
        From `read_artists`.

    Returns
    -------
    dict
        ``{"familiar", "new"}``, each with n, share and interval, where there are such
        tracks; ``"unknown"``, the number of tracks whose artist nobody wrote down.
    """
    familiar_artists = {artists[name] for name in learned if name in artists}
    known = np.array([name in artists for name in names])
    familiar = np.array([artists.get(name) in familiar_artists for name in names])
    counted = {"familiar": known & familiar, "new": known & ~familiar}
    return {
        **{
            group: share(int(right[tracks].sum()), int(tracks.sum()))
            for group, tracks in counted.items()
            if tracks.any()
        },
        "unknown": int((~known).sum()),
    }
