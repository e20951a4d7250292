"""``python -m model localisation``: whether a class's map lies where that class's sound is."""

import argparse
from collections import Counter
from typing import Final

import numpy as np

from model.cli.arguments import SEED, methods, refuse_to_choose_on_test
from model.cli.command import Figures, Measurement, Option, whole_number
from model.evaluation.maps.instruments import decided_mixtures, load_stems
from model.evaluation.maps.localisation import localise
from model.evaluation.maps.methods import CHEAP_METHODS, EXPLAINERS
from model.evaluation.maps.mixtures import (
    PART_SECONDS,
    Mixture,
    decided,
    pairs,
    recognised,
    spliced,
    stacked,
)
from model.evaluation.maps.probe import RememberingProbe, open_probe
from model.evaluation.maps.report import as_table
from model.evaluation.maps.two_songs import CROSSOVER
from model.evaluation.maps.variants import MAP_VARIANTS
from model.gtzan.clips import full_length_clips
from model.networks.classifier import Classifier

KINDS: Final = {
    "splice": f"two clips of different genres, {PART_SECONDS:g} s each, one behind the other; "
    "scored for both genres",
    "bands": f"two clips of different genres at once, one below and one above {CROSSOVER:g} Hz; "
    "scored for the genre that the network calls the mixture",
    "instruments": "two sounds at once, of which one decides; scored for its class, in the "
    "cells where it is the louder one",
}
# Pairs of clips for every mixture of two bands that is wanted: many are called neither genre.
TRIES: Final = 4


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Mix clips of which it is known where each genre lies, and look where the maps lie."""
    probe = open_probe(classifier, RememberingProbe)
    clips = list(full_length_clips(arguments.data, names))
    rng = np.random.default_rng(arguments.seed)
    alone = recognised(probe, clips, classifier.genres)
    source, stems = load_stems()
    tried = pairs(alone, alone, TRIES * arguments.mixtures, rng)
    kinds: dict[str, list[Mixture]] = {
        "splice": [spliced(*pair) for pair in pairs(alone, alone, arguments.mixtures, rng)],
        "bands": decided(probe, (stacked(*pair) for pair in tried), arguments.mixtures),
        "instruments": decided_mixtures(probe, stems, arguments.mixtures, rng),
    }
    chosen = [EXPLAINERS[name] for name in arguments.methods]
    if arguments.variants:
        chosen = list(MAP_VARIANTS.values())
    results = localise(probe, kinds, chosen, arguments.seed)
    print(as_table(results["rows"], ("kind", "measure"), "method"))
    return {
        "clips": len(clips),
        "recognised": len(alone),
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
        "methods": [method.facts for method in chosen],
        "seed": arguments.seed,
        **results,
    }


def _classes(mixtures: list[Mixture], genres: tuple[str, ...]) -> dict[str, int]:
    """Count how often each class is scored."""
    counts = Counter(genres[index] for mixture in mixtures for index in mixture.regions)
    return dict(counts)


MIXTURES = Option(
    "--mixtures", {"type": whole_number, "default": 20, "help": "of each kind, at most"}
)
VARIANTS = Option(
    "--variants",
    {
        "action": "store_true",
        "help": "compare changes to the CAM instead of methods; on valid only",
    },
)
COMMAND = Measurement(
    measure,
    eyes=True,
    options=(MIXTURES, SEED, VARIANTS, methods(CHEAP_METHODS)),
    check=refuse_to_choose_on_test,
)
