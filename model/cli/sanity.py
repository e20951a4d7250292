"""``python -m model sanity``: whether maps depend on what was learned, and on the class."""

import argparse
from pathlib import Path
from typing import Any, Final

from model.cli.arguments import add_methods, add_seconds, whole_number
from model.cli.figures import add_data, add_split, load_for_split, write_figures
from model.evaluation.maps.methods import EXPLAINERS
from model.evaluation.maps.probe import Probe, open_probe
from model.evaluation.maps.report import as_table
from model.evaluation.maps.sanity import Sanity
from model.evaluation.maps.shuffled import learn_or_load
from model.evaluation.maps.subjects import load_subjects

# Every method runs once for each of some 15 layers, so the costly ones are left out.
_METHODS: Final = (
    "fine",
    "cam",
    "crm",
    "crm-class",
    "lead",
    "grad-cam++",
    "gradient-input",
    "band-energy",
)


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "sanity", help="check that maps depend on what the network learned, and on the class"
    )
    add_data(parser)
    add_split(parser)
    add_methods(parser, _METHODS)
    parser.add_argument(
        "--tracks", type=whole_number, default=10, help="at most; those with audio come first"
    )
    add_seconds(parser)
    parser.add_argument(
        "--runs", type=whole_number, default=1, help="with other random weights each"
    )
    parser.add_argument(
        "--shuffled",
        type=Path,
        metavar="FOLDER",
        help="compare with a network that learned shuffled labels, too; it is trained there "
        "unless it was before",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Check.

    Raises
    ------
    OSError
        If the data are not there.
    """
    classifier, names = load_for_split(arguments)
    subjects = list(load_subjects(arguments.data, names, arguments.tracks, arguments.seconds))
    methods = [EXPLAINERS[name] for name in arguments.methods]
    sanity = Sanity(open_probe(classifier), subjects, methods, arguments.seed)
    sanity.compare_classes()
    if arguments.shuffled:
        protocol = arguments.split.partition("_")[0]
        network = learn_or_load(arguments.shuffled, arguments.data, protocol, arguments.seed)
        sanity.compare_with("labels", Probe(network))
    layers = sanity.randomise(arguments.runs)
    rows = sanity.rows(arguments.seed)
    print(as_table(rows, ("check", "step", "measure"), "method"))
    command = (
        f"sanity --split {arguments.split} --tracks {arguments.tracks} "
        f"--seconds {arguments.seconds:g} --runs {arguments.runs} "
        f"--seed {arguments.seed} --methods {' '.join(arguments.methods)}"
    )
    figures = {
        "split": arguments.split,
        "n": len(subjects),
        "seconds": arguments.seconds,
        "runs": arguments.runs,
        "seed": arguments.seed,
        "methods": [method.facts for method in methods],
        "layers": layers,
        "rows": rows,
    }
    write_figures(
        arguments,
        command + (" --shuffled PATH/TO/RUN" if arguments.shuffled else ""),
        figures,
        classifier,
    )
