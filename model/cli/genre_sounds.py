"""``python -m model genre-sounds``: what each genre looks, reads and sounds like to the network."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.audio.spectrogram import mel_frequencies
from model.cli.arguments import SEED
from model.cli.command import DATA, Command, Option
from model.cli.figures import load_for_split
from model.constants import N_MELS
from model.genre_portraits.sounds import TAKES, MadeSound, make_sounds
from model.genre_portraits.summary import CONTRAST_LEVEL, summarise
from model.genre_portraits.tracks import (
    FRAME_RATE,
    METHOD,
    RANGE_EDGES_HZ,
    RATE_EDGES_HZ,
    TrackPortrait,
    portray,
    rates,
)
from model.gtzan.pictures import load_pictures
from model.networks.classifier import Classifier, weights_of
from model.records import write_json

_FOLDER: Final = Path(__file__).parents[2] / "assets" / "genres"
_LIST: Final = "genres.json"
_SPLIT: Final = "random_test"
PORTRAITS, SOUNDS = "portraits", "sounds"


def run(arguments: argparse.Namespace) -> None:
    """Make averages over the test tracks, and sounds that need no track at all.

    Raises
    ------
    ValueError
        If the model learned from these tracks, or a part that is to be kept was made with
        other weights or another seed.
    OSError
        If the data are not there or the results cannot be written.
    """
    arguments.split, arguments.model = _SPLIT, None
    classifier, names = load_for_split(arguments, eyes=True)
    made = {
        "command": f"python -m model genre-sounds --data PATH/TO/GTZAN --seed {arguments.seed}",
        "model": {"name": classifier.name, "sha256": classifier.sha256},
        "seed": arguments.seed,
    }
    kept = _kept(arguments, made)
    arguments.out.mkdir(parents=True, exist_ok=True)
    if PORTRAITS not in kept:
        kept[PORTRAITS] = _portraits(classifier, arguments, names)
    if SOUNDS not in kept:
        kept[SOUNDS] = _sounds(classifier, arguments)
    content = {**made, PORTRAITS: kept[PORTRAITS], SOUNDS: kept[SOUNDS]}
    write_json(content, arguments.out / _LIST)


def _kept(arguments: argparse.Namespace, made: dict[str, Any]) -> dict[str, Any]:
    """Read the part that is not to be made anew."""
    if arguments.only is None:
        return {}
    path = arguments.out / _LIST
    if not path.is_file():
        raise ValueError(f"There is no {path.name} whose other part could be kept. Omit --only.")
    before = json.loads(path.read_text(encoding="utf-8"))
    if any(before[key] != value for key, value in made.items()):
        raise ValueError(
            f"The other part of {path.name} was made with other weights or another seed, and "
            "both belong together. Omit --only."
        )
    return {key: before[key] for key in (PORTRAITS, SOUNDS) if key != arguments.only}


def _portraits(
    classifier: Classifier, arguments: argparse.Namespace, names: list[str]
) -> dict[str, Any]:
    tracks = load_pictures(arguments.data).of(names)
    portraits: dict[str, list[TrackPortrait]] = {genre: [] for genre in classifier.genres}
    counts = {genre: {"tracks": 0, "right": 0} for genre in classifier.genres}
    for index, label in enumerate(tracks.labels.tolist()):
        portrait = portray(classifier, tracks.levels(index), label)
        genre = classifier.genres[label]
        counts[genre]["tracks"] += 1
        if portrait is not None:
            counts[genre]["right"] += portrait.right
            portraits[genre].append(portrait)
    summaries = summarise(portraits, arguments.seed)
    for genre, count in counts.items():
        print(f"{genre:10} {count['tracks']} tracks, {count['right']} of them named right")
    grid = classifier.grid
    rows = grid.band_offset + grid.band_stride * np.arange(len(summaries[genre]["profile"]))
    return {
        "split": arguments.split,
        "method": METHOD,
        "frames_per_second": round(FRAME_RATE, 3),
        "seconds_per_cell": round(grid.frame_stride / FRAME_RATE, 4),
        "rows_hz": np.interp(rows, np.arange(N_MELS), mel_frequencies()).round(1).tolist(),
        "range_edges_hz": list(RANGE_EDGES_HZ),
        "rate_edges_hz": list(RATE_EDGES_HZ),
        "rates_hz": rates().round(4).tolist(),
        "contrast_level": CONTRAST_LEVEL,
        "genres": {genre: counts[genre] | summaries[genre] for genre in classifier.genres},
    }


def _sounds(classifier: Classifier, arguments: argparse.Namespace) -> dict[str, Any]:
    listed: dict[str, list[dict[str, Any]]] = {genre: [] for genre in classifier.genres}
    for sound in _make(classifier, arguments.seed):
        file = f"{sound.genre}-{len(listed[sound.genre]) + 1}.ogg"
        (arguments.out / file).write_bytes(sound.ogg)
        listed[sound.genre].append(sound.as_json(file, classifier.genres))
        heard = float(sound.heard[classifier.genres.index(sound.genre)])
        print(
            f"{file:16} {sound.take.kind:12} {100 * sound.wanted:5.1f} % as spectrogram, "
            f"{100 * heard:5.1f} % as sound",
            flush=True,
        )
    return listed


def _make(classifier: Classifier, seed: int) -> Iterator[MadeSound]:
    from model.networks.loading import load_network  # noqa: PLC0415  # Keras takes seconds to import

    network = load_network(weights_of(classifier))
    for index, take in enumerate(TAKES):
        yield from make_sounds(network, classifier, take, seed + index)


ONLY = Option(
    "--only",
    {"choices": (PORTRAITS, SOUNDS), "help": "make this part anew and keep the other"},
)
OUT = Option("--out", {"type": Path, "default": _FOLDER, "help": "folder to write to"})
COMMAND = Command(run, options=(DATA, ONLY, OUT, SEED))
