"""``python -m model evaluate``: how often the network is right on a list of tracks, or on songs."""

import argparse

from model.cli.command import Figures, Measurement
from model.cli.figures import learned_from
from model.evaluation.verdicts import accuracy
from model.evaluation.verdicts.artists import by_artist
from model.evaluation.verdicts.parts import by_kind
from model.evaluation.verdicts.scoring import score, sounds_of
from model.evaluation.verdicts.songs import judge_songs
from model.gtzan.artists import read_artists
from model.gtzan.labelled_songs import LabelledSong
from model.gtzan.pictures import load_pictures
from model.networks.classifier import Classifier


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Count right verdicts, in all and by genre and artist."""
    scores = score(
        classifier, load_pictures(arguments.data).of(names), sounds_of(arguments.data, names)
    )
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
    parts = by_kind(scores, known)
    for words, figures in parts.items():
        spread = figures["by_artist"]
        print(
            f"{words}: {100 * figures['share']:.1f} % of {figures['n']} tracks, mean over genres "
            f"{100 * figures['mean_over_genres']:.1f} %; 95 % interval over {spread['clusters']} "
            f"artists {100 * spread['low']:.1f} to {100 * spread['high']:.1f} %"
        )
    return {
        **result.as_json(),
        "parts": parts,
        "artists": artists,
        "tracks": scores.as_json(),
    }


def measure_songs(classifier: Classifier, songs: list[LabelledSong]) -> Figures:
    """Count right verdicts on songs that are not GTZAN's."""
    found = judge_songs(songs, classifier)
    text, figures = found.report()
    print(f"{classifier.name} on {len(found.songs)} songs\n{text}")
    return figures


COMMAND = Measurement(measure, on_songs=measure_songs)
