"""A verdict in parts: what each part of a genre adds to its score, as map, as sound, or off.

The parts of a genre were learned once, by `python -m model.training.parts`, from what the network
makes of songs that it learned from, so a part means the same in every song. The network has two
heads whose scores are added, and each head has parts of its own: those of the network on pictures
lie at places of its own map, those of the ear on the ear's four rows of pitch.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from model.analysis import Analysis
from model.audio.excerpt import Excerpt
from model.audio.masking import split
from model.constants import FINE_HOP, NETWORK_HOP
from model.explain.cam import cam
from model.explain.grid import MapGrid, RelevanceMap
from model.explain.parts import divide
from model.genres import Verdict
from model.networks.classifier import Classifier, softmax
from model.networks.places import across
from model.networks.shipped import WEIGHTS_FOLDER, WeightsError
from model.types import Float32, Float64

# The heads that have parts, in the order of a genre's list.
PICTURES, EAR = "pictures", "ear"


@dataclass(frozen=True, eq=False)
class PartsDictionary:
    """The parts of every genre.

    Attributes
    ----------
    card : mapping
        What they were learned from and how; under "genres" the facts about each part.
    made_of : mapping of (str, str) to ndarray of float32, shape (parts, channels)
        By genre and head, what each part is made of.
    """

    card: Mapping[str, Any]
    made_of: Mapping[tuple[str, str], Float32]

    def facts(self, genre: str) -> tuple[Mapping[str, Any], ...]:
        """List the facts about a genre's parts, those of the network on pictures first."""
        return tuple(self.card["genres"][genre])


def dictionary_name(network: str) -> str:
    """Name the files, without their endings, of the parts of a network."""
    return f"parts-of-{network}"


def load_dictionary(
    classifier: Classifier, folder: Path = WEIGHTS_FOLDER
) -> PartsDictionary | None:
    """Load the parts that were learned for a network, checked by their SHA-256.

    Parameters
    ----------
    classifier : Classifier
        The network.
    folder : Path
        Where the files lie.

    Returns
    -------
    PartsDictionary or None
        None if none were learned for a network of that name.

    Raises
    ------
    WeightsError
        If the file is damaged, or the parts are those of other weights.
    """
    path = folder / f"{dictionary_name(classifier.name)}.npz"
    return _load(path, own_hashes(classifier)) if path.is_file() else None


def own_hashes(classifier: Classifier) -> tuple[str, str]:
    """Return the SHA-256 of a network's weights, and of the network on pictures inside it."""
    return classifier.sha256, (classifier.eyes or classifier).sha256


# Under 1 MB each.
@lru_cache(maxsize=4)
def _load(path: Path, hashes: tuple[str, str]) -> PartsDictionary:
    data, card_path = path.read_bytes(), path.with_suffix(".json")
    if not card_path.is_file():
        raise WeightsError(f"The card {card_path.name} is missing from model/weights.")
    card = json.loads(card_path.read_text(encoding="utf-8"))
    digest = hashlib.sha256(data).hexdigest()
    if digest != card["sha256"]:
        raise WeightsError(
            f"The parts {path.name} are not those of their card: their SHA-256 is {digest}, the "
            f"card says {card['sha256']}. Fetch the repository again."
        )
    if (card["network"]["sha256"], card["network"]["pictures_sha256"]) != hashes:
        raise WeightsError(
            f"The parts {path.name} were learned for other weights of {card['network']['name']} "
            f"than those that are here. This learns them anew: {card['command']}"
        )
    made_of = {}
    with np.load(path, allow_pickle=False) as stored:
        for key in stored.files:
            genre, _, head = key.partition(" ")
            made_of[genre, head] = stored[key].astype(np.float32)
    return PartsDictionary(card, made_of)


@dataclass(frozen=True, eq=False)
class VerdictParts:
    """The parts of one genre in one excerpt.

    Attributes
    ----------
    genre : str
        One of `genres`.
    genres : tuple of str
        The network's.
    facts : tuple of mapping
        What the card says of each part.
    grid : MapGrid
        Where the cells of the maps lie.
    maps : ndarray of float32, shape (parts, rows, columns)
        What each part adds to the score at every place; not negative.
    remainder : ndarray of float32, shape (rows, columns)
        The class activation map less all parts: what speaks against the genre, and what the ear
        adds to it wherever there is sound.
    carried : ndarray of float32, shape (parts, classes)
        What each part adds to the score of every genre.
    against : float
        What speaks against the genre, not positive, in units of the score.
    misplaced : mapping of str to float
        Of each head, how much its parts leave undescribed: see `model.explain.parts.Divided`.
    logits : ndarray of float32, shape (classes,)
        The scores of the whole before the softmax.
    temperature : float
        What scores are divided by before the softmax.
    """

    genre: str
    genres: tuple[str, ...]
    facts: tuple[Mapping[str, Any], ...]
    grid: MapGrid
    maps: Float32
    remainder: Float32
    carried: Float32
    against: float
    misplaced: Mapping[str, float]
    logits: Float32
    temperature: float

    def __len__(self) -> int:
        """Count the parts."""
        return len(self.maps)

    @property
    def index(self) -> int:
        """Which of the genres it is."""
        return self.genres.index(self.genre)

    @property
    def score(self) -> float:
        """The genre's score before the softmax."""
        return float(self.logits[self.index])

    @cached_property
    def added(self) -> Float64:
        """What each part adds to the score, (parts,): the mean of its map."""
        added: Float64 = self.maps.mean(axis=(1, 2), dtype=np.float64)
        return added

    @property
    def start(self) -> float:
        """What the genre begins with, whatever the song: parts, against and start are the score."""
        return self.score - float(self.added.sum()) - self.against

    def scores_without(self, gone: Collection[int]) -> Float32:
        """Compute the scores of all genres without some parts, (classes,); nothing is asked."""
        return self.logits - self.carried[sorted(gone)].sum(axis=0, dtype=np.float32)

    def without(self, gone: Collection[int]) -> Verdict:
        """Judge without some parts.

        Parameters
        ----------
        gone : collection of int
            Which.

        Returns
        -------
        Verdict
            Of what is left; the network is not asked.
        """
        return Verdict(self.genres, softmax(self.scores_without(gone), self.temperature))

    def map_of(self, shown: Collection[int]) -> RelevanceMap:
        """Add up the maps of some parts."""
        return RelevanceMap(self.maps[sorted(shown)].sum(axis=0, dtype=np.float32), self.grid)

    @property
    def every(self) -> RelevanceMap:
        """All that speaks for the genre: the sum of the maps of all parts."""
        return self.map_of(range(len(self)))

    def share(self, shown: Collection[int], n_frames: int) -> Float32:
        """Compute which share of what speaks for the genre is that of some parts, place by place.

        Parameters
        ----------
        shown : collection of int
            Which parts.
        n_frames : int
            Of the excerpt's spectrogram, at FINE_HOP.

        Returns
        -------
        ndarray of float32, shape (N_MELS, n_frames)
            From 0 to 1. The shares of all parts sum to 1 wherever anything speaks for the genre.
        """
        frames = np.arange(n_frames) * (FINE_HOP / NETWORK_HOP)
        every, own = self.every.at(frames), self.map_of(shown).at(frames)
        found: Float32 = np.divide(own, every, out=np.zeros_like(own), where=every > 0)
        return np.minimum(found, np.float32(1))

    def sound(self, shown: Collection[int], excerpt: Excerpt, mask: Float32) -> Float32:
        """Compute what some parts keep of the sound.

        Parameters
        ----------
        shown : collection of int
            Which parts.
        excerpt : Excerpt
            What was judged.
        mask : ndarray of float32, shape (N_MELS, frames)
            What is kept altogether, in [0, 1]; it is divided among the parts by their shares.

        Returns
        -------
        ndarray of float32, shape (samples,)
            The sounds of all parts add up to the sound of the mask wherever anything speaks for
            the genre.
        """
        shared = mask * self.share(shown, mask.shape[1])
        return split(excerpt.waveform, excerpt.stft, shared).kept


def divide_verdict(analysis: Analysis, dictionary: PartsDictionary, genre: str) -> VerdictParts:
    """Divide what speaks for a genre among its parts.

    Parameters
    ----------
    analysis : Analysis
        Of an excerpt.
    dictionary : PartsDictionary
        From `load_dictionary`, of the same network.
    genre : str
        One of the network's genres.

    Returns
    -------
    VerdictParts
        The parts of the genre in this excerpt.
    """
    classifier, prediction = analysis.classifier, analysis.prediction
    index = classifier.genres.index(genre)
    eyes = classifier.eyes or classifier
    rows, columns, _ = prediction.feature_maps.shape
    seen = prediction.feature_maps[..., : len(eyes.kernel)].reshape(rows * columns, -1)
    units = classifier.units_heard(analysis.excerpt.waveform, prediction)
    ear_rows, _, n_units = units.shape
    heard = units.reshape(ear_rows * columns, n_units)
    maps, carried, against = [], [], 0.0
    misplaced: dict[str, float] = {}
    for head, features, kernel in (
        (PICTURES, seen, eyes.kernel),
        (EAR, heard, classifier.ear.kernel if classifier.ear else None),
    ):
        made_of = dictionary.made_of.get((genre, head))
        if made_of is None or kernel is None:
            continue
        found = divide(features, kernel, index, made_of)
        maps.append(_over_rows(found.maps.reshape(len(made_of), -1, columns), rows))
        carried.append(found.carried)
        misplaced[head] = found.misplaced
        against += float(features.mean(axis=0, dtype=np.float64) @ np.minimum(kernel[:, index], 0))
    every = np.concatenate(maps)
    whole = cam(prediction.feature_maps, classifier.kernel)[index]
    return VerdictParts(
        genre,
        classifier.genres,
        dictionary.facts(genre),
        classifier.grid,
        every,
        whole - every.sum(axis=0),
        np.concatenate(carried),
        against,
        misplaced,
        prediction.logits,
        classifier.temperature,
    )


def _over_rows(maps: Float32, rows: int) -> Float32:
    """Spread maps, (parts, own rows, columns), over more rows, and keep what each adds."""
    spread: Float32 = np.einsum("mr,prc->pmc", across(maps.shape[1], rows), maps, optimize=True)
    before, after = (
        each.mean(axis=(1, 2), keepdims=True, dtype=np.float64) for each in (maps, spread)
    )
    scale = np.divide(before, after, out=np.ones_like(after), where=after > 0)
    return spread * scale.astype(np.float32)
