"""``python -m model played``: what the network calls the sound of its own evidence, as played."""

import argparse
from pathlib import Path
from typing import Any, Final

from model.cli.arguments import SECONDS, SEED, quick_methods, tracks
from model.cli.command import Figures, Measurement, Option
from model.cli.track_sounds import hear_tracks
from model.evaluation.maps.played import Played
from model.networks.classifier import Classifier
from model.training.shuffled import ShuffledDecoder

_METHODS = ("listenable", "fine", "regions", "cam", "lead")


def as_text(figures: dict[str, Any]) -> str:
    """Write one line for every map, test and bed, and one for every map of joined tracks."""
    lines = [
        f"{row['method']:12}{row['test']:18}{row['bed']:8}"
        f"alike {100 * row['alike']['value']:5.1f} %  "
        f"drop {row['drop']['value']:5.1f} %  surer {100 * row['increase']['value']:5.1f} %  "
        f"lost with the rest alone {row['lost_with_the_rest_alone']['value']:5.2f}  "
        f"energy {100 * row['energy']['value']:5.1f} %"
        for row in figures["rows"]
    ]
    lines += [
        f"{row['method']:12}in the right one of two songs, {row['kind']:22}"
        f"{100 * row['right']['value']:5.1f} %"
        for row in figures["joined"]
    ]
    return "\n".join(lines)


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Hear what is played of every track with sound."""
    shuffled = ShuffledDecoder.read(arguments.shuffled) if arguments.shuffled else None
    played = Played(classifier, arguments.methods, arguments.seed, shuffled)
    hear_tracks(arguments, names, played.hear)
    figures = {"seconds": arguments.seconds, **played.results()}
    print(as_text(figures))
    return figures


SHUFFLED: Final = Option(
    "--shuffled",
    {
        "type": Path,
        "metavar": "FOLDER",
        "help": "compare with a decoder that was taught on shuffled labels, too; "
        "`python -m model.training.shuffled_decoder` makes it",
    },
    shown="PATH/TO/RUN",
)
COMMAND = Measurement(
    measure, options=(tracks(100), SECONDS, SEED, quick_methods(_METHODS), SHUFFLED)
)
