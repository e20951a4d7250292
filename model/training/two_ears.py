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
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.constants import GENRES
from model.gtzan.labelled_songs import LabelledSong, gtzan_songs, listed_songs
from model.gtzan.splits import read_split
from model.networks.assembled import TWO_EARS, load_tagger, load_trunk
from model.networks.ear import EarWeights
from model.networks.places import PLACED, PLACED_LAYER, PLACED_ROWS, TOGETHER
from model.networks.shipped import load_checked
from model.records import write_json
from model.training.ear import (
    EarRecipe,
    ear_network,
    ear_scores,
    learn_ear,
    recall_by_genre,
)
from model.training.ear_features import Hear, HeardSongs, by_tagger, by_yamnet, hear_songs
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


@dataclass(frozen=True)
class Listener:
    """One of the two networks that hear songs, and where its answers are kept.

    Attributes
    ----------
    hear : callable
        From a waveform to its answers.
    name : str
        Before the names of the files.
    folder : Path
        Where they lie.
    rows : int
        Of pitch, in its answers.
    """

    hear: Hear
    name: str
    folder: Path
    rows: int = 1

    def songs(
        self,
        songs: Sequence[LabelledSong],
        part: str,
        *,
        version: int = 0,
        excerpts: int | None = None,
    ) -> HeardSongs:
        """Hear the songs of one part, as `hear_songs` does."""
        path = self.folder / f"{self.name}-{part}.npz"
        return hear_songs(
            self.hear, songs, path, version=version, excerpts=excerpts, rows=self.rows
        )

    def in_training(self, songs: Sequence[LabelledSong], versions: int) -> list[HeardSongs]:
        """Hear songs as they are, and altered as often as asked."""
        return [
            self.songs(songs, "train", excerpts=TRAIN_EXCERPTS),
            *(
                self.songs(songs, f"version{version}", version=version)
                for version in range(1, 1 + versions)
            ),
        ]

    def in_validation(self, songs: dict[str, list[LabelledSong]]) -> dict[str, HeardSongs]:
        """Hear the validation songs of every data set."""
        return {
            place: self.songs(each, f"valid-{place}", excerpts=VALID_EXCERPTS)
            for place, each in songs.items()
        }


def listeners(folder: Path) -> tuple[Listener, Listener]:
    """Load YAMNet and the tagger, whose answers are kept in a folder."""
    yamnet, tagger = by_yamnet(load_trunk()[1]), by_tagger(load_tagger()[1])
    return (
        Listener(yamnet, "yamnet", folder, PLACED_ROWS),
        Listener(tagger, "tagger", folder),
    )


def learn_both(
    both: tuple[Listener, Listener],
    songs: Sequence[LabelledSong],
    origins: Sequence[str],
    recipe: EarRecipe,
) -> tuple[EarWeights, EarWeights]:
    """Teach what stands behind YAMNet, and what stands behind the tagger.

    Parameters
    ----------
    both : tuple of two Listener
        From `listeners`.
    songs, origins : sequence of LabelledSong, sequence of str
        To learn from, and the data set of each.
    recipe : EarRecipe
        How.

    Returns
    -------
    tuple of two EarWeights
        Of YAMNet, of the tagger.
    """
    # Each hears excerpts of the same length.
    longer = replace(recipe, columns=TOGETHER.stride // PLACED.stride * recipe.columns)
    yamnet, tagger = (
        learn_ear(listener.in_training(songs, recipe.versions), songs, origins, its_recipe)
        for listener, its_recipe in zip(both, (longer, recipe), strict=True)
    )
    return yamnet, tagger


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
    pictures, network = load_checked(f"pictures-{protocol}")
    both = listeners(out / "features")
    names = {part: read_split(data, f"{protocol}_{part}") for part in ("train", "valid")}
    own, outside = gtzan_songs(data, names["train"]), listed_songs(songs, "train")
    learned_from, origins = [*own, *outside], ["gtzan"] * len(own) + ["outside"] * len(outside)
    weights = learn_both(both, learned_from, origins, recipe)
    valid = {"gtzan": gtzan_songs(data, names["valid"]), "outside": listed_songs(songs, "valid")}
    yamnet, tagged = (
        {place: ear_scores(each, heard) for place, heard in listener.in_validation(valid).items()}
        for each, listener in zip(weights, both, strict=True)
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
            "trunk": {
                "name": "yamnet",
                "sha256": load_trunk()[0]["sha256"],
                "layer": PLACED_LAYER,
            },
            "tagger": {"name": "musicnn-msd", "sha256": load_tagger()[0]["sha256"]},
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
