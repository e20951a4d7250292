"""``python -m model length``: the accuracy against how much of a track is heard."""

import argparse

from model.cli.command import Figures, Measurement
from model.evaluation.verdicts.length import accuracy_by_length, accuracy_by_length_of_sound
from model.gtzan.clips import full_length_clips
from model.gtzan.pictures import load_pictures
from model.networks.classifier import Classifier


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Measure every length: by sound where the network hears it, else by picture."""
    if classifier.ear is None:
        tracks = load_pictures(arguments.data).of(names)
        found = list(accuracy_by_length(classifier, tracks))
    else:
        clips = full_length_clips(arguments.data, set(names))
        found = accuracy_by_length_of_sound(classifier, clips)
    n = found[0].n
    print(f"{classifier.name} on {arguments.split}: {n} of {len(names)} tracks")
    for heard in found:
        print(
            f"{heard.seconds:4g} s: {100 * heard.right_centre / n:5.1f} % from the centre, "
            f"{100 * heard.right_all / n:5.1f} % from all {heard.excerpts_a_track} excerpts"
        )
    return {
        "n": n,
        "tracks_in_split": len(names),
        "lengths": [heard.as_json() for heard in found],
    }


COMMAND = Measurement(measure)
