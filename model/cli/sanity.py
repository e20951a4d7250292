"""``python -m model sanity``: whether maps depend on what was learned, and on the class."""

import argparse
from pathlib import Path
from typing import Any, Final

from model.cli.faithfulness import add_methods, whole_number
from model.cli.figures import add_data, add_split, load_for_split, write_figures
from model.evaluation.faithfulness.methods import EXPLAINERS
from model.evaluation.faithfulness.probe import Probe, open_probe
from model.evaluation.faithfulness.report import as_table
from model.evaluation.faithfulness.sanity import Sanity
from model.evaluation.faithfulness.subjects import load_subjects

# Every method runs once for each of some 15 layers, so the costly ones are left out.
_METHODS: Final = ("cam", "crm", "crm-class", "grad-cam++", "gradient-input", "band-energy")


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "sanity", help="check that maps depend on what the network learned, and on the class"
    )
    add_data(parser)
    add_split(parser)
    add_methods(parser, _METHODS)
    parser.add_argument(
        "--tracks", type=whole_number, default=20, help="at most; those with audio come first"
    )
    parser.add_argument(
        "--runs", type=whole_number, default=3, help="with other random weights each"
    )
    parser.add_argument(
        "--shuffled",
        type=Path,
        metavar="FOLDER",
        help="run of a training on shuffled labels, to be compared as well",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Check.

    Raises
    ------
    ValueError
        If --shuffled names no run.
    OSError
        If the data are not there.
    """
    classifier, names = load_for_split(arguments)
    shuffled = _load_run(arguments.shuffled) if arguments.shuffled else None
    subjects = list(load_subjects(arguments.data, names, arguments.tracks))
    methods = [EXPLAINERS[name] for name in arguments.methods]
    sanity = Sanity(open_probe(classifier), subjects, methods, arguments.seed)
    sanity.compare_classes()
    if shuffled is not None:
        sanity.compare_with("labels", shuffled)
    layers = sanity.randomise(arguments.runs)
    rows = sanity.rows(arguments.seed)
    print(as_table(rows, ("check", "step", "measure"), "method"))
    command = (
        f"sanity --split {arguments.split} --tracks {arguments.tracks} --runs {arguments.runs} "
        f"--seed {arguments.seed} --methods {' '.join(arguments.methods)}"
    )
    figures = {
        "split": arguments.split,
        "n": len(subjects),
        "runs": arguments.runs,
        "seed": arguments.seed,
        "methods": [
            {"name": method.name, "label": method.label, "per_class": method.per_class}
            for method in methods
        ],
        "layers": layers,
        "rows": rows,
    }
    write_figures(
        arguments,
        command + (" --shuffled PATH/TO/RUN" if shuffled is not None else ""),
        figures,
        classifier,
    )


def _load_run(folder: Path) -> Probe:
    """Load the finished network of a training run."""
    found = [path for path in folder.glob("*.keras") if not path.stem.startswith("stage")]
    if len(found) != 1:
        raise ValueError(
            f"{folder} holds {len(found)} finished networks, where one was expected. Give the "
            "folder that python -m model.training wrote with --out."
        )
    from model.networks import load_network  # noqa: PLC0415  # Keras takes seconds to import

    return Probe(load_network(found[0]))
