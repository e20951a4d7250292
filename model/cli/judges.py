"""``python -m model judges``: whether other networks hear in the kept sound what it is kept for."""

import argparse
from typing import Any

from model.audio.song_statistics import song_statistics
from model.cli.arguments import SECONDS, SEED, quick_methods, tracks
from model.cli.command import Figures, Measurement
from model.cli.track_sounds import hear_tracks
from model.evaluation.maps.judges import Hearing, evidence_of, judges_of
from model.networks.classifier import Classifier
from model.second_opinion import load_statistics_classifier
from model.types import Float32

METHODS = ("listenable", "fine", "cam", "lead")


def _statistics(waveform: Float32) -> Float32:
    return load_statistics_classifier().judge(song_statistics(waveform)).probabilities


def as_text(figures: dict[str, Any]) -> str:
    """Write one line for every judge, map, shape and bed."""
    lines = []
    for row in figures["rows"]:
        line = f"{row['judge']:11}{row['evidence']:15}{row['shape']:15}{row['bed']:8}"
        line += f"{100 * row['map']['alike']['value']:6.1f} %"
        if "null" in row:
            line += f"{100 * row['null']['alike']['value']:6.1f} % by chance"
            line += f", p {row['paired']['chance']:.3f}"
            drops = (row[side]["drop"]["value"] for side in ("map", "null"))
            line += "; drop {:5.1f} and {:5.1f} %".format(*drops)
        lines.append(line)
    return "\n".join(lines)


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Let every judge hear what every map keeps, and its null."""
    hearing = Hearing(
        judges_of(classifier, _statistics),
        evidence_of(classifier, arguments.methods),
        arguments.seed,
    )
    hear_tracks(arguments, names, hearing.hear)
    figures = {"seconds": arguments.seconds, **hearing.results()}
    print(as_text(figures))
    return figures


COMMAND = Measurement(measure, options=(tracks(100), SECONDS, SEED, quick_methods(METHODS)))
