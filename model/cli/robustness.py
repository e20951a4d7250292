"""``python -m model robustness``: the verdicts on altered recordings."""

import argparse

from model.cli.command import Figures, Measurement, Option
from model.evaluation.verdicts.robustness import summarise, try_all
from model.gtzan.clips import full_length_clips
from model.networks.classifier import Classifier


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Judge all tracks with full-length audio, as they are and altered."""
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
    return {
        "tracks_in_split": len(names),
        **figures,
        "seed": arguments.seed,
    }


SEED = Option("--seed", {"type": int, "default": 0, "help": "of the noise"})
COMMAND = Measurement(measure, options=(SEED,))
