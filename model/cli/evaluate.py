"""``python -m model evaluate``: how often the network is right on a list of tracks."""

import argparse
from typing import Any

from model.cli.figures import (
    add_data,
    add_split,
    learned_from,
    load_for_split,
    write_figures,
)
from model.evaluation.verdicts.accuracy import measure
from model.evaluation.verdicts.artists import by_artist
from model.evaluation.verdicts.scoring import score
from model.gtzan.artists import read_artists
from model.gtzan.pictures import load_pictures


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("evaluate", help="measure the accuracy on a split of GTZAN")
    add_data(parser)
    add_split(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Evaluate a model.

    Raises
    ------
    ValueError
        If the model learned from these tracks.
    OSError
        If the data are not there.
    """
    classifier, names = load_for_split(arguments)
    scores = score(classifier, load_pictures(arguments.data).of(names))
    result = measure(scores.labels, scores.verdicts, scores.classes)
    known = read_artists(arguments.data)
    learned = learned_from(classifier, known)
    artists = by_artist(scores.names, scores.right, learned, known)
    print(f"{classifier.name} on {arguments.split}")
    print(result.as_text())
    for group, words in (("familiar", "learned from"), ("new", "not learned from")):
        if group in artists:
            figures = artists[group]
            percent = f"{100 * figures['share']:.1f} % of {figures['n']} tracks"
            print(f"{percent} by artists that were {words}")
    write_figures(
        arguments,
        f"evaluate --split {arguments.split}",
        {
            "split": arguments.split,
            **result.as_json(),
            "artists": artists,
            "tracks": scores.as_json(),
        },
        classifier,
    )
