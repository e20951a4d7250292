"""Robustness of verdicts to alterations of the recording."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from model.analysis import analyse
from model.audio.clip import Clip, decode
from model.audio.excerpt import prepare
from model.evaluation.verdicts.alterations import ALTERATIONS, Alteration
from model.gtzan.pictures import genre_of
from model.networks.classifier import Classifier
from model.uncertainty import share


@dataclass(frozen=True, eq=False)
class Trial:
    """Verdicts on one clip, as it is and altered.

    Attributes
    ----------
    name : str
        Track.
    label : int
        Index of its genre.
    clean : ndarray of float32, shape (classes,)
        Probabilities for the clip as it is.
    altered : ndarray of float32, shape (alterations, classes)
        Probabilities for each alteration.
    """

    name: str
    label: int
    clean: npt.NDArray[np.float32]
    altered: npt.NDArray[np.float32]


def try_all(
    clips: Iterable[Clip],
    classifier: Classifier,
    alterations: tuple[Alteration, ...] = ALTERATIONS,
    seed: int = 0,
) -> Iterator[Trial]:
    """Judge clips as they are and after every alteration, through the app's own path.

    Parameters
    ----------
    clips : iterable of Clip
        Named by track.
    classifier : Classifier
        The model.
    alterations : tuple of Alteration
        The alterations to try.
    seed : int
        Seed of the noise; every clip gets its own.

    Yields
    ------
    Trial
        One a clip.
    """
    for index, clip in enumerate(clips):
        rng = np.random.default_rng((seed, index))
        files = [alteration.encode(clip.waveform, rng) for alteration in alterations]
        heard = [clip, *(decode(data, clip.name) for data in files)]
        rows = [analyse(prepare(version), classifier).verdict.probabilities for version in heard]
        label = classifier.genres.index(genre_of(clip.name))
        yield Trial(clip.name, label, rows[0], np.stack(rows[1:]))


def summarise(
    trials: list[Trial], classes: tuple[str, ...], alterations: tuple[Alteration, ...] = ALTERATIONS
) -> dict[str, Any]:
    """Count over all clips.

    Parameters
    ----------
    trials : list of Trial
        From `try_all`, at least one.
    classes : tuple of str
        Names of the classes.
    alterations : tuple of Alteration
        Those that were tried.

    Returns
    -------
    dict
        n, tracks by genre, and "conditions": for the clean clips and each alteration the
        accuracy; for an alteration also the share of verdicts "unchanged" and the
        "mean_change" of the probability of the genre that the clean clip was called. Shares
        have 95 % intervals.
    """
    n = len(trials)
    labels = np.array([trial.label for trial in trials])
    clean = np.stack([trial.clean for trial in trials])
    verdicts = clean.argmax(axis=1)
    conditions: list[dict[str, Any]] = [
        {
            "key": "clean",
            "name": "As it is",
            "what": "the clip's own file",
            "accuracy": share(int((verdicts == labels).sum()), n),
        }
    ]
    for index, alteration in enumerate(alterations):
        altered = np.stack([trial.altered[index] for trial in trials])
        now = altered.argmax(axis=1)
        change = np.take_along_axis(altered - clean, verdicts[:, np.newaxis], axis=1)
        conditions.append(
            {
                "key": alteration.key,
                "name": alteration.name,
                "what": alteration.what,
                "accuracy": share(int((now == labels).sum()), n),
                "unchanged": share(int((now == verdicts).sum()), n),
                "mean_change": float(change.mean()),
            }
        )
    counts = Counter(classes[label] for label in labels)
    return {"n": n, "genres": {name: counts[name] for name in classes}, "conditions": conditions}
