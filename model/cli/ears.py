"""``python -m model ears``: whether a verdict needs its evidence in place, and its own ear."""

import argparse
from collections.abc import Iterator

import numpy as np

from model.cli.arguments import SEED, tracks
from model.cli.command import Figures, Measurement
from model.evaluation.verdicts.ears import look_inside, open_up, right_by_condition, verdicts
from model.evaluation.verdicts.scoring import sounds_of
from model.gtzan.labelled_songs import read_sound
from model.gtzan.pictures import load_pictures
from model.networks.classifier import Classifier
from model.types import Float32


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Judge tracks with sound as they are, rearranged, and with parts of other tracks."""
    sounds = sounds_of(arguments.data, names)
    chosen = sorted(sounds)
    if arguments.tracks:
        chosen = list(np.random.default_rng(arguments.seed).permutation(chosen))
        chosen = sorted(chosen[: arguments.tracks])
    if len(chosen) < 2:
        raise ValueError(f"There is sound of {len(chosen)} of these tracks; two are needed.")
    pictures = load_pictures(arguments.data).of([str(name) for name in chosen])
    eyes = classifier.eyes or classifier

    def songs() -> Iterator[tuple[Float32, Float32]]:
        for index, name in enumerate(pictures.names):
            yield pictures.levels(index), read_sound(sounds[name])

    inside = look_inside(open_up(classifier), classifier, songs())
    found = verdicts(inside, eyes.kernel, eyes.bias, arguments.seed)
    rows = right_by_condition(found, pictures.labels)
    print(f"{classifier.name} on {len(pictures)} tracks of {arguments.split} with sound")
    for row in rows:
        print(
            f"{100 * row['accuracy']:5.1f} % right, mean over genres "
            f"{100 * row['mean_over_genres']:5.1f} %: {row['what']}"
        )
    return {"n": len(pictures), "seed": arguments.seed, "conditions": rows}


COMMAND = Measurement(measure, options=(tracks(100), SEED))
