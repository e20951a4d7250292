"""``python -m model faithfulness``: whether the sound that a map keeps carries the verdict."""

import argparse
import sys
import time
from collections.abc import Sequence

from model.cli.arguments import (
    SECONDS,
    SEED,
    methods,
    refuse_to_choose_on_test,
    tracks,
)
from model.cli.command import Figures, Measurement, Option, whole_number
from model.evaluation.maps.masks import Rule
from model.evaluation.maps.measurement import RULES, Faithfulness
from model.evaluation.maps.methods import DEFAULT_METHODS, EXPLAINERS
from model.evaluation.maps.probe import open_probe
from model.evaluation.maps.report import as_table
from model.evaluation.maps.subjects import load_subjects
from model.evaluation.maps.variants import MAP_VARIANTS, MASK_VARIANTS
from model.networks.classifier import Classifier


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Run the network again on what the maps keep and on the rest."""
    chosen = [EXPLAINERS[name] for name in arguments.methods]
    if arguments.variants == "maps":
        chosen = list(MAP_VARIANTS.values())
    rules: Sequence[Rule] = MASK_VARIANTS if arguments.variants == "masks" else RULES
    measurement = Faithfulness(open_probe(classifier), chosen, rules, arguments.seed)
    subjects = load_subjects(arguments.data, names, arguments.tracks, arguments.seconds)
    begin = time.perf_counter()
    for number, subject in enumerate(subjects, start=1):
        measurement.measure(subject, in_full=number <= arguments.full_tracks)
        passed = time.perf_counter() - begin
        print(f"{number:4} {subject.name:16} {passed:6.0f} s", file=sys.stderr)
    results = {"seconds": arguments.seconds, **measurement.results()}
    print(as_table(results["rows"], ("group", "setting", "measure"), "method"))
    return results


FULL_TRACKS = Option(
    "--full-tracks",
    {
        "type": whole_number,
        "default": 10,
        "help": "the first so many also by the costly methods, and with deletion and insertion, "
        "which take the most time",
    },
)
VARIANTS = Option(
    "--variants",
    {
        "choices": ("maps", "masks"),
        "help": "compare changes to the CAM instead of methods, or to the mask of the chosen "
        "methods; on valid only",
    },
)
COMMAND = Measurement(
    measure,
    eyes=True,
    options=(tracks(100), FULL_TRACKS, SECONDS, SEED, VARIANTS, methods(DEFAULT_METHODS)),
    check=refuse_to_choose_on_test,
)
