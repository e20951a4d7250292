"""Whether a song that is unlike those of training is more often named wrong."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from model.analysis import analyse
from model.audio.clip import AudioError, decode
from model.audio.excerpt import prepare
from model.familiarity import STRANGE, UNUSUAL, familiarity_of
from model.gtzan.labelled_songs import LabelledSong
from model.networks.classifier import Classifier
from model.types import Float64
from model.uncertainty import share

Bools = npt.NDArray[np.bool_]
# What the app says of a song, and the shares of validation songs at least as far that it says
# so of.
BANDS: Final = {
    "strange": (0.0, STRANGE),
    "unusual": (STRANGE, UNUSUAL),
    "familiar": (UNUSUAL, np.inf),
}
_DRAWS: Final = 2_000


@dataclass(frozen=True)
class Told:
    """What is known of one song.

    Attributes
    ----------
    song : LabelledSong
        The song.
    right : bool
        Whether the verdict is its genre.
    share : float
        Of the validation songs that are at least as far from those of training; the mean over
        the song's excerpts.
    """

    song: LabelledSong
    right: bool
    share: float


def tell(songs: Iterable[LabelledSong], classifier: Classifier) -> list[Told]:
    """Judge songs by the app's own path, and tell how familiar each is.

    Parameters
    ----------
    songs : iterable of LabelledSong
        With files.
    classifier : Classifier
        With an ear.

    Returns
    -------
    list of Told
        Without those that cannot be heard, which are named on stderr.

    Raises
    ------
    ValueError
        If none of them can be told of.
    """
    told = []
    for song in songs:
        probabilities, shares = [], []
        for path in song.files:
            try:
                analysis = analyse(prepare(decode(path.read_bytes(), path.name)), classifier)
            except AudioError as error:
                print(f"Left out {path.name}: {error}", file=sys.stderr)
                continue
            found = familiarity_of(analysis)
            if found is not None:
                probabilities.append(analysis.prediction.probabilities)
                shares.append(found.share)
        if shares:
            verdict = int(np.mean(probabilities, axis=0).argmax())
            told.append(Told(song, verdict == song.label, float(np.mean(shares))))
    if not told:
        raise ValueError("How familiar these songs are cannot be told: none of them can be heard.")
    return told


def told_apart(
    shares: Float64, right: Bools, groups: Sequence[str], seed: int = 0
) -> tuple[float, float, float]:
    """Compute how often a song named wrong is less familiar than one named right.

    Parameters
    ----------
    shares : ndarray of float64, shape (songs,)
        How familiar each is.
    right : ndarray of bool, shape (songs,)
        Whether it is named right; some are and some are not.
    groups : sequence of str, length songs
        Artist or source of each; they are drawn as wholes.
    seed : int
        Of the draws.

    Returns
    -------
    auc, low, high : float
        The area under the receiver operating characteristic, and its 95 % interval.
    """
    _, members = np.unique(np.asarray(groups), return_inverse=True)
    songs_of = [np.flatnonzero(members == group) for group in range(members.max() + 1)]
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(_DRAWS):
        drawn = rng.integers(len(songs_of), size=len(songs_of))
        chosen = np.concatenate([songs_of[group] for group in drawn])
        if right[chosen].any() and not right[chosen].all():
            found.append(roc_auc_score(right[chosen], shares[chosen]))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(roc_auc_score(right, shares)), float(low), float(high)


def summarise(told: Sequence[Told], seed: int = 0) -> dict[str, Any]:
    """Count over songs.

    Parameters
    ----------
    told : sequence of Told
        From `tell`.
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict
        "n", "bands" with the accuracy in each, and "auc" with its interval; the latter only if
        some are right and some wrong.
    """
    shares, right = np.array([one.share for one in told]), np.array([one.right for one in told])
    bands = []
    for name, (low, high) in BANDS.items():
        inside = right[(shares >= low) & (shares < high)]
        accuracy = share(int(inside.sum()), len(inside)) if len(inside) else None
        bands.append({"name": name, "n": len(inside), "accuracy": accuracy})
    figures: dict[str, Any] = {"n": len(told), "right": int(right.sum()), "bands": bands}
    if right.any() and not right.all():
        groups = [one.song.group for one in told]
        figures["auc"], *figures["interval"] = told_apart(shares, right, groups, seed)
    return figures
