"""``python -m model example``: explain a sample ahead, for the first page of the app."""

import argparse
import json
from pathlib import Path
from typing import Final

from model.analysis import analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.cli.command import Command, Option
from model.explain.methods import DEFAULT_METHOD
from model.export.example import EXAMPLE_FOLDER, example_of, write_example
from model.networks.assembled import load_classifier

_SAMPLES: Final = Path(__file__).parents[2] / "assets" / "samples"
_LIST: Final = "samples.json"


def run(arguments: argparse.Namespace) -> None:
    """Explain a sample with the app's network, and write what the first page shows of it.

    Raises
    ------
    ValueError
        If there is no such sample, or the network names it wrong: no example for a beginning.
    OSError
        If it cannot be read or the example cannot be written.
    """
    listed = json.loads((_SAMPLES / _LIST).read_text(encoding="utf-8"))
    genres = {entry["file"]: entry["genre"] for entry in listed}
    if arguments.sample not in genres:
        raise ValueError(f"{arguments.sample} is no sample. There are {', '.join(genres)}.")
    clip = decode((_SAMPLES / arguments.sample).read_bytes(), arguments.sample)
    analysis = analyse(prepare(clip), load_classifier())
    (top, probability), genre = analysis.verdict.ranking[0], genres[arguments.sample]
    if top != genre:
        raise ValueError(
            f"The network calls {arguments.sample} {top}, so it is no good example. Name another "
            "sample with --sample."
        )
    write_example(example_of(analysis, DEFAULT_METHOD), arguments.out)
    print(f"{arguments.sample}: {top}, {100 * probability:.1f} %. Written to {arguments.out.name}.")


SAMPLE = Option("--sample", {"default": "rock.ogg", "metavar": "FILE", "help": "in assets/samples"})
OUT = Option(
    "--out",
    {"type": Path, "default": EXAMPLE_FOLDER, "help": "folder (default: that of the app)"},
)
COMMAND = Command(run, options=(SAMPLE, OUT))
