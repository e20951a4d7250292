"""``python -m model explain FILE``: the verdict on one file, its evidence as picture and sound."""

import argparse
from pathlib import Path
from typing import Final

import numpy as np

from model.analysis import analyse
from model.audio.clip import AudioError, Clip, decode
from model.audio.excerpt import Excerpt, prepare, sound_after, sound_start
from model.audio.masking import BED_DB, THRESHOLD
from model.audio.reading import read_file
from model.cli.command import Command, Option
from model.constants import GENRES
from model.explain.methods import DEFAULT_METHOD, METHODS
from model.export.download import Download
from model.networks.assembled import load_classifier
from model.records import write_json
from model.songs.names import text_of

# Less of a clip's energy, 20 dB below the clip, is hardly to be heard beside it.
_LITTLE: Final = 0.01


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text} is not a share from 0 to 1")
    return value


def run(arguments: argparse.Namespace) -> None:
    """Explain a file.

    Raises
    ------
    AudioError
        If the file cannot be used.
    OSError
        If it cannot be read or the results cannot be written.
    """
    clip = decode(read_file(arguments.file), text_of(arguments.file.name))
    excerpt = _excerpt(clip, arguments.start)
    analysis = analyse(excerpt, load_classifier())
    genre = arguments.genre or analysis.verdict.top
    taken = Download(analysis, arguments.method, genre, arguments.threshold, bed=arguments.bed)
    label = METHODS[arguments.method].label_for(genre)

    folder: Path = arguments.out
    folder.mkdir(parents=True, exist_ok=True)
    write_json({**taken.numbers, "file": text_of(arguments.file)}, folder / "result.json")
    np.save(folder / "relevance.npy", analysis.relevance(arguments.method, genre))
    (folder / "kept.wav").write_bytes(taken.sounds.wav("kept"))
    (folder / "rest.wav").write_bytes(taken.sounds.wav("rest"))
    (folder / "picture.png").write_bytes(taken.picture())

    for note in clip.notes:
        print(f"Note: {note}")
    if excerpt.start < (sound := sound_start(clip)):
        print(
            f"Note: The first {sound:g} s are silent and do not count. "
            f"With --start {sound:g} all that is heard is sound."
        )
    for name, probability in analysis.verdict.ranking:
        print(f"{name:10} {100 * probability:5.1f} %")
    print(f"{label}: {kept_in_words(taken.sounds.kept_share)} Written to {text_of(folder)}.")


def kept_in_words(share: float) -> str:
    """Say how much of the energy is kept, and what to do where that is hardly to be heard."""
    if share >= _LITTLE:
        return f"kept {100 * share:.0f} % of the energy."
    kept = "under 1 %" if share > 0 else "0 %"
    return (
        f"kept {kept} of the energy, which is hardly to be heard. A lower --threshold keeps more."
    )


def _excerpt(clip: Clip, start: float) -> Excerpt:
    """Cut out what is explained; where that is silent, say from where on there is sound."""
    try:
        return prepare(clip, start)
    except AudioError as error:
        sound = sound_after(clip, start) if error.code == "silent" else None
        if sound is None:
            raise
        raise AudioError(
            "silent", f"{error} Sound begins at about {sound:g} s: add --start {sound:g}."
        ) from error


FILE: Final = Option("file", {"type": Path, "help": "a song, in any format that ffmpeg knows"})
OPTIONS: Final = (
    FILE,
    Option("--method", {"choices": METHODS, "default": DEFAULT_METHOD}),
    Option("--class", {"dest": "genre", "choices": GENRES, "help": "default: the winner"}),
    Option(
        "--threshold",
        {"type": _share, "default": THRESHOLD, "help": "share of the peak, 0 to 1"},
    ),
    Option(
        "--bed",
        {
            "action": "store_true",
            "help": f"leave the rest around what is kept, {BED_DB:g} dB quieter",
        },
    ),
    Option("--start", {"type": float, "default": 0.0, "help": "where to begin, in seconds"}),
    Option("--out", {"type": Path, "default": Path("out"), "help": "folder to write to"}),
)
COMMAND: Final = Command(run, options=OPTIONS)
