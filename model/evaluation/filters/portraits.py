"""What each filter of a shipped network answers to, for the page on filters.

A filter's category is the genre of most of its top activations on tracks that the network did not
learn from, by artists that it did not learn from; its purity is their share. The passages are
those of our own samples in which it answers most strongly, so they can be shipped and played.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.constants import GENRES, NETWORK_HOP, SAMPLE_RATE
from model.evaluation.filters.measures import TOP
from model.gtzan.pictures import Pictures
from model.networks.classifier import Classifier
from model.types import Float32

LAYERS: Final = ("evidence", "conv3", "conv2", "conv1")
_EXCERPT_SECONDS: Final = 5.0
PASSAGE_SECONDS: Final = 2.0
_PASSAGES: Final = 3


def peaks_over_time(maps: Float32, seconds: float, step: float) -> Float32:
    """Find the strongest answer in every stretch of a length.

    Parameters
    ----------
    maps : ndarray of float32, shape (rows, columns, filters)
        Answers.
    seconds : float
        Of the whole.
    step : float
        Length of a stretch, in seconds.

    Returns
    -------
    ndarray of float32, shape (stretches, filters)
        A last, shorter stretch is left out, unless it is the only one.
    """
    columns = maps.max(axis=0)
    count = max(1, int(seconds / step))
    edges = np.arange(count + 1) * min(step, seconds) / seconds * len(columns)
    bounds = np.rint(edges).astype(int)
    return np.stack([columns[a : max(b, a + 1)].max(axis=0) for a, b in _pairs(bounds)])


def _pairs(bounds: npt.NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    return zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)


def answers_of(classifier: Classifier, levels: Float32) -> dict[str, Float32]:
    """Ask all layers of LAYERS about one spectrogram, (rows, columns, filters) of each."""
    return {
        "evidence": classifier.predict(levels).feature_maps,
        **classifier.early_answers(levels),
    }


def portraits(
    classifier: Classifier, tracks: Pictures, samples: Mapping[str, Float32]
) -> list[dict[str, Any]]:
    """Describe every filter.

    Parameters
    ----------
    classifier : Classifier
        The network.
    tracks : Pictures
        Tracks of artists that it did not learn from.
    samples : mapping of str to ndarray of float32
        File of each of our samples, and its levels at NETWORK_HOP.

    Returns
    -------
    list of dict
        One a layer, with its "filters" in their order: "genre", "purity", "alive" and
        "passages" ("sample", "start" in seconds, "share" of the filter's strongest answer).
    """
    by_track: dict[str, list[Float32]] = {layer: [] for layer in LAYERS}
    for index in range(len(tracks)):
        levels = tracks.levels(index)
        for layer, maps in answers_of(classifier, levels).items():
            by_track[layer].append(peaks_over_time(maps, _seconds(levels), _EXCERPT_SECONDS))
    by_sample: dict[str, dict[str, Float32]] = {layer: {} for layer in LAYERS}
    for name, levels in samples.items():
        for layer, maps in answers_of(classifier, levels).items():
            by_sample[layer][name] = peaks_over_time(maps, _seconds(levels), PASSAGE_SECONDS)
    return [
        {
            "layer": layer,
            "filters": _describe(np.stack(by_track[layer]), tracks.labels, by_sample[layer]),
        }
        for layer in LAYERS
    ]


def _seconds(levels: Float32) -> float:
    return levels.shape[1] * NETWORK_HOP / SAMPLE_RATE


def _describe(
    peaks: Float32, labels: npt.NDArray[np.int64], samples: Mapping[str, Float32]
) -> list[dict[str, Any]]:
    flat = peaks.reshape(-1, peaks.shape[-1])
    top = np.argsort(-flat, axis=0, kind="stable")[: max(1, round(TOP * len(flat)))]
    genres = np.repeat(labels, peaks.shape[1])[top]
    shares = np.stack([(genres == label).mean(axis=0) for label in range(len(GENRES))])
    return [
        {
            "filter": channel,
            "alive": bool(flat[:, channel].max() > 0),
            "genre": GENRES[int(shares[:, channel].argmax())],
            "purity": round(float(shares[:, channel].max()), 3),
            "passages": _passages({name: found[:, channel] for name, found in samples.items()}),
        }
        for channel in range(flat.shape[1])
    ]


def _passages(answers: Mapping[str, npt.NDArray[np.float32]]) -> Sequence[dict[str, Any]]:
    """Choose the strongest passage of each sample, and of these the strongest."""
    best = sorted(
        ((float(found.max()), name, int(found.argmax())) for name, found in answers.items()),
        reverse=True,
    )
    strongest = best[0][0] if best else 0.0
    return [
        {"sample": name, "start": place * PASSAGE_SECONDS, "share": round(value / strongest, 3)}
        for value, name, place in best[:_PASSAGES]
        if value > 0
    ]
