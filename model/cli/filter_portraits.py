"""``python -m model filter-portraits``: what each filter of a network answers to."""

import argparse
from pathlib import Path
from typing import Final

from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.cli.command import Figures, Measurement, Option
from model.evaluation.filters.measures import new_artists
from model.evaluation.filters.portraits import portraits
from model.gtzan.artists import read_artists
from model.gtzan.pictures import load_pictures
from model.gtzan.splits import read_split
from model.networks.classifier import Classifier

_SAMPLES: Final = Path(__file__).parents[2] / "assets" / "samples"


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Ask every filter about the test tracks of new artists and about our samples.

    Raises
    ------
    ValueError
        If no track is known to be by an artist that was not learned from.
    """
    protocol = arguments.split.partition("_")[0]
    learned = read_split(arguments.data, f"{protocol}_train")
    chosen = new_artists(names, learned, read_artists(arguments.data))
    if not chosen:
        raise ValueError(
            f"No track of {arguments.split} is known to be by an artist that the network did not "
            "learn from. The list of artists is DATA/splits/artist_groups.tsv."
        )
    samples = {
        path.name: prepare(decode(path.read_bytes(), path.name)).levels
        for path in sorted(arguments.samples.glob("*.ogg"))
    }
    layers = portraits(classifier, load_pictures(arguments.data).of(chosen), samples)
    for layer in layers:
        clear = sum(one["alive"] and one["purity"] >= 0.5 for one in layer["filters"])
        print(f"{layer['layer']:9} {len(layer['filters'])} filters, {clear} mostly of one genre")
    return {"tracks": len(chosen), "layers": layers}


SAMPLES = Option(
    "--samples",
    {"type": Path, "default": _SAMPLES, "help": "folder of our samples"},
    shown="assets/samples",
    only_if_changed=True,
)
COMMAND = Measurement(measure, options=(SAMPLES,))
