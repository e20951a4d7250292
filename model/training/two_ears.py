"""Train the app's network: a network on pictures and, beside it, the ear.

::

    python -m model.training.two_ears --protocol random --data PATH/TO/GTZAN --songs PATH/TO/SONGS

The head of the network on pictures, trained on GTZAN before, learns on from GTZAN and from songs
of today, as pictures and as altered sound; the ear's dense layer is fitted to the sounds. The
scores of the two are added. How much the ear counts, and how sure the sum is, is fitted on the
validation songs of both data sets, each genre of each counting alike.
"""

import argparse
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax

from model.audio.silence import read_of
from model.audio.spectrogram import log_mel
from model.constants import GENRES, NETWORK_HOP
from model.gtzan.artists import read_artists
from model.gtzan.fingerprint import record
from model.gtzan.labelled_songs import LabelledSong, gtzan_songs, listed_songs, read_sound
from model.gtzan.listed_pictures import listed_pictures
from model.gtzan.pictures import genre_of, load_pictures
from model.gtzan.splits import read_split
from model.networks.classifier import WEIGHTS_FOLDER, read_card
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
from model.training.ear_features import HeardSongs, hear_songs
from model.training.heard_excerpts import HeardExcerpts, hear_sounds, see_pictures
from model.training.pretrained.convert_yamnet import CREDITS, YAMNET_WEIGHTS
from model.training.sound_variation import SoundVariation
from model.training.stored_features import below
from model.training.temperature import fit_temperature
from model.training.tuning import TuningRecipe, tune
from model.types import Float32, Float64

if TYPE_CHECKING:
    import keras

# Of a song from outside: by the ear in training, and where the sum is fitted.
_TRAIN_EXCERPTS: Final = 2
_VALID_EXCERPTS: Final = 1


def picture_scores(network: "keras.Model", levels: Iterable[Sequence[Float32]]) -> Float32:
    """Score songs by a network on pictures.

    Parameters
    ----------
    network : keras.Model
        From levels to scores.
    levels : iterable of sequence of ndarray of float32, shape (N_MELS, frames)
        The excerpts of each song.

    Returns
    -------
    ndarray of float32, shape (songs, classes)
        The mean over a song's excerpts, before the softmax, silence left out.
    """
    return np.stack(
        [
            np.mean(
                [
                    network.predict_on_batch(read_of(one)[np.newaxis, ..., np.newaxis])[0]
                    for one in excerpts
                ],
                axis=0,
            )
            for excerpts in levels
        ]
    ).astype(np.float32)


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


def write_ear(
    folder: Path, name: str, kernel: Float32, bias: Float32, facts: dict[str, Any]
) -> None:
    """Write the dense layer of the ear as a Keras file, with a card of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.keras"
    head_network(kernel, bias).save(target)
    card = {
        "name": name,
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "classes": list(GENRES),
        "architecture": "two-ears",
        **facts,
    }
    write_json(card, target.with_suffix(".json"))


def balanced(songs: Sequence[LabelledSong]) -> Float64:
    """Weigh validation songs so that every genre that is there counts alike, with sum 1."""
    labels = np.array([song.label for song in songs], np.int64)
    counts = np.bincount(labels, minlength=len(GENRES))
    weights: Float64 = 1.0 / counts[labels] / (counts > 0).sum()
    return weights


def known_songs(folder: Path, names: Sequence[str]) -> list[LabelledSong]:
    """List GTZAN's tracks, those with sound with their files and the others with none."""
    with_sound = {song.name: song for song in gtzan_songs(folder, names)}
    artists = read_artists(folder)
    return [
        with_sound.get(name) or LabelledSong(name, genre_of(name), artists.get(name, name), ())
        for name in names
    ]


def heard_for_training(
    network: "keras.Model", trunk: Trunk, data: Path, songs: Path, names: Sequence[str], out: Path
) -> tuple[list[LabelledSong], list[str], list[HeardExcerpts]]:
    """Hear everything that both heads learn from, once.

    Parameters
    ----------
    network : keras.Model
        A flagship.
    trunk : Trunk
        YAMNet.
    data, songs : Path
        GTZAN, and the songs from outside.
    names : sequence of str
        GTZAN's training tracks.
    out : Path
        Where the answers are kept.

    Returns
    -------
    songs : list of LabelledSong
        All of them, those without sound included.
    origins : list of str
        The data set of each.
    versions : list of HeardExcerpts
        What was heard.
    """
    lower = below(network)

    def answer(levels: Float32) -> list[Float32]:
        found = lower.predict_on_batch(levels[np.newaxis, ..., np.newaxis])
        return [np.asarray(each)[0] for each in found]

    own = known_songs(data, names)
    outside = listed_songs(songs, "train")
    pictures = load_pictures(data).of(list(names))
    drawn = listed_pictures(songs, "train")
    sounding = [song for song in own if song.files] + outside
    versions = [
        see_pictures(list(names), pictures.levels, 0, answer, out / "pictures0"),
        see_pictures(
            [picture.name for picture in drawn],
            lambda index: drawn[index].levels,
            0,
            answer,
            out / "outside_pictures",
        ),
        *(
            hear_sounds(sounding, version, answer, trunk, out / f"sound{version}")
            for version in range(1, 1 + EarRecipe.versions)
        ),
    ]
    silent = {picture.song.name: picture.song for picture in drawn}
    everything = [*own, *outside, *silent.values()]
    return everything, ["gtzan"] * len(own) + ["outside"] * (len(everything) - len(own)), versions


def ear_examples(
    clean: HeardSongs,
    versions: Sequence[HeardExcerpts],
    songs: Sequence[LabelledSong],
    origins: Sequence[str],
    recipe: EarRecipe,
) -> tuple[Float32, npt.NDArray[np.int64], Float64]:
    """Put together what the ear learns from: songs with sound, as they are and altered.

    Parameters
    ----------
    clean : HeardSongs
        The songs as they are.
    versions : sequence of HeardExcerpts
        The same songs altered, in the same order.
    songs, origins : sequence of LabelledSong, sequence of str
        The songs, and the data set of each.
    recipe : EarRecipe
        Its `version_share`.

    Returns
    -------
    answers, labels, weights
        As `examples` returns them.
    """
    own = np.arange(len(songs))
    heard = [clean, *(HeardSongs(version.answers, own) for version in versions)]
    return examples(heard, songs, balanced_weights(songs, origins), recipe.version_share)


def pictures_card(
    name: str, weights: Path, recipe: TuningRecipe, training: dict[str, Any], temperature: float
) -> dict[str, Any]:
    """Describe the network on pictures after its head has learned on.

    Parameters
    ----------
    name : str
        Of the network.
    weights : Path
        Its `.keras` file.
    recipe : TuningRecipe
        How it learned.
    training : dict
        Data, command, tracks and what came out on valid.
    temperature : float
        Of its own scores.

    Returns
    -------
    dict
        That of the network it began as, with what has changed.
    """
    card = read_card(f"earmark-{name.rpartition('-')[2]}")
    return {
        **card,
        "name": name,
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "temperature": round(temperature, 4),
        "bytes": weights.stat().st_size,
        "training": {
            **training,
            "began_as": {"name": card["name"], "sha256": card["sha256"]},
            "tuning": asdict(recipe),
            "variation": asdict(SoundVariation()),
        },
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m model.training.two_ears", description=__doc__)
    parser.add_argument("--protocol", choices=("random", "filtered"), default="random")
    parser.add_argument("--data", type=Path, default=Path("../shared/gtzan"))
    parser.add_argument("--songs", type=Path, default=Path("../shared/outside"))
    parser.add_argument("--out", type=Path, default=Path("runs/two-ears"))
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    train(arguments.protocol, arguments.data, arguments.songs, arguments.out, seed=arguments.seed)


def train(
    protocol: str,
    data: Path,
    songs: Path,
    out: Path,
    *,
    seed: int = 0,
    tuning: TuningRecipe | None = None,
    recipe: EarRecipe | None = None,
) -> None:
    """Train both heads of one protocol, and write them with their cards.

    Parameters
    ----------
    protocol : str
        "random" or "filtered".
    data, songs : Path
        GTZAN, and the songs from outside.
    out : Path
        Where to; what was heard is kept in a folder of it.
    seed : int
        Of the head's training.
    tuning, recipe
        How the two heads learn.
    """
    from model.networks.loading import load_network  # noqa: PLC0415  # brings Keras

    tuning, recipe = replace(tuning or TuningRecipe(), seed=seed), recipe or EarRecipe()
    features = out / f"features-{protocol}"
    trunk = Trunk(load_network(YAMNET_WEIGHTS))
    network = load_network(WEIGHTS_FOLDER / f"earmark-{protocol}.keras")
    names = {part: read_split(data, f"{protocol}_{part}") for part in ("train", "valid")}
    everything, origins, versions = heard_for_training(
        network, trunk, data, songs, names["train"], features
    )
    tune(network, everything, balanced_weights(everything, origins), versions, tuning)
    out.mkdir(parents=True, exist_ok=True)
    weights = out / f"pictures-{protocol}.keras"
    network.save(weights)

    sounding = [i for i, song in enumerate(everything) if song.files]
    heard = [everything[i] for i in sounding]
    clean = hear_songs(trunk, heard, features / "train.npz", excerpts=_TRAIN_EXCERPTS)
    kernel, bias = fit_dense(
        *ear_examples(
            clean, versions[-recipe.versions :], heard, [origins[i] for i in sounding], recipe
        ),
        recipe,
    )

    valid = {"gtzan": gtzan_songs(data, names["valid"]), "outside": listed_songs(songs, "valid")}
    pictures = load_pictures(data).of([song.name for song in valid["gtzan"]])
    seen = {
        "gtzan": picture_scores(network, ([pictures.levels(i)] for i in range(len(pictures)))),
        "outside": picture_scores(
            network,
            (
                [log_mel(read_sound(path), NETWORK_HOP) for path in song.files[:_VALID_EXCERPTS]]
                for song in valid["outside"]
            ),
        ),
    }
    by_ear = {
        place: mean_scores(
            hear_songs(trunk, each, features / f"valid-{place}.npz", excerpts=_VALID_EXCERPTS),
            kernel,
            bias,
        )
        for place, each in valid.items()
    }
    finish(
        out,
        protocol,
        weights,
        (kernel, bias),
        valid,
        seen,
        by_ear,
        {
            "songs": {place: origins.count(place) for place in ("gtzan", "outside")},
            "with_sound": len(heard),
            "tracks": record(
                {
                    "train": [song.name for song in everything],
                    "valid": names["valid"] + [song.name for song in valid["outside"]],
                }
            ),
        },
        tuning,
        recipe,
    )


def finish(
    out: Path,
    protocol: str,
    weights: Path,
    ear: tuple[Float32, Float32],
    valid: dict[str, list[LabelledSong]],
    seen: dict[str, Float32],
    by_ear: dict[str, Float32],
    facts: dict[str, Any],
    tuning: TuningRecipe,
    recipe: EarRecipe,
) -> None:
    """Fit the sum on the validation songs, and write both networks' cards.

    Parameters
    ----------
    out, protocol : Path, str
        As for `train`.
    weights : Path
        Of the network on pictures.
    ear : tuple of ndarray
        Kernel and bias of the ear's dense layer.
    valid : dict of str to list of LabelledSong
        Validation songs by data set.
    seen, by_ear : dict of str to ndarray of float32, shape (songs, classes)
        Their scores.
    facts : dict
        What was learned from.
    tuning, recipe
        How.
    """
    counts = np.concatenate([balanced(songs) for songs in valid.values()])
    labels = {
        place: np.array([song.label for song in songs], np.int64) for place, songs in valid.items()
    }
    every = np.concatenate(list(labels.values()))
    factor, temperature = fit_sum(
        np.concatenate(list(seen.values())), np.concatenate(list(by_ear.values())), every, counts
    )
    report: dict[str, dict[str, Any]] = {}
    for place, songs in valid.items():
        report[place] = {"songs": len(songs)}
        for what, each in (
            ("pictures", seen[place]),
            ("ear", by_ear[place]),
            ("both", seen[place] + factor * by_ear[place]),
        ):
            accuracy, mean = recall_by_genre(each, labels[place])
            report[place][what] = {
                "accuracy": round(accuracy, 4),
                "mean_over_genres": round(mean, 4),
            }
        print(place, json.dumps(report[place]), flush=True)
    print(f"the ear counts {factor:.3f}, temperature {temperature:.3f}")
    training = {
        "data": "GTZAN (Tzanetakis and Cook 2002), as log-mel pictures and, for the tracks of "
        "which there is some, as sound; and songs of today from elsewhere, by the genres that "
        "their folders and files name",
        "command": "python -m model.training.two_ears "
        f"--protocol {protocol} --data PATH/TO/GTZAN --songs PATH/TO/SONGS --seed {tuning.seed}",
        **facts,
        "valid": report,
    }
    own = fit_temperature(np.concatenate(list(seen.values())), every)
    card = pictures_card(f"pictures-{protocol}", weights, tuning, training, own)
    write_json(card, weights.with_suffix(".json"))
    kernel, bias = ear
    name = f"two-ears-{protocol}"
    shared = ("classes", "input", "map_cell", "licence", "intended_use", "not_for", "limits")
    write_ear(
        out,
        name,
        np.float32(factor) * kernel,
        np.float32(factor) * bias,
        {
            "temperature": round(temperature, 4),
            "pictures": {"name": card["name"], "sha256": card["sha256"]},
            "trunk": {
                "name": "yamnet",
                "sha256": hashlib.sha256(YAMNET_WEIGHTS.read_bytes()).hexdigest(),
            },
            "training": {
                **training,
                "ear": asdict(recipe),
                "ear_counts": round(factor, 4),
                "variation": asdict(SoundVariation()),
            },
            "starting_weights": [card["starting_weights"], CREDITS],
            **{key: card[key] for key in shared if key != "classes"},
        },
    )


if __name__ == "__main__":
    main()
