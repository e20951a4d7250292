"""``python -m model localisation``: whether a class's map lies where that class's sound is."""

import argparse
from collections import Counter
from functools import partial
from typing import Any, Final

import numpy as np

from model.cli.faithfulness import add_methods, whole_number
from model.cli.figures import add_data, add_split, load_for_split, write_figures
from model.evaluation.clips import full_length_clips
from model.evaluation.faithfulness.instruments import decided_mixtures, load_stems
from model.evaluation.faithfulness.localisation import localise
from model.evaluation.faithfulness.methods import DEFAULT_METHODS, EXPLAINERS
from model.evaluation.faithfulness.mixtures import (
    CROSSOVER,
    PART_SECONDS,
    Mixture,
    high_part,
    low_part,
    pairs,
    recognised,
    spliced,
    stacked,
)
from model.evaluation.faithfulness.probe import open_probe
from model.evaluation.faithfulness.report import as_table
from model.evaluation.faithfulness.variants import MAP_VARIANTS

KINDS: Final = {
    "splice": f"two clips of different genres, {PART_SECONDS:g} s each, one behind the other; "
    "scored for both genres",
    "bands": f"two clips of different genres at once, one below and one above {CROSSOVER:g} Hz; "
    "scored for both genres",
    "instruments": "two sounds at once, of which one decides; scored for its class, in the "
    "cells where it is the louder one",
}


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "localisation", help="measure whether a class's map lies where that class's sound is"
    )
    add_data(parser)
    add_split(parser)
    add_methods(parser, DEFAULT_METHODS)
    parser.add_argument("--mixtures", type=whole_number, default=30, help="of each kind, at most")
    parser.add_argument(
        "--variants", action="store_true", help="compare changes to the CAM instead of methods"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Measure.

    Raises
    ------
    OSError
        If the data are not there.
    """
    classifier, names = load_for_split(arguments)
    probe = open_probe(classifier)
    clips = list(full_length_clips(arguments.data, names))
    rng = np.random.default_rng(arguments.seed)
    find = partial(recognised, probe, clips, classifier.genres)
    alone, low, high = find(lambda whole: whole), find(low_part), find(high_part)
    source, stems = load_stems()
    kinds: dict[str, list[Mixture]] = {
        "splice": [spliced(*pair) for pair in pairs(alone, alone, arguments.mixtures, rng)],
        "bands": [stacked(*pair) for pair in pairs(low, high, arguments.mixtures, rng)],
        "instruments": decided_mixtures(probe, stems, arguments.mixtures, rng),
    }
    methods = [EXPLAINERS[name] for name in arguments.methods]
    if arguments.variants:
        methods = list(MAP_VARIANTS.values())
    results = localise(probe, kinds, methods, arguments.seed)
    print(as_table(results["rows"], ("kind", "measure"), "method"))
    recognised_clips = {"whole": len(alone), "low": len(low), "high": len(high)}
    figures = {
        "split": arguments.split,
        "clips": len(clips),
        "recognised": recognised_clips,
        "kinds": [
            {
                "name": name,
                "what": what,
                "mixtures": len(kinds[name]),
                "classes": _classes(kinds[name], classifier.genres),
            }
            for name, what in KINDS.items()
        ],
        "instruments": source,
        "methods": [
            {"name": method.name, "label": method.label, "per_class": method.per_class}
            for method in methods
        ],
        "seed": arguments.seed,
        **results,
    }
    command = (
        f"localisation --split {arguments.split} --mixtures {arguments.mixtures} "
        f"--seed {arguments.seed}"
    )
    if arguments.variants:
        command += " --variants"
    elif tuple(arguments.methods) != DEFAULT_METHODS:
        command += f" --methods {' '.join(arguments.methods)}"
    write_figures(arguments, command, figures, classifier)


def _classes(mixtures: list[Mixture], genres: tuple[str, ...]) -> dict[str, int]:
    """Count how often each class is scored."""
    counts = Counter(genres[index] for mixture in mixtures for index in mixture.regions)
    return dict(counts)
