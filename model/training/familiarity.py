"""Learn how far songs of training lie from each other, to tell how familiar another one is.

::

    python -m model.training.familiarity --data PATH/TO/GTZAN --songs PATH/TO/SONGS

It hears the songs that the ear, from `model.training.two_ears`, learned from: what that heard, in
a folder of `--out`, is not heard again. The ear itself only tells which validation songs are named
wrong.
"""

import hashlib
from pathlib import Path
from typing import Final

import keras
import numpy as np
import numpy.typing as npt
from keras import layers
from sklearn.metrics import roc_auc_score

from model.constants import GENRES
from model.familiarity import FamiliarityScale, scale_of, song_features
from model.gtzan.labelled_songs import gtzan_songs, listed_songs
from model.gtzan.splits import read_split
from model.networks.assembled import load_classifier
from model.networks.loading import described
from model.records import write_json
from model.training.ear import balanced_weights, ear_scores
from model.training.ear_features import HeardSongs, by_last_layer
from model.training.tuned_pictures import DATA, read_arguments
from model.training.two_ears import TRAIN_EXCERPTS, Listener, listeners
from model.types import Float32, Float64

# Of 8, 16, 32, 64 and 128, with which wrong verdicts were told from right ones about best on
# validation songs (AUC 0.76 of GTZAN's and 0.68 of songs of today) and noise was unlike any.
COMPONENTS: Final = 64
# Added to the variance within genres.
_LEAST: Final = 1e-3


def features_of(heard: HeardSongs) -> Float32:
    """Average YAMNet's answers over time and over the excerpts of every song, (songs, channels)."""
    return np.stack(
        [
            np.mean([song_features(each.astype(np.float32)) for each in excerpts], axis=0)
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
    features : ndarray of float32, shape (songs, channels)
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
    """Measure how far songs, (songs, channels), are from the nearest genre, (songs,)."""
    return np.array([scale.distance(each) for each in features])


def train(protocol: str, data: Path, songs: Path, out: Path) -> None:
    """Make the scale of one protocol's ear, and write it with its card."""
    classifier = load_classifier(f"two-ears-{protocol}")
    if classifier.ear is None:
        raise ValueError(f"{classifier.name} has no ear.")
    ear, features = classifier.ear, out / "features"
    last = Listener(by_last_layer(ear.trunk), "last", features)
    own = gtzan_songs(data, read_split(data, f"{protocol}_train"))
    outside = listed_songs(songs, "train")
    labels = np.array([song.label for song in [*own, *outside]], np.int64)
    origins = ["gtzan"] * len(own) + ["outside"] * len(outside)
    learned = learn_scale(
        features_of(last.songs([*own, *outside], "train", excerpts=TRAIN_EXCERPTS)),
        labels,
        balanced_weights([*own, *outside], origins),
    )
    scale = scale_of(described(learned), np.zeros(0))
    valid = {
        "gtzan": gtzan_songs(data, read_split(data, f"{protocol}_valid")),
        "outside": listed_songs(songs, "valid"),
    }
    known, report = [], {}
    yamnet, tagger = (listener.in_validation(valid) for listener in listeners(features))
    for place, answers in last.in_validation(valid).items():
        each = valid[place]
        far = distances(scale, features_of(answers))
        scores = ear_scores(ear.weights, yamnet[place])
        if ear.tagger_weights is not None:
            scores = scores + ear_scores(ear.tagger_weights, tagger[place])
        wrong = scores.argmax(axis=1) != np.array([song.label for song in each])
        report[place] = {
            "songs": len(each),
            "auc_of_wrong": round(float(roc_auc_score(wrong, far)), 3),
        }
        print(place, report[place])
        known += far.tolist()
    name = f"familiarity-{protocol}"
    target = out / f"{name}.keras"
    learned.save(target)
    write_json(
        {
            "name": name,
            "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
            "bytes": target.stat().st_size,
            "trunk": {key: classifier.card["trunk"][key] for key in ("name", "sha256")},
            "components": COMPONENTS,
            "training": {
                "data": DATA,
                "command": f"python -m model.training.familiarity --protocol {protocol} "
                "--data PATH/TO/GTZAN --songs PATH/TO/SONGS",
                "songs": {"gtzan": len(own), "outside": len(outside)},
                "valid": report,
            },
            "known": [round(each, 4) for each in sorted(known)],
            "licence": classifier.card["licence"],
        },
        target.with_suffix(".json"),
    )


def main() -> None:
    """Run from the command line."""
    given = read_arguments("python -m model.training.familiarity", __doc__, Path("runs/two-ears"))
    train(given.protocol, given.data, given.songs, given.out)


if __name__ == "__main__":
    main()
