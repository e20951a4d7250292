"""Build a classifier with two ears: a trained network on pictures, and the ear beside it.

::

    python -m model.training.two_ears --protocol random --data PATH/TO/GTZAN --songs PATH/TO/SONGS

The scores of the two are added. How much the ear counts, and how sure the sum is, is fitted on
the validation songs of both data sets, each genre of each counting alike.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax

from model.audio.spectrogram import log_mel
from model.constants import GENRES, NETWORK_HOP
from model.gtzan.fingerprint import record
from model.gtzan.labelled_songs import LabelledSong, gtzan_songs, listed_songs, read_sound
from model.gtzan.pictures import Pictures, load_pictures
from model.gtzan.splits import read_split
from model.networks.classifier import Classifier, load_classifier
from model.networks.ear import Trunk
from model.records import write_json
from model.training.ear import (
    EarRecipe,
    balanced_weights,
    examples,
    fit_dense,
    mean_scores,
    recall_by_genre,
)
from model.training.ear_features import hear_songs
from model.training.pretrained.convert_yamnet import CREDITS, YAMNET_WEIGHTS
from model.training.sound_variation import SoundVariation
from model.types import Float32, Float64

if TYPE_CHECKING:
    import keras

# Of a song from outside: in training, and where the sum is fitted.
_TRAIN_EXCERPTS: Final = 2
_VALID_EXCERPTS: Final = 1


def picture_scores(
    classifier: Classifier, songs: Sequence[LabelledSong], pictures: Pictures | None
) -> Float32:
    """Score songs by the network on pictures.

    Parameters
    ----------
    classifier : Classifier
        That network.
    songs : sequence of LabelledSong
        What to score.
    pictures : Pictures or None
        Stored pictures of the songs; None to make them from their sound.

    Returns
    -------
    ndarray of float32, shape (songs, classes)
        The mean over the excerpts, before the softmax.
    """
    if pictures is not None:
        known = pictures.of([song.name for song in songs])
        return np.stack([classifier.predict(known.levels(i)).logits for i in range(len(songs))])
    return np.stack(
        [
            np.mean(
                [
                    classifier.predict(log_mel(read_sound(path), NETWORK_HOP)).logits
                    for path in song.files[:_VALID_EXCERPTS]
                ],
                axis=0,
            )
            for song in songs
        ]
    )


def fit_sum(
    pictures: Float32, ear: Float32, labels: npt.NDArray[np.int64], weights: Float64
) -> tuple[float, float]:
    """Find how much the ear counts, and the temperature of the sum.

    Parameters
    ----------
    pictures, ear : ndarray of float32, shape (songs, classes)
        Scores of the two, of songs that neither learned from.
    labels : ndarray of int64, shape (songs,)
        Their genres.
    weights : ndarray of float64, shape (songs,)
        How much each song counts.

    Returns
    -------
    share : float
        What the ear's scores are multiplied by before they are added.
    temperature : float
        What the sum is divided by, so that the true genres are most likely.
    """
    share = weights / weights.sum()

    def loss(exponents: Float64) -> float:
        factor, temperature = np.exp(exponents)
        scores = log_softmax((pictures + factor * ear) / temperature, axis=1)
        return -float(share @ scores[np.arange(len(labels)), labels])

    found = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    factor, temperature = np.exp(found)
    return float(factor), float(temperature)


def head_network(kernel: Float32, bias: Float32) -> "keras.Model":
    """Put the dense layer into a Keras network, from mean answers to scores."""
    import keras  # noqa: PLC0415  # takes seconds

    answers = keras.Input((kernel.shape[0],), name="mean_answers")
    dense = keras.layers.Dense(kernel.shape[1], name="genre")
    network = keras.Model(answers, dense(answers), name="ear")
    dense.set_weights([kernel, bias])
    return network


def write(folder: Path, name: str, kernel: Float32, bias: Float32, facts: dict[str, Any]) -> None:
    """Write the dense layer as a Keras file, with a card of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.keras"
    head_network(kernel, bias).save(target)
    card = {
        "name": name,
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "classes": list(GENRES),
        "architecture": "two-ears",
        **facts,
        "starting_weights": CREDITS,
        "licence": "MIT",
    }
    write_json(card, target.with_suffix(".json"))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m model.training.two_ears", description=__doc__)
    parser.add_argument("--protocol", choices=("random", "filtered"), default="random")
    parser.add_argument("--data", type=Path, default=Path("../shared/gtzan"))
    parser.add_argument("--songs", type=Path, default=Path("../shared/outside"))
    parser.add_argument("--out", type=Path, default=Path("runs/two-ears"))
    parser.add_argument("--versions", type=int, default=EarRecipe.versions)
    parser.add_argument("--penalty", type=float, default=EarRecipe.penalty)
    arguments = parser.parse_args()
    recipe = EarRecipe(penalty=arguments.penalty, versions=arguments.versions)

    from model.networks.loading import load_network  # noqa: PLC0415  # brings Keras

    trunk = Trunk(load_network(YAMNET_WEIGHTS))
    names = {
        part: read_split(arguments.data, f"{arguments.protocol}_{part}")
        for part in ("train", "valid")
    }
    own = {part: gtzan_songs(arguments.data, names[part]) for part in names}
    outside = {part: listed_songs(arguments.songs, part) for part in names}
    features = arguments.out / "features"

    def hear(songs: list[LabelledSong], of: str, excerpts: int | None = None) -> Any:
        return hear_songs(trunk, songs, features / f"{of}.npz", excerpts=excerpts)

    train = own["train"] + outside["train"]
    origins = ["gtzan"] * len(own["train"]) + ["outside"] * len(outside["train"])
    versions = [hear(train, "train", _TRAIN_EXCERPTS)] + [
        hear_songs(trunk, train, features / f"train-version{version}.npz", version=version)
        for version in range(1, recipe.versions + 1)
    ]
    kernel, bias = fit_dense(
        *examples(versions, train, balanced_weights(train, origins), recipe.version_share), recipe
    )

    classifier = load_classifier(f"earmark-{arguments.protocol}")
    pictures = load_pictures(arguments.data)
    scores, labels, weights = [], [], []
    report: dict[str, dict[str, Any]] = {}
    for place, songs, known in (
        ("gtzan", own["valid"], pictures),
        ("outside", outside["valid"], None),
    ):
        by_ear = mean_scores(hear(songs, f"valid-{place}", _VALID_EXCERPTS), kernel, bias)
        by_picture = picture_scores(classifier, songs, known)
        label = np.array([song.label for song in songs], np.int64)
        counts = np.bincount(label, minlength=len(GENRES))
        scores.append((by_picture, by_ear))
        labels.append(label)
        weights.append(1.0 / counts[label] / (counts > 0).sum())
        report[place] = {"songs": len(songs)}
    by_pictures, by_ears = zip(*scores, strict=True)
    factor, temperature = fit_sum(
        np.concatenate(by_pictures),
        np.concatenate(by_ears),
        np.concatenate(labels),
        np.concatenate(weights),
    )
    for (place, figures), (by_picture, by_ear), label in zip(
        report.items(), scores, labels, strict=True
    ):
        for what, each in (
            ("pictures", by_picture),
            ("ear", by_ear),
            ("both", by_picture + factor * by_ear),
        ):
            accuracy, mean = recall_by_genre(each, label)
            figures[what] = {"accuracy": round(accuracy, 4), "mean_over_genres": round(mean, 4)}
        print(place, json.dumps(figures), flush=True)
    print(f"the ear counts {factor:.3f}, temperature {temperature:.3f}")
    write(
        arguments.out,
        f"two-ears-{arguments.protocol}",
        np.float32(factor) * kernel,
        np.float32(factor) * bias,
        {
            "temperature": round(temperature, 4),
            "pictures": {"name": classifier.name, "sha256": classifier.sha256},
            "trunk": {
                "name": "yamnet",
                "sha256": hashlib.sha256(YAMNET_WEIGHTS.read_bytes()).hexdigest(),
            },
            "training": {
                "data": "the tracks of GTZAN (Tzanetakis and Cook 2002) of which there is sound, "
                "and songs of today from elsewhere, by their folders' and files' labels",
                "command": "python -m model.training.two_ears "
                f"--protocol {arguments.protocol} --data PATH/TO/GTZAN --songs PATH/TO/SONGS "
                f"--versions {recipe.versions} --penalty {recipe.penalty:g}",
                "songs": {
                    place: len(songs["train"])
                    for place, songs in (("gtzan", own), ("outside", outside))
                },
                "penalty": recipe.penalty,
                "versions": recipe.versions,
                "version_share": recipe.version_share,
                "variation": asdict(SoundVariation()) if recipe.versions else None,
                "ear_counts": round(factor, 4),
                "tracks": record(
                    {part: names[part] + [song.name for song in outside[part]] for part in names}
                ),
                "valid": report,
            },
        },
    )


if __name__ == "__main__":
    main()
