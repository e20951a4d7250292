"""``python -m model evaluate``: how often the network is right on a list of tracks."""

import argparse

from model.cli.command import Figures, Measurement
from model.cli.figures import learned_from
from model.evaluation.verdicts import accuracy
from model.evaluation.verdicts.artists import by_artist
from model.evaluation.verdicts.scoring import score
from model.gtzan.artists import read_artists
from model.gtzan.pictures import load_pictures
from model.networks.classifier import Classifier


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Count right verdicts, in all and by genre and artist."""
    scores = score(classifier, load_pictures(arguments.data).of(names))
    result = accuracy.measure(scores.labels, scores.verdicts, scores.classes)
    known = read_artists(arguments.data)
    learned = learned_from(classifier, known)
    artists = by_artist(scores.names, scores.right, learned, known)
    print(f"{classifier.name} on {arguments.split}")
    print(result.as_text())
    for group, words in (("familiar", "learned from"), ("new", "not learned from")):
        if group in artists:
            figures = artists[group]
            percent = f"{100 * figures['share']:.1f} % of {figures['n']} tracks"
            print(f"{percent} by artists that were {words}")
    return {
        **result.as_json(),
        "artists": artists,
        "tracks": scores.as_json(),
    }


COMMAND = Measurement(measure)
