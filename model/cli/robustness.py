"""``python -m model robustness``: the verdicts on altered recordings."""

import argparse
from typing import Any

from model.cli.figures import add_data, add_split, load_for_split, write_figures
from model.evaluation.verdicts.robustness import summarise, try_all
from model.gtzan.clips import full_length_clips


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "robustness", help="alter real recordings (MP3, noise, gain, speed) and ask again"
    )
    add_data(parser)
    add_split(parser)
    parser.add_argument("--seed", type=int, default=0, help="of the noise")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Judge all tracks with full-length audio, as they are and altered.

    Raises
    ------
    ValueError
        If the model learned from these tracks.
    OSError
        If the data are not there.
    """
    classifier, names = load_for_split(arguments)
    clips = full_length_clips(arguments.data, set(names))
    trials = list(try_all(clips, classifier, seed=arguments.seed))
    figures = summarise(trials, classifier.genres)
    print(f"{classifier.name} on {len(trials)} of {len(names)} tracks of {arguments.split}")
    for condition in figures["conditions"]:
        line = f"{condition['name']:20} right {100 * condition['accuracy']['share']:5.1f} %"
        if "unchanged" in condition:
            line += (
                f", same verdict {100 * condition['unchanged']['share']:5.1f} %, probability "
                f"of it {100 * condition['mean_change']:+.1f} points"
            )
        print(line)
    write_figures(
        arguments,
        f"robustness --split {arguments.split} --seed {arguments.seed}",
        {
            "split": arguments.split,
            "tracks_in_split": len(names),
            **figures,
            "seed": arguments.seed,
        },
        classifier,
    )
