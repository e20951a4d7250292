"""``python -m model parts``: whether the parts of a verdict are stable, and what they carry."""

import argparse
from pathlib import Path
from typing import Any, Final

from model.cli.arguments import SEED
from model.cli.command import Figures, Measurement, Option, whole_number
from model.cli.figures import learned_from
from model.evaluation.maps.verdict_parts import SECONDS, SEEDS, removal, stability
from model.gtzan.labelled_songs import gtzan_songs, listed_songs
from model.networks.classifier import Classifier
from model.training.parts import PartsRecipe, hear_genres, train_songs
from model.verdict_parts import load_dictionary


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Learn the parts again, and take them away from songs that were not learned from.

    Raises
    ------
    ValueError
        If no parts were learned for the network, or it learned from some of the songs.
    """
    dictionary = load_dictionary(classifier)
    if dictionary is None:
        raise ValueError(
            f"No parts were learned for {classifier.name}. This learns them: "
            "python -m model.training.parts --data PATH/TO/GTZAN --outside PATH/TO/SONGS"
        )
    recipe = PartsRecipe(**dictionary.card["recipe"])
    tests = {
        arguments.split: gtzan_songs(arguments.data, names),
        "outside_test": listed_songs(arguments.outside, "test"),
    }
    for place, songs in tests.items():
        if learned_from(classifier, [song.name for song in songs]):
            raise ValueError(f"{classifier.name} learned from some of the songs of {place}.")
    train = hear_genres(
        classifier, train_songs(classifier, arguments.data, arguments.outside), recipe
    )
    found = stability(train, classifier, dictionary)
    for head, each in found.items():
        for name, row in each.items():
            print(f"{head:9}{name:7} cosine {row['value']:.2f}, mixed up {row['mixed_up']:.2f}")
    rows = []
    for place, songs in tests.items():
        row = {
            "name": place,
            **removal(songs, classifier, dictionary, arguments.songs, arguments.seed),
        }
        rows.append(row)
        print(in_words(row), flush=True)
    return {
        "parts": {"name": dictionary.card["name"], "sha256": dictionary.card["sha256"]},
        "recipe": dict(dictionary.card["recipe"]),
        "seeds": SEEDS,
        "seconds": SECONDS,
        "seed": arguments.seed,
        "stability": found,
        "tests": rows,
    }


def in_words(row: dict[str, Any]) -> str:
    """Say in a line what was found on one list of songs."""
    value = {name: each["value"] for name, each in row.items() if isinstance(each, dict)}
    return (
        f"{row['name']}, {row['songs']} songs: score {value['score']:.2f} = parts "
        f"{value['parts']:.2f}, against {value['against']:.2f}, start {value['start']:.2f}; "
        f"log-odds lost without the places of a part {value['sound_part']:.2f}, moved "
        f"{value['sound_moved']:.2f}; in the head {value['head_part']:.2f}, of all parts alike "
        f"{value['head_alike']:.2f}"
    )


OUTSIDE: Final = Option(
    "--outside",
    {"type": Path, "required": True, "help": "folder of songs that are not GTZAN's"},
    shown="PATH/TO/SONGS",
)
SONGS: Final = Option(
    "--songs", {"type": whole_number, "default": 50, "help": "of each list, drawn at random"}
)
COMMAND = Measurement(measure, options=(OUTSIDE, SONGS, SEED))
