"""One row for each training of filters: what its filters mean, and what that costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.constants import GENRES
from model.evaluation.filters.answers import Answers, take_down
from model.evaluation.filters.measures import (
    CLEAR,
    agreement,
    categories,
    deletion,
    live,
    mutual_information,
    new_artists,
    purity,
    spread_of_rows,
    time_extent,
)
from model.evaluation.maps.masks import threshold_rule
from model.evaluation.maps.measures import compare_parts
from model.evaluation.maps.methods import CAM, EXPLAINERS
from model.evaluation.maps.probe import RememberingProbe
from model.evaluation.maps.subjects import Subject
from model.types import Float32, Float64
from model.uncertainty import clustered

if TYPE_CHECKING:
    import keras

    from model.training.stored_maps import StoredMaps

_CLASSES: Final = len(GENRES)


@dataclass(frozen=True, eq=False)
class Tracks:
    """Tracks of one protocol, by what they are for.

    Attributes
    ----------
    learned : list of str
        Names of the training tracks.
    valid : StoredMaps
        Validation tracks, on which a filter's category is found.
    test : StoredMaps
        Test tracks, for accuracy and deletion.
    artists : dict of str to str
        Track to artist.
    subjects : sequence of Subject
        Test tracks with sound, for the faithfulness of the CAM.
    """

    learned: list[str]
    valid: "StoredMaps"
    test: "StoredMaps"
    artists: dict[str, str]
    subjects: Sequence[Subject]

    @property
    def new(self) -> list[str]:
        """Test tracks of artists that were not learned from."""
        return new_artists(self.test.names, self.learned, self.artists)

    @property
    def clusters(self) -> list[str]:
        """Artist of each test track; a track of an unknown artist stands alone."""
        return [self.artists.get(name, name) for name in self.test.names]


def head_of(network: "keras.Model") -> "keras.Model":
    """Cut a trained network behind the mixing layer: from its maps to filters' maps and scores."""
    import keras  # noqa: PLC0415  # takes seconds

    from model.networks.filter_network import MIXED  # noqa: PLC0415  # as above

    mixed = network.get_layer(MIXED).output
    return keras.Model(mixed, [network.get_layer("evidence").output, network.outputs[0]])


@dataclass(frozen=True, eq=False)
class Measured:
    """One training, measured.

    Attributes
    ----------
    row : dict
        Its figures.
    new : Answers
        Its filters' answers to tracks of artists that were not learned from.
    right : ndarray of float64, shape (test tracks,)
        1 where the verdict is right.
    """

    row: dict[str, Any]
    new: Answers
    right: Float64


def measure(network: "keras.Model", tracks: Tracks, seed: int, folder: Path) -> Measured:
    """Measure one trained network.

    Parameters
    ----------
    network : keras.Model
        From levels to scores, with filters on the flagship's mixing layer.
    tracks : Tracks
        Of the protocol that it was trained in.
    seed : int
        Of the training, for the row; and of what is drawn at random.
    folder : Path
        Of the training, for messages.

    Returns
    -------
    Measured
        With its row.

    Raises
    ------
    ValueError
        If no test track is by an artist that was not learned from.
    """
    if not tracks.new:
        raise ValueError(f"{folder.name}: no test track is known to be by a new artist.")
    head = head_of(network)
    valid, test = (take_down(head, part) for part in (tracks.valid, tracks.test))
    new = test.of(tracks.new)
    rng = np.random.default_rng(seed)
    alive = live(test)
    shares, commonest = purity(new, _CLASSES)
    category = categories(valid, _CLASSES)
    kernel = np.asarray(network.layers[-1].get_weights()[0], np.float32)
    right = (test.scores.argmax(axis=1) == test.labels).astype(np.float64)
    own, random = deletion(test, kernel, category, rng)
    shuffled = rng.permutation(len(new.names))
    chance = Answers(
        new.names,
        new.labels[shuffled],
        new.means,
        new.peaks,
        new.rows,
        new.extents,
        new.scores,
    )

    def mean(values: Float64) -> float:
        return round(float(values[alive].mean()), 4) if alive.any() else 0.0

    row = {
        "seed": seed,
        "filters": len(alive),
        "accuracy": clustered(right, tracks.clusters),
        "purity": mean(shares),
        "purity_by_chance": mean(purity(chance, _CLASSES)[0]),
        "row_spread_bands": mean(spread_of_rows(new)),
        "time_extent_seconds": mean(time_extent(new)),
        "dead": round(float((~alive).mean()), 4),
        "clear": mean(((shares >= CLEAR) & (commonest == category)).astype(np.float64)),
        "mutual_information_bits": mean(mutual_information(new, _CLASSES)),
        "information_by_chance": mean(mutual_information(chance, _CLASSES)),
        "genres_with_filters": len(np.unique(category[alive])),
        "deletion": clustered(own, tracks.clusters),
        "deletion_at_random": clustered(random, tracks.clusters),
        "faithfulness": faithfulness(network, tracks.subjects),
    }
    return Measured(row, new, right)


def faithfulness(network: "keras.Model", subjects: Sequence[Subject]) -> dict[str, Any]:
    """Measure whether the sound that the CAM keeps carries the verdict.

    Parameters
    ----------
    network : keras.Model
        Whose CAM it is.
    subjects : sequence of Subject
        Tracks, most of them with sound, which goes through the whole front end again.

    Returns
    -------
    dict
        "n", and the means of "FF" and "Fid-In" of `model.evaluation.maps.measures`, for the
        CAM and for its own values rearranged ("random").
    """
    # Once for the whole, both maps and their rearrangement: most of the time goes to the network.
    probe = RememberingProbe(network)
    rule = threshold_rule()
    found: dict[str, list[dict[str, float]]] = {CAM: [], "random": []}
    for subject in subjects:
        whole = probe.predict(subject.levels).probabilities
        top = int(whole.argmax())
        parts: list[Float32] = []
        for name in found:
            drawn = EXPLAINERS[name].explain(probe, subject, top, 0).at(subject.mask_frames)
            ((kept, rest),) = subject.parts(rule.mask_for(smooth=True)(drawn))
            parts += [kept, rest]
        heard = probe.probabilities(np.stack(parts))
        for index, figures in enumerate(found.values()):
            figures.append(compare_parts(whole, heard[2 * index], heard[2 * index + 1], top))
    summary: dict[str, Any] = {"n": len(subjects)}
    for name, figures in found.items():
        summary[name] = {
            measure: round(float(np.mean([each[measure] for each in figures])), 4)
            for measure in ("FF", "Fid-In")
            if figures
        }
    return summary


def agreements(measured: Sequence[Measured]) -> list[float]:
    """Measure how alike the filters of every two trainings are that differ in their seed."""
    return [round(agreement(one.new, other.new), 4) for one, other in combinations(measured, 2)]


def against(
    measured: Sequence[Measured], reference: Sequence[Measured], clusters: Sequence[str]
) -> dict[str, float | int]:
    """Compare the accuracy of trainings with others, track by track, with its interval."""
    one, other = (
        np.mean([each.right for each in group], axis=0) for group in (measured, reference)
    )
    return clustered(one - other, clusters)
