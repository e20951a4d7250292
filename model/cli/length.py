"""``python -m model length``: the accuracy against how much of a track is heard."""

import argparse
from typing import Any

from model.cli.figures import add_data, add_split, load_for_split, write_figures
from model.evaluation.verdicts.length import accuracy_by_length
from model.gtzan.pictures import load_pictures


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "length", help="measure the accuracy on excerpts of 3, 5, 10 and 30 s"
    )
    add_data(parser)
    add_split(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Measure the accuracy for every length.

    Raises
    ------
    ValueError
        If the model learned from these tracks.
    OSError
        If the data are not there.
    """
    classifier, names = load_for_split(arguments)
    tracks = load_pictures(arguments.data).of(names)
    print(f"{classifier.name} on {arguments.split}: {len(names)} tracks")
    figures = []
    for heard in accuracy_by_length(classifier, tracks):
        print(
            f"{heard.seconds:4g} s: {100 * heard.right_centre / heard.n:5.1f} % from the centre, "
            f"{100 * heard.right_all / heard.n:5.1f} % from all {heard.excerpts_a_track} excerpts",
            flush=True,
        )
        figures.append(heard.as_json())
    write_figures(
        arguments,
        f"length --split {arguments.split}",
        {"split": arguments.split, "n": len(names), "lengths": figures},
        classifier,
    )
