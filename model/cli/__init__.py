"""Commands of ``python -m model``, one a file."""

import argparse
import os
import sys
from collections.abc import Sequence

from model.cli import (
    agreement,
    bench,
    calibration,
    compare,
    evaluate,
    explain,
    faithfulness,
    genre_sounds,
    length,
    localisation,
    robustness,
    sanity,
    scan,
)
from model.networks.classifier import WeightsError

_COMMANDS = (
    explain,
    scan,
    evaluate,
    calibration,
    length,
    robustness,
    compare,
    agreement,
    faithfulness,
    sanity,
    localisation,
    genre_sounds,
    bench,
)


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
    # TensorFlow's notes about this machine's processor would drown the answer.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    parser = argparse.ArgumentParser(
        prog="python -m model", description="Hear why a network calls a song rock."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_to(commands)
    chosen = parser.parse_args(arguments)
    try:
        chosen.run(chosen)
    except (ValueError, OSError, WeightsError) as error:
        # AudioError is a ValueError. All these texts are written for the user, but for those of
        # the operating system, which begin with a number.
        text = str(error)
        if isinstance(error, OSError) and error.filename is not None:
            text = f"{error.filename}: {error.strerror}"
        print(f"{parser.prog}: {text}", file=sys.stderr)
        return 2
    return 0
