"""Learn how far songs of training lie from each other, to tell how familiar another one is.

::

    python -m model.training.familiarity --protocol random --data PATH/TO/GTZAN --songs PATH/TO/SONGS

Needs the ear, from `model.training.two_ears`, in model/weights, and hears the same songs: what
that heard, in a folder of `--out`, is not heard again.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from model.constants import GENRES
from model.familiarity import FamiliarityScale, scale_of, song_features
from model.gtzan.labelled_songs import LabelledSong, gtzan_songs, listed_songs
from model.gtzan.splits import read_split
from model.networks.classifier import load_checked, load_trunk
from model.networks.ear import EarWeights, ear_weights
from model.records import write_json
from model.training.ear import balanced_weights
from model.training.ear_features import HeardSongs, hear_songs
from model.training.tuned_pictures import DATA, read_arguments
from model.training.two_ears import TRAIN_EXCERPTS, VALID_EXCERPTS
from model.types import Float32, Float64

# Of 8, 16, 32 and 64, the one that told wrong verdicts from right ones best on validation songs.
COMPONENTS: Final = 16
# Added to the variance within genres.
_LEAST: Final = 1e-3


def features_of(weights: EarWeights, heard: HeardSongs) -> Float32:
    """Average the ear's units over time and over the excerpts of every song, (songs, units)."""
    return np.stack(
        [
            np.mean([song_features(weights, each.astype(np.float32)) for each in excerpts], axis=0)
            for excerpts in heard.excerpts
        ]
    )


def learn_scale(
    features: Float32,
    labels: npt.NDArray[np.int64],
    weights: Float64,
    components: int = COMPONENTS,
) -> keras.Model:
    """Find the main components, how far songs of a genre spread there, and the genres' means.

    Parameters
    ----------
    features : ndarray of float32, shape (songs, units)
        Of the training songs.
    labels : ndarray of int64, shape (songs,)
        Their genres; every one is there.
    weights : ndarray of float64, shape (songs,)
        How much each counts, with sum 1.
    components : int
        How many to keep.

    Returns
    -------
    keras.Model
        With the layers "components" and "centres", for `scale_of`.
    """
    root = np.sqrt(weights)[:, np.newaxis]
    mean = weights @ features
    _, lengths, directions = np.linalg.svd(root * (features - mean), full_matrices=False)
    axes = (directions[:components] / lengths[:components, np.newaxis]).T
    places = (features - mean) @ axes
    centres = np.stack(
        [
            np.average(places[labels == label], axis=0, weights=weights[labels == label])
            for label in range(len(GENRES))
        ]
    )
    around = root * (places - centres[labels])
    within = around.T @ around + _LEAST * np.eye(components)
    # Coordinates in which the covariance within genres is the identity.
    whiten = np.linalg.inv(np.linalg.cholesky(within)).T
    return _network(axes @ whiten, -mean @ axes @ whiten, centres @ whiten)


def _network(axes: Float64, origin: Float64, centres: Float64) -> keras.Model:
    features = keras.Input((len(axes),), name="features")
    place = layers.Dense(axes.shape[1], name="components")
    nearness = layers.Dense(len(centres), use_bias=False, name="centres")
    network = keras.Model(features, nearness(place(features)), name="familiarity")
    place.set_weights([axes, origin])
    nearness.set_weights([centres.T])
    return network


def distances(scale: FamiliarityScale, features: Float32) -> Float64:
    """Measure how far songs, (songs, units), are from the nearest genre, (songs,)."""
    return np.array([scale.distance(each) for each in features])


def told_apart(distance: Float64, wrong: npt.NDArray[np.bool_]) -> float:
    """Compute how often a wrong verdict's song lies further than a right one's (the AUC)."""
    further = distance[wrong][:, np.newaxis] - distance[~wrong]
    return float(((further > 0) + 0.5 * (further == 0)).mean())


def train(protocol: str, data: Path, songs: Path, out: Path) -> None:
    """Make the scale of one protocol's ear, and write it with its card."""
    card, network = load_checked(f"two-ears-{protocol}")
    ear = ear_weights(network)
    _, trunk = load_trunk()
    heard_in = out / "features"

    def heard(name: str, found: Sequence[LabelledSong], excerpts: int) -> Float32:
        return features_of(ear, hear_songs(trunk, found, heard_in / name, excerpts=excerpts))

    own = gtzan_songs(data, read_split(data, f"{protocol}_train"))
    outside = listed_songs(songs, "train")
    labels = np.array([song.label for song in [*own, *outside]], np.int64)
    origins = ["gtzan"] * len(own) + ["outside"] * len(outside)
    learned = learn_scale(
        heard("train.npz", [*own, *outside], TRAIN_EXCERPTS),
        labels,
        balanced_weights([*own, *outside], origins),
    )
    scale = scale_of(learned, np.zeros(0))
    valid = {
        "gtzan": gtzan_songs(data, read_split(data, f"{protocol}_valid")),
        "outside": listed_songs(songs, "valid"),
    }
    known, report = [], {}
    for place, each in valid.items():
        features = heard(f"valid-{place}.npz", each, VALID_EXCERPTS)
        far = distances(scale, features)
        verdicts = (features @ ear.kernel + ear.bias).argmax(axis=1)
        wrong = verdicts != np.array([song.label for song in each])
        report[place] = {"songs": len(each), "auc_of_wrong": round(told_apart(far, wrong), 3)}
        print(place, report[place])
        known += far.tolist()
    name = f"familiarity-two-ears-{protocol}"
    target = out / f"{name}.keras"
    learned.save(target)
    write_json(
        {
            "name": name,
            "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
            "bytes": target.stat().st_size,
            "ear": {key: card[key] for key in ("name", "sha256")},
            "components": COMPONENTS,
            "training": {
                "data": DATA,
                "command": f"python -m model.training.familiarity --protocol {protocol} "
                "--data PATH/TO/GTZAN --songs PATH/TO/SONGS",
                "songs": {"gtzan": len(own), "outside": len(outside)},
                "valid": report,
            },
            "known": [round(each, 4) for each in sorted(known)],
            "licence": card["licence"],
        },
        target.with_suffix(".json"),
    )


def main() -> None:
    """Run from the command line."""
    given = read_arguments("python -m model.training.familiarity", __doc__, Path("runs/two-ears"))
    train(given.protocol, given.data, given.songs, given.out)


if __name__ == "__main__":
    main()
