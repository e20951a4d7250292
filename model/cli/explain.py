"""``python -m model explain FILE``: the verdict on one file, its evidence as picture and sound."""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from model.analysis import analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.audio.masking import THRESHOLD
from model.constants import GENRES
from model.explain.methods import DEFAULT_METHOD, METHODS
from model.export.download import Download
from model.networks.classifier import load_classifier


def _share(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text} is not a share from 0 to 1")
    return value


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "explain", help="say which genre the network hears in a file, and why"
    )
    parser.add_argument("file", type=Path, help="a song, in any format that ffmpeg knows")
    parser.add_argument("--method", choices=METHODS, default=DEFAULT_METHOD)
    parser.add_argument("--class", dest="genre", choices=GENRES, help="default: the winner")
    parser.add_argument(
        "--threshold", type=_share, default=THRESHOLD, help="share of the peak, 0 to 1"
    )
    parser.add_argument("--start", type=float, default=0.0, help="where to begin, in seconds")
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder to write to")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Explain a file.

    Raises
    ------
    AudioError
        If the file cannot be used.
    OSError
        If it cannot be read or the results cannot be written.
    """
    clip = decode(arguments.file.read_bytes(), arguments.file.name)
    excerpt = prepare(clip, arguments.start)
    analysis = analyse(excerpt, load_classifier())
    genre = arguments.genre or analysis.verdict.top
    taken = Download(analysis, arguments.method, genre, arguments.threshold)
    label = METHODS[arguments.method].label_for(genre)

    folder: Path = arguments.out
    folder.mkdir(parents=True, exist_ok=True)
    result = {**taken.numbers, "file": str(arguments.file)}
    (folder / "result.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    np.save(folder / "relevance.npy", analysis.relevance(arguments.method, genre))
    (folder / "kept.wav").write_bytes(taken.sounds.wav("kept"))
    (folder / "rest.wav").write_bytes(taken.sounds.wav("rest"))
    (folder / "picture.png").write_bytes(taken.picture())

    for note in clip.notes:
        print(f"Note: {note}")
    for name, probability in analysis.verdict.ranking:
        print(f"{name:10} {100 * probability:5.1f} %")
    print(
        f"{label}: kept {100 * taken.sounds.kept_share:.0f} % of the energy. Written to {folder}."
    )
