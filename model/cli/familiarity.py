"""``python -m model familiarity``: whether songs unlike those of training are named wrong."""

import argparse

from model.cli.command import Figures, Measurement
from model.evaluation.verdicts.familiar import summarise, tell
from model.gtzan.labelled_songs import LabelledSong, gtzan_songs
from model.networks.classifier import Classifier


def measure_songs(classifier: Classifier, songs: list[LabelledSong]) -> Figures:
    """Tell songs, whosever they are, and say how often those that are unlike are named wrong."""
    figures = summarise(tell(songs, classifier))
    print(f"{classifier.name}: {figures['right']} of {figures['n']} songs named right")
    for band in figures["bands"]:
        right = f"{100 * band['accuracy']['share']:.1f} % right" if band["n"] else "none"
        print(f"{band['name']:10}{band['n']:5} songs, {right}")
    if "auc" in figures:
        low, high = figures["interval"]
        print(
            f"a song named wrong is the less familiar one in {100 * figures['auc']:.0f} % of all "
            f"pairs with one named right (95 % interval {100 * low:.0f} to {100 * high:.0f} %)"
        )
    return figures


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Tell tracks of a split that have sound."""
    return measure_songs(classifier, gtzan_songs(arguments.data, names))


COMMAND = Measurement(measure, on_songs=measure_songs)
