"""``python -m model agreement``: whether pictures and real audio lead to the same verdict."""

import argparse
from typing import Any

from model.cli.figures import add_data, add_model, learned_from, write_figures
from model.evaluation.verdicts.agreement import compare
from model.networks.classifier import load_classifier


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "agreement", help="compare the verdicts on real audio with those on stored pictures"
    )
    add_data(parser)
    add_model(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Compare both ways on every full-length clip.

    Raises
    ------
    OSError
        If the data are not there.
    """
    classifier = load_classifier(arguments.model)
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
    figures = {
        "n": len(comparisons),
        "agreeing": agreeing,
        "share": share,
        "n_new": len(new),
        "agreeing_new": sum(new),
        "mean_difference": sum(c.difference for c in comparisons) / len(comparisons),
    }
    write_figures(arguments, "agreement", figures, classifier)
