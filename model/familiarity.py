"""How much a song is like what the network learned from.

A network names a genre whatever it is given, and may be sure of it. So beside the verdict stands
how far the song lies from the songs of training, among the features that the ear goes by: the mean
of YAMNet's answers over time. (The ear's units behind them, which have learned to overlook what
tells no genres apart, take noise for a song of their own.) They are brought down to their few main
components and scaled by how much songs of one genre differ there; what counts is the distance to
the nearest genre's mean (the Mahalanobis distance with one covariance for all classes: K. Lee et
al., "A Simple Unified Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks",
NeurIPS 2018, arXiv 1807.03888). What a distance means is told by the validation songs, which
nothing learned from: the share of them that lie at least as far.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from model.analysis import Analysis
from model.inference.stored import StoredNetwork
from model.networks.shipped import WeightsError, load_stored
from model.networks.trunk import saturated
from model.types import Float32, Float64

# Of the validation songs: fewer than this lie as far, and the song is unlike anything known;
# fewer than that, and it is unusual.
STRANGE: Final = 0.03
UNUSUAL: Final = 0.2


@dataclass(frozen=True)
class Familiarity:
    """How far a song lies from the songs of training.

    Attributes
    ----------
    distance : float
        To the mean of the nearest genre, in standard deviations within genres, as the root of
        the mean square over the components.
    share : float
        Of the validation songs, as many lie at least as far, 0 to 1.
    """

    distance: float
    share: float

    @property
    def is_strange(self) -> bool:
        """Whether hardly any song that the network was tried with is as far from all it knows."""
        return self.share < STRANGE

    @property
    def is_unusual(self) -> bool:
        """Whether few songs are."""
        return self.share < UNUSUAL


def song_features(answers: Float32) -> Float32:
    """Average YAMNet's answers, (columns, channels), from 0 to 1, over time: (channels,)."""
    mean: Float32 = answers.mean(axis=0)
    return mean


@dataclass(frozen=True, eq=False)
class FamiliarityScale:
    """From features of a song to its familiarity.

    Attributes
    ----------
    axes, origin : ndarray of float32, shapes (channels, components) and (components,)
        Features times axes, plus the origin, are coordinates in which songs of one genre spread
        by 1 along every component.
    centres : ndarray of float32, shape (classes, components)
        The mean of every genre's songs there.
    known : ndarray of float64, shape (songs,)
        Distances of the validation songs, the smallest first.
    """

    axes: Float32
    origin: Float32
    centres: Float32
    known: Float64

    def distance(self, features: Float32) -> float:
        """Measure how far features, (channels,), are from the nearest centre."""
        place = features @ self.axes + self.origin
        squares = np.square(place - self.centres).mean(axis=1)
        return float(np.sqrt(squares.min()))

    def of(self, features: Float32) -> Familiarity:
        """Tell how familiar a song with these features, (channels,), is."""
        distance = self.distance(features)
        as_far = len(self.known) - np.searchsorted(self.known, distance)
        return Familiarity(distance, float(as_far) / len(self.known))


def scale_of(network: StoredNetwork, known: Float64) -> FamiliarityScale:
    """Read a scale out of a network with the layers "components" and "centres"."""
    axes, origin = network.layers["components"].weights
    (centres,) = network.layers["centres"].weights
    return FamiliarityScale(axes, origin, centres.T, known)


@lru_cache(maxsize=2)
def _scale_for(protocol: str, trunk: str) -> FamiliarityScale | None:
    """Load the scale of what one protocol's networks learned from, made of these answers."""
    try:
        card, network = load_stored(f"familiarity-{protocol}")
    except WeightsError:
        return None
    if card["trunk"]["sha256"] != trunk:
        return None
    return scale_of(network, np.array(card["known"], np.float64))


def familiarity_of(analysis: Analysis) -> Familiarity | None:
    """Tell how familiar to a network a song is.

    Parameters
    ----------
    analysis : Analysis
        Of the song, by that network.

    Returns
    -------
    Familiarity or None
        None where no ear has listened, or no scale was made for it.
    """
    classifier = analysis.classifier
    if classifier.ear is None or analysis.prediction.answers is None:
        return None
    protocol = classifier.name.rpartition("-")[2]
    scale = _scale_for(protocol, classifier.card["trunk"]["sha256"])
    if scale is None or not len(analysis.yamnet_answers):
        return None
    return scale.of(song_features(saturated(analysis.yamnet_answers)))
