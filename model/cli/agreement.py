"""``python -m model agreement``: whether pictures and real audio lead to the same verdict."""

import argparse

from model.cli.command import Figures, Measurement
from model.cli.figures import learned_from
from model.evaluation.verdicts.agreement import compare
from model.networks.classifier import Classifier


def measure(arguments: argparse.Namespace, classifier: Classifier, _names: list[str]) -> Figures:
    """Compare both ways on every full-length clip."""
    comparisons = list(compare(arguments.data, classifier))
    agreeing = sum(c.from_audio == c.from_picture for c in comparisons)
    for c in comparisons:
        if c.from_audio != c.from_picture:
            print(f"{c.name:20} audio {c.from_audio:10} picture {c.from_picture:10}")
    share = agreeing / len(comparisons)
    print(f"Same verdict on {agreeing} of {len(comparisons)} clips ({100 * share:.1f} %).")
    # The network learned from both versions of its training tracks, so they agree more easily.
    learned = learned_from(classifier, [c.name for c in comparisons])
    new = [c.from_audio == c.from_picture for c in comparisons if c.name not in learned]
    print(f"Of the {len(new)} that it did not learn from: {sum(new)}.")
    return {
        "n": len(comparisons),
        "agreeing": agreeing,
        "share": share,
        "n_new": len(new),
        "agreeing_new": sum(new),
        "mean_difference": sum(c.difference for c in comparisons) / len(comparisons),
    }


COMMAND = Measurement(measure, on_split=False, eyes=True)
