"""What the measuring commands share: loading the model and tracks, and writing figures."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from model.evaluation.verdicts.songs import other_songs
from model.gtzan.fingerprint import recorded
from model.gtzan.labelled_songs import LabelledSong
from model.gtzan.splits import read_split
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from model.networks.shipped import DEFAULT_MODEL
from model.records import write_json

_PROJECT: Final = Path(__file__).parents[2]


def load_for_split(
    arguments: argparse.Namespace, *, eyes: bool = False
) -> tuple[Classifier, list[str]]:
    """Load the model to be measured and the names of the tracks to measure it on.

    Parameters
    ----------
    arguments : argparse.Namespace
        With `data`, `split` and `model`; without a model, that of the split's protocol.
    eyes : bool
        Whether to leave an ear out and measure the network on pictures by itself.

    Returns
    -------
    classifier : Classifier
        The model.
    names : list of str
        Tracks of the split.

    Raises
    ------
    ValueError
        If the model learned from some of the tracks.
    OSError
        If the data are not there.
    """
    names = read_split(arguments.data, arguments.split)
    protocol = arguments.split.partition("_")[0]
    classifier = load_classifier(arguments.model or f"two-ears-{protocol}")
    if eyes:
        classifier = classifier.eyes or classifier
    learned = learned_from(classifier, names)
    if learned:
        raise ValueError(
            f"{classifier.name} learned from {len(learned)} of the {len(names)} tracks of "
            f"{arguments.split}, so its figures on them would mean nothing. Choose the model "
            "of that protocol with --model, or another --split."
        )
    return classifier, names


def load_for_songs(
    arguments: argparse.Namespace,
) -> tuple[Classifier, list[LabelledSong]] | None:
    """Load the model to be measured, and list the songs of a folder, if they are not GTZAN's.

    Parameters
    ----------
    arguments : argparse.Namespace
        With `data` and `model`; without a model, the app's.

    Returns
    -------
    classifier : Classifier
        The model.
    songs : list of LabelledSong
        The songs. None instead of the two if the folder holds GTZAN.

    Raises
    ------
    ValueError
        If the model learned from some of these songs.
    """
    songs = other_songs(arguments.data)
    if not songs:
        return None
    classifier = load_classifier(arguments.model or DEFAULT_MODEL)
    learned = learned_from(classifier, [song.name for song in songs])
    if learned:
        raise ValueError(
            f"{classifier.name} learned from {len(learned)} of these songs, so its figures on "
            "them would mean nothing. Choose other songs."
        )
    return classifier, songs


def learned_from(classifier: Classifier, names: Iterable[str]) -> set[str]:
    """List the tracks that a model learned from, as recorded on its card."""
    return recorded(classifier.card, "train", names)


def write_figures(
    arguments: argparse.Namespace,
    command: str,
    figures: dict[str, Any],
    classifier: Classifier | None = None,
    data: str = "PATH/TO/GTZAN",
) -> None:
    """Write figures with the command that makes them again, if --json asks for it.

    Parameters
    ----------
    arguments : argparse.Namespace
        Its `json` says where to.
    command : str
        Name of the command, with the options that decide the figures.
    figures : dict
        What was measured, as plain numbers.
    classifier : Classifier, optional
        What was measured; its name and SHA-256 are kept.
    data : str
        Stands for the folder of the data.
    """
    if arguments.json is None:
        return
    path = arguments.json.resolve()
    # A path outside the project stays private.
    shown = path.relative_to(_PROJECT) if path.is_relative_to(_PROJECT) else Path(path.name)
    words = [f"python -m model {command} --data {data}"]
    kept = dict(figures)
    if classifier is not None:
        words.append(f"--model {classifier.name}")
        kept["model"] = {"name": classifier.name, "sha256": classifier.sha256}
    words.append(f"--json {shown.as_posix()}")
    kept["command"] = " ".join(words)
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    write_json(kept, arguments.json)
