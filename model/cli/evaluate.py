"""``python -m model evaluate``: how often the network is right on a list of tracks."""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from model.classifier import DEFAULT_MODEL, load_classifier
from model.evaluation.accuracy import measure
from model.training.data import load_pictures, read_split


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("evaluate", help="measure the accuracy on a split of GTZAN")
    parser.add_argument("--data", type=Path, required=True, help="folder of GTZAN's pictures")
    parser.add_argument("--split", default="random_test", help="a list in DATA/splits")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="name in model/weights")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Evaluate a model.

    Raises
    ------
    OSError
        If the data are not there.
    """
    tracks = load_pictures(arguments.data).of(read_split(arguments.data, arguments.split))
    classifier = load_classifier(arguments.model)
    verdicts = [
        int(classifier.predict(tracks.levels(index)).logits.argmax())
        for index in range(len(tracks))
    ]
    result = measure(tracks.labels, np.array(verdicts), classifier.genres)
    print(f"{classifier.name} on {arguments.split}")
    print(result.as_text())
    if arguments.json:
        figures = {
            "split": arguments.split,
            **result.as_json(),
            "model": {"name": classifier.name, "sha256": classifier.sha256},
            "command": "python -m model evaluate --data PATH/TO/GTZAN "
            f"--split {arguments.split} --model {classifier.name}",
        }
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
