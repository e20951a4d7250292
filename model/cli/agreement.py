"""``python -m model agreement``: whether pictures and real audio lead to the same verdict."""

import argparse
import json
from pathlib import Path
from typing import Any

from model.classifier import DEFAULT_MODEL, load_classifier
from model.evaluation.agreement import compare


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "agreement", help="compare the verdicts on real audio with those on stored pictures"
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of GTZAN")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="name in model/weights")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
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
    if not comparisons:
        raise FileNotFoundError(f"There are no full-length clips in {arguments.data}/clips.")
    agreeing = sum(c.from_audio == c.from_picture for c in comparisons)
    for c in comparisons:
        if c.from_audio != c.from_picture:
            print(f"{c.name:20} audio {c.from_audio:10} picture {c.from_picture:10}")
    share = agreeing / len(comparisons)
    print(f"Same verdict on {agreeing} of {len(comparisons)} clips ({100 * share:.1f} %).")
    if arguments.json:
        figures = {
            "n": len(comparisons),
            "agreeing": agreeing,
            "share": share,
            "mean_difference": sum(c.difference for c in comparisons) / len(comparisons),
            "model": {"name": classifier.name, "sha256": classifier.sha256},
            "command": f"python -m model agreement --data PATH/TO/GTZAN --model {classifier.name}",
        }
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
