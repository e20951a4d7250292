"""``python -m model sanity``: whether maps depend on what was learned, and on the class."""

import argparse
from pathlib import Path
from typing import Final

from model.cli.arguments import SECONDS, SEED, methods, tracks
from model.cli.command import Figures, Measurement, Option, whole_number
from model.evaluation.maps.filter_maps import FILTERS
from model.evaluation.maps.methods import EXPLAINERS
from model.evaluation.maps.probe import Probe, open_probe
from model.evaluation.maps.report import as_table
from model.evaluation.maps.sanity import Sanity
from model.evaluation.maps.subjects import load_subjects
from model.networks.classifier import Classifier
from model.training.shuffled import learn_or_load

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


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Compare maps with those of other classes and of networks that forgot what they learned."""
    subjects = list(load_subjects(arguments.data, names, arguments.tracks, arguments.seconds))
    chosen = [EXPLAINERS[name] for name in arguments.methods if name not in FILTERS]
    filters = [name for name in arguments.methods if name in FILTERS]
    sanity = Sanity(open_probe(classifier), subjects, chosen, arguments.seed, filters)
    sanity.compare_classes()
    sanity.compare_filters()
    if arguments.shuffled:
        protocol = arguments.split.partition("_")[0]
        network = learn_or_load(arguments.shuffled, arguments.data, protocol, arguments.seed)
        sanity.compare_with("labels", Probe(network))
    layers = sanity.randomise(arguments.runs)
    rows = sanity.rows(arguments.seed)
    print(as_table(rows, ("check", "step", "measure"), "method"))
    return {
        "n": len(subjects),
        "seconds": arguments.seconds,
        "runs": arguments.runs,
        "seed": arguments.seed,
        "methods": [*(method.facts for method in chosen), *sanity.filters],
        "layers": layers,
        "rows": rows,
    }


RUNS = Option(
    "--runs", {"type": whole_number, "default": 1, "help": "with other random weights each"}
)
SHUFFLED = Option(
    "--shuffled",
    {
        "type": Path,
        "metavar": "FOLDER",
        "help": "compare with a network that learned shuffled labels, too; it is trained there "
        "unless it was before",
    },
    shown="PATH/TO/RUN",
)
_CHECKED = methods(_METHODS, only_if_changed=False, more=tuple(FILTERS))
COMMAND = Measurement(
    measure,
    eyes=True,
    options=(tracks(10), SECONDS, RUNS, SEED, _CHECKED, SHUFFLED),
)
