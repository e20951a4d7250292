"""``python -m model faithfulness``: whether the sound that a map keeps carries the verdict."""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from model.cli.arguments import (
    add_methods,
    add_seconds,
    refuse_to_choose_on_test,
    whole_number,
)
from model.cli.figures import add_data, add_split, load_for_split, write_figures
from model.evaluation.maps.masks import Rule
from model.evaluation.maps.measurement import RULES, Faithfulness
from model.evaluation.maps.methods import DEFAULT_METHODS, EXPLAINERS
from model.evaluation.maps.probe import open_probe
from model.evaluation.maps.report import as_table
from model.evaluation.maps.subjects import load_subjects
from model.evaluation.maps.variants import MAP_VARIANTS, MASK_VARIANTS


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "faithfulness", help="measure whether the sound that a map keeps carries the verdict"
    )
    add_data(parser)
    add_split(parser)
    add_methods(parser, DEFAULT_METHODS)
    parser.add_argument(
        "--tracks", type=whole_number, default=100, help="at most; those with audio come first"
    )
    parser.add_argument(
        "--full-tracks",
        type=whole_number,
        default=10,
        help="the first so many also by the costly methods, and with deletion and insertion, "
        "which take the most time",
    )
    add_seconds(parser)
    parser.add_argument(
        "--variants",
        choices=("maps", "masks"),
        help="compare changes to the CAM instead of methods, or to the mask of the chosen "
        "methods; on valid only",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Measure.

    Raises
    ------
    ValueError
        If variants are to be compared on test tracks.
    OSError
        If the data are not there.
    """
    refuse_to_choose_on_test(arguments)
    classifier, names = load_for_split(arguments)
    methods = [EXPLAINERS[name] for name in arguments.methods]
    if arguments.variants == "maps":
        methods = list(MAP_VARIANTS.values())
    rules: Sequence[Rule] = MASK_VARIANTS if arguments.variants == "masks" else RULES
    measurement = Faithfulness(open_probe(classifier), methods, rules, arguments.seed)
    subjects = load_subjects(arguments.data, names, arguments.tracks, arguments.seconds)
    begin = time.perf_counter()
    for number, subject in enumerate(subjects, start=1):
        measurement.measure(subject, in_full=number <= arguments.full_tracks)
        passed = time.perf_counter() - begin
        print(f"{number:4} {subject.name:16} {passed:6.0f} s", file=sys.stderr)
    results = {
        "split": arguments.split,
        "seconds": arguments.seconds,
        **measurement.results(),
    }
    print(as_table(results["rows"], ("group", "setting", "measure"), "method"))
    write_figures(arguments, _command(arguments), results, classifier)


def _command(arguments: argparse.Namespace) -> str:
    words = [f"faithfulness --split {arguments.split} --tracks {arguments.tracks}"]
    words.append(f"--full-tracks {arguments.full_tracks} --seconds {arguments.seconds:g}")
    words.append(f"--seed {arguments.seed}")
    if arguments.variants:
        words.append(f"--variants {arguments.variants}")
    if arguments.variants != "maps" and tuple(arguments.methods) != DEFAULT_METHODS:
        words.append(f"--methods {' '.join(arguments.methods)}")
    return " ".join(words)
