"""Train the ear of the app's network, and put it beside the network on pictures.

::

    python -m model.training.two_ears --protocol random --data PATH/TO/GTZAN --songs PATH/TO/SONGS

The ear learns from the songs of GTZAN that have sound and from songs of today, as they are and
altered, behind YAMNet and behind the tagger, each by itself. The network on pictures is the one
that ships, from `model.training.tuned_pictures`. The scores of all three are added as they are:
all are trained to be scores of the same ten genres.
How sure the sum is, is fitted on the validation songs of both data sets, each genre of each
counting alike.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.constants import GENRES
from model.gtzan.labelled_songs import LabelledSong, gtzan_songs, listed_songs
from model.gtzan.splits import read_split
from model.networks.assembled import TWO_EARS, load_tagger, load_trunk
from model.networks.ear import EarWeights
from model.networks.shipped import load_checked
from model.records import write_json
from model.training.ear import (
    EarRecipe,
    by_tagger,
    by_yamnet,
    ear_network,
    ear_scores,
    learn_ear,
    recall_by_genre,
)
from model.training.ear_features import Hear, HeardSongs, by_ear, hear_songs
from model.training.pretrained.convert_yamnet import CREDITS
from model.training.sound_variation import SoundVariation
from model.training.temperature import fit_temperature
from model.training.tuned_pictures import DATA, read_arguments, valid_scores
from model.types import Float32, Float64

# Of a song from outside: in training, and where it is judged.
TRAIN_EXCERPTS: Final = 2
VALID_EXCERPTS: Final = 1
# What both networks have in common, on the card.
_SHARED: Final = ("input", "map_cell", "licence", "intended_use", "not_for", "limits")


def balanced(songs: Sequence[LabelledSong]) -> Float64:
    """Weigh validation songs so that every genre that is there counts alike, with sum 1."""
    labels = np.array([song.label for song in songs], np.int64)
    counts = np.bincount(labels, minlength=len(GENRES))
    weights: Float64 = 1.0 / counts[labels] / (counts > 0).sum()
    return weights


def hear_training_songs(
    hear: Hear, songs: Sequence[LabelledSong], recipe: EarRecipe, folder: Path
) -> list[HeardSongs]:
    """Hear songs as they are and altered, kept in files of a folder."""
    clean = hear_songs(hear, songs, folder / "train.npz", excerpts=TRAIN_EXCERPTS)
    return [
        clean,
        *(
            hear_songs(hear, songs, folder / f"version{version}.npz", version=version)
            for version in range(1, 1 + recipe.versions)
        ),
    ]


def report_on(
    songs: dict[str, list[LabelledSong]],
    seen: dict[str, Float32],
    yamnet: dict[str, Float32],
    tagger: dict[str, Float32],
) -> dict[str, dict[str, Any]]:
    """Compute how often each network alone, and all, are right on the validation songs.

    Parameters
    ----------
    songs : dict of str to list of LabelledSong
        By data set.
    seen, yamnet, tagger : dict of str to ndarray of float32, shape (songs, classes)
        Scores of the network on pictures and of both parts of the ear.

    Returns
    -------
    dict
        By data set, then "pictures", "yamnet", "tagger", "ear" (the last two together) and
        "both" (the app's): accuracy and its mean over genres.
    """
    report: dict[str, dict[str, Any]] = {}
    for place, each in songs.items():
        labels = np.array([song.label for song in each], np.int64)
        report[place] = {"songs": len(each)}
        for what, scores in (
            ("pictures", seen[place]),
            ("yamnet", yamnet[place]),
            ("tagger", tagger[place]),
            ("ear", yamnet[place] + tagger[place]),
            ("both", seen[place] + yamnet[place] + tagger[place]),
        ):
            accuracy, mean = recall_by_genre(scores, labels)
            report[place][what] = {
                "accuracy": round(accuracy, 4),
                "mean_over_genres": round(mean, 4),
            }
    return report


def write_ear(
    folder: Path, name: str, weights: tuple[EarWeights, EarWeights], facts: dict[str, Any]
) -> None:
    """Write what stands behind YAMNet and behind the tagger, with a card of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.keras"
    ear_network(*weights).save(target)
    card = {
        "name": name,
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "classes": list(GENRES),
        "architecture": TWO_EARS,
        "bytes": target.stat().st_size,
        **facts,
    }
    write_json(card, target.with_suffix(".json"))


def train(protocol: str, data: Path, songs: Path, out: Path, recipe: EarRecipe) -> None:
    """Train the ear of one protocol, and write it with its card.

    Parameters
    ----------
    protocol : str
        "random" or "filtered".
    data, songs : Path
        GTZAN, and the songs from outside.
    out : Path
        Where to; what was heard is kept in a folder of it.
    recipe : EarRecipe
        How the ear learns.
    """
    features = out / "features"
    pictures, network = load_checked(f"pictures-{protocol}")
    trunk_card, trunk = load_trunk()
    tagger_card, tagger = load_tagger()
    hear = by_ear(trunk, tagger)
    names = {part: read_split(data, f"{protocol}_{part}") for part in ("train", "valid")}
    own, outside = gtzan_songs(data, names["train"]), listed_songs(songs, "train")
    learned_from, origins = [*own, *outside], ["gtzan"] * len(own) + ["outside"] * len(outside)
    versions = hear_training_songs(hear, learned_from, recipe, features)

    def learn(part: Callable[[HeardSongs], HeardSongs]) -> EarWeights:
        return learn_ear([part(version) for version in versions], learned_from, origins, recipe)

    weights = learn(by_yamnet), learn(by_tagger)

    valid = {"gtzan": gtzan_songs(data, names["valid"]), "outside": listed_songs(songs, "valid")}
    heard = {
        place: hear_songs(hear, each, features / f"valid-{place}.npz", excerpts=VALID_EXCERPTS)
        for place, each in valid.items()
    }
    yamnet, tagged = (
        {place: ear_scores(each, part(heard[place])) for place in valid}
        for each, part in zip(weights, (by_yamnet, by_tagger), strict=True)
    )
    seen = valid_scores(network, data, valid["gtzan"], valid["outside"])
    report = report_on(valid, seen, yamnet, tagged)
    for place, figures in report.items():
        print(place, json.dumps(figures), flush=True)
    temperature = fit_temperature(
        np.concatenate([seen[place] + yamnet[place] + tagged[place] for place in valid]),
        np.concatenate([[song.label for song in each] for each in valid.values()]),
        np.concatenate([balanced(each) for each in valid.values()]),
    )
    print(f"temperature {temperature:.3f}")
    write_ear(
        out,
        f"two-ears-{protocol}",
        weights,
        {
            "temperature": round(temperature, 4),
            "pictures": {key: pictures[key] for key in ("name", "sha256")},
            "trunk": {"name": "yamnet", "sha256": trunk_card["sha256"]},
            "tagger": {"name": "musicnn-msd", "sha256": tagger_card["sha256"]},
            "training": {
                "data": DATA,
                "command": f"python -m model.training.two_ears --protocol {protocol} "
                f"--data PATH/TO/GTZAN --songs PATH/TO/SONGS --seed {recipe.seed}",
                "songs": {"gtzan": len(own), "outside": len(outside)},
                "valid": report,
                "ear": asdict(recipe),
                "variation": asdict(SoundVariation()),
                # The ear has learned from those of them that have sound.
                "tracks": pictures["training"]["tracks"],
            },
            "starting_weights": [pictures["starting_weights"], CREDITS],
            **{key: pictures[key] for key in _SHARED},
        },
    )


def main() -> None:
    """Run from the command line."""
    given = read_arguments("python -m model.training.two_ears", __doc__, Path("runs/two-ears"))
    train(given.protocol, given.data, given.songs, given.out, EarRecipe(seed=given.seed))


if __name__ == "__main__":
    main()
