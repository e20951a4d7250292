"""Whether the parts of a verdict mean something, by their stability and by what they carry.

A part is worth its name if it is found again from other draws and from other songs, and if what
is taken away with it matters more than as much taken away elsewhere. In the network's own last
layer the second holds by construction for the genre's score, so it is asked of the sound: the
song is heard anew without the places where a part is strong, beside the song without as many
places in the same shape elsewhere. Only a part of the network on pictures has such places: an
ear's part lies on wide ranges of pitch, and to take it away would make moments softer, no more.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from model.analysis import analyse
from model.audio.clip import Clip
from model.audio.excerpt import prepare
from model.audio.masking import mask_from_relevance, split
from model.constants import FINE_HOP, NETWORK_HOP, SAMPLE_RATE
from model.gtzan.labelled_songs import LabelledSong, read_sound
from model.networks.classifier import Classifier
from model.training.heard_excerpts import filled
from model.training.part_songs import HeardSong
from model.training.parts import PartsRecipe, kernels_of, speaking_for
from model.types import Float32
from model.uncertainty import bootstrap, clustered
from model.verdict_parts import PICTURES, PartsDictionary, divide_verdict

# Of each test song, from its middle; what is shorter than the second is repeated to it.
SECONDS: Final = 10.0
_LEAST_SECONDS: Final = 6.0
# Of other draws, beside the parts that ship.
SEEDS: Final = 1
# Of a song, the parts of the network on pictures that add most.
_STRONGEST: Final = 1


def matched_cosine(parts: Float32, others: Float32) -> tuple[float, float]:
    """Pair parts with those of another dictionary, and say how alike they are.

    Parameters
    ----------
    parts, others : ndarray of float32, shape (parts, channels)
        What they are made of.

    Returns
    -------
    matched : float
        Mean cosine of the pairs, for the pairing with the highest.
    mixed_up : float
        Mean cosine of all other pairs.
    """
    lengths = [np.linalg.norm(each, axis=1) for each in (parts, others)]
    cosines = parts @ others.T / np.maximum(np.outer(*lengths), 1e-12)
    rows, columns = linear_sum_assignment(-cosines)
    matched = cosines[rows, columns]
    rest = cosines.sum() - matched.sum()
    return float(matched.mean()), float(rest / max(cosines.size - len(matched), 1))


def stability(
    songs: Mapping[str, Sequence[HeardSong]], classifier: Classifier, dictionary: PartsDictionary
) -> dict[str, Any]:
    """Learn the parts again from other draws, and from halves of the songs.

    Parameters
    ----------
    songs : mapping of str to sequence of HeardSong
        What the dictionary was learned from, by genre.
    classifier : Classifier
        The network.
    dictionary : PartsDictionary
        Its parts.

    Returns
    -------
    dict
        By head: "seeds" and "halves", each with the mean cosine of pairs over the genres,
        "value" with its interval, and "mixed_up", that of parts that are not a pair. No artist
        or source is in both halves.
    """
    found: dict[str, Any] = {}
    recipe = PartsRecipe(**dictionary.card["recipe"])
    for head, kernel in kernels_of(classifier).items():
        pairs: dict[str, list[tuple[float, float]]] = {"seeds": [], "halves": []}
        for genre, own in songs.items():
            speaking = speaking_for(own, head, kernel, genre)
            shipped = dictionary.made_of[genre, head]
            pairs["seeds"] += [
                matched_cosine(shipped, recipe.learn(head, speaking, recipe.seed + seed))
                for seed in range(1, 1 + SEEDS)
            ]
            learned = [
                recipe.learn(head, [speaking[i] for i in half], recipe.seed)
                for half in _halves([song.group for song in own])
            ]
            pairs["halves"].append(matched_cosine(learned[0], learned[1]))
        found[head] = {
            name: {
                **bootstrap(np.array([pair[0] for pair in each]), 0),
                "mixed_up": round(float(np.mean([pair[1] for pair in each])), 4),
            }
            for name, each in pairs.items()
        }
    return found


def _halves(groups: Sequence[str]) -> tuple[list[int], list[int]]:
    """Split songs in two, the songs of one group on one side."""
    sides: dict[str, int] = {}
    counts = [0, 0]
    for group in groups:
        if group not in sides:
            sides[group] = int(counts[1] < counts[0])
        counts[sides[group]] += 1
    first = [place for place, group in enumerate(groups) if sides[group] == 0]
    return first, [place for place in range(len(groups)) if place not in set(first)]


def removal(
    songs: Sequence[LabelledSong],
    classifier: Classifier,
    dictionary: PartsDictionary,
    most: int,
    seed: int,
) -> dict[str, Any]:
    """Take parts away from songs that the network did not learn from.

    Parameters
    ----------
    songs : sequence of LabelledSong
        With sound.
    classifier : Classifier
        The network.
    dictionary : PartsDictionary
        Its parts.
    most : int
        Songs that are drawn of them, at most.
    seed : int
        Of the songs, and of where as much is taken away.

    Returns
    -------
    dict
        Means over songs with intervals over artists or sources, all for the genre that the
        network hears: what is lost of the log-odds without the places of a part, "sound_part",
        and without as many elsewhere, "sound_moved", with the energies taken; the same in the
        last layer, "head_part", beside as much of all parts alike, "head_alike"; the sum of the
        "parts", what is "against", and the "start" of the "score"; and what the parts, or
        one part a head, leave "misplaced".
    """
    rng = np.random.default_rng(seed)
    songs = [songs[index] for index in rng.permutation(len(songs))[:most]]
    rows = [_take_away(song, classifier, dictionary, rng) for song in songs]
    groups = [song.group for song in songs]
    names = {name for row in rows for name in row}
    return {
        "songs": len(songs),
        **{
            name: clustered(np.array([row[name] for row in rows], np.float64), groups)
            for name in sorted(names)
        },
    }


def _take_away(
    song: LabelledSong,
    classifier: Classifier,
    dictionary: PartsDictionary,
    rng: np.random.Generator,
) -> dict[str, float]:
    sound = read_sound(song.files[0])
    size = round(SECONDS * SAMPLE_RATE)
    start = max(0, (len(sound) - size) // 2)
    middle = filled(sound[start : start + size], round(_LEAST_SECONDS * SAMPLE_RATE))
    excerpt = prepare(Clip(np.asarray(middle, np.float32), name=song.name, sha256=song.name))
    analysis = analyse(excerpt, classifier)
    genre = classifier.genres[int(analysis.prediction.logits.argmax())]
    parts = divide_verdict(analysis, dictionary, genre)

    def odds(logits: Float32) -> float:
        others = np.delete(np.asarray(logits, np.float64) / parts.temperature, parts.index)
        return float(logits[parts.index] / parts.temperature - np.logaddexp.reduce(others))

    before = odds(parts.logits)
    everything, total = parts.carried.sum(axis=0), max(float(parts.added.sum()), 1e-9)
    lost: dict[str, list[float]] = {}
    frames = np.arange(excerpt.log_mel.shape[1]) * (FINE_HOP / NETWORK_HOP)
    seen = [part for part, facts in enumerate(parts.facts) if facts["head"] == PICTURES]
    for part in sorted(seen, key=lambda part: -parts.added[part])[:_STRONGEST]:
        places = mask_from_relevance(parts.map_of([part]).at(frames))
        shift = int(rng.integers(len(frames) // 4, 3 * len(frames) // 4 + 1))
        moved = np.roll(places, (len(places) // 2, shift), axis=(0, 1))
        for name, mask in (("part", places), ("moved", moved)):
            sounds = split(excerpt.waveform, excerpt.stft, mask)
            heard = odds(classifier.hear(sounds.rest).logits)
            lost.setdefault(f"sound_{name}", []).append(before - heard)
            lost.setdefault(f"energy_{name}", []).append(sounds.kept_share)
        alike = everything * np.float32(parts.added[part] / total)
        lost.setdefault("head_part", []).append(before - odds(parts.scores_without([part])))
        lost.setdefault("head_alike", []).append(before - odds(parts.logits - alike))
    single = divide_verdict(analysis, _single(dictionary), genre)
    return {
        **{name: float(np.mean(values)) for name, values in lost.items()},
        "score": parts.score,
        "parts": total,
        "against": parts.against,
        "start": parts.start,
        **{f"misplaced_{head}": value for head, value in parts.misplaced.items()},
        **{f"misplaced_by_one_{head}": value for head, value in single.misplaced.items()},
    }


def _single(dictionary: PartsDictionary) -> PartsDictionary:
    """Put one part in the place of all those of a genre and a head: their mean."""
    means = {
        key: made_of.mean(axis=0, keepdims=True) for key, made_of in dictionary.made_of.items()
    }
    return PartsDictionary(dictionary.card, means)
