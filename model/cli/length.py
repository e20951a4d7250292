"""``python -m model length``: the accuracy against how much of a track is heard."""

import argparse

from model.cli.command import Figures, Measurement
from model.evaluation.verdicts.length import accuracy_by_length
from model.gtzan.pictures import load_pictures
from model.networks.classifier import Classifier


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Measure the accuracy for every length."""
    tracks = load_pictures(arguments.data).of(names)
    print(f"{classifier.name} on {arguments.split}: {len(names)} tracks")
    figures = []
    for heard in accuracy_by_length(classifier, tracks):
        print(
            f"{heard.seconds:4g} s: {100 * heard.right_centre / heard.n:5.1f} % from the centre, "
            f"{100 * heard.right_all / heard.n:5.1f} % from all {heard.excerpts_a_track} excerpts",
            flush=True,
        )
        figures.append(heard.as_json())
    return {"n": len(names), "lengths": figures}


COMMAND = Measurement(measure, eyes=True)
