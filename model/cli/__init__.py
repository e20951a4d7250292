"""Commands of ``python -m model``, one a file.

A command is loaded when it is called: the others, with the libraries that they need, would take
seconds.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

# What each command does. Its file has the same name, with _ for -, and a COMMAND.
_COMMANDS: Final = {
    "explain": "say which genre the network hears in a file, and why",
    "scan": "say which genre the network hears in each song of a folder",
    "evaluate": "measure the accuracy on a split of GTZAN",
    "calibration": "hold the probabilities against how often they are right",
    "familiarity": "see whether songs unlike those of training are more often named wrong",
    "length": "measure the accuracy on excerpts of 3, 5, 10 and 30 s",
    "robustness": "alter real recordings (MP3, noise, gain, speed) and ask again",
    "ears": "rearrange the evidence, swap gates and ears, and ask again",
    "compare": "put trained networks beside each other on the test tracks",
    "agreement": "compare the verdicts on real audio with those on stored pictures",
    "faithfulness": "measure whether the sound that a map keeps carries the verdict",
    "played": "hear what the app plays of the evidence, and what it would be by chance",
    "judges": "let networks that share nothing judge each other's evidence",
    "sanity": "check that maps depend on what the network learned, and on the class",
    "localisation": "measure whether a class's map lies where that class's sound is",
    "parts": "learn the parts of a verdict again, and take them away",
    "filters": "compare filters that were trained with and without the filter loss",
    "filter-portraits": "find what each filter of a network answers to, for the page on filters",
    "genre-sounds": "make what the page on the sound of the genres shows and plays",
    "genre-passages": "find where our samples speak most for each genre and its parts",
    "example": "explain a sample ahead, for the first page of the app",
    "bench": "time one explanation, from bytes to sound",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process by default.

    Returns
    -------
    int
        Exit status: 0, or 2 for input that cannot be used, after a message on stderr.
    """
    # TensorFlow's notes about the processor would bury the answer.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What a terminal cannot show is written as a code.
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(
        prog="python -m model", description="Hear why a network calls a song rock."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, purpose in _COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
        command.set_defaults(command=name)
        if name in arguments:
            import_module(f"{__name__}.{name.replace('-', '_')}").COMMAND.add_to(command)
    chosen = parser.parse_args(arguments)
    from model.networks.shipped import WeightsError  # noqa: PLC0415  # --help needs no network

    try:
        chosen.run(chosen)
    except (ValueError, OSError, WeightsError) as error:
        print(f"{parser.prog}: {_words(error)}", file=sys.stderr)
        return 2
    return 0


def _words(error: Exception) -> str:
    """Text of an error: written for the user, but for those of the operating system."""
    from model.songs.names import text_of  # noqa: PLC0415  # as above

    # An operating system's message begins with a number, and its file's name may be no text.
    if isinstance(error, OSError) and isinstance(error.filename, str | bytes | Path):
        return f"{text_of(os.fsdecode(error.filename))}: {error.strerror}"
    return str(error)
