"""Arguments that several commands read alike."""

import argparse

from model.constants import MIN_SECONDS, WINDOW_SECONDS
from model.evaluation.maps.methods import EXPLAINERS
from model.evaluation.maps.subjects import SECONDS


def whole_number(text: str) -> int:
    """Read a count of at least 1 from the command line."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 1")
    return int(text)


def seconds(text: str) -> float:
    """Read a length that the network can hear from the command line."""
    try:
        length = float(text)
    except ValueError:
        length = 0.0
    if not MIN_SECONDS <= length <= WINDOW_SECONDS:
        raise argparse.ArgumentTypeError(
            f"{text} is not a length from {MIN_SECONDS:g} to {WINDOW_SECONDS:g} seconds"
        )
    return length


def add_methods(parser: argparse.ArgumentParser, default: tuple[str, ...]) -> None:
    """Add --methods and --seed."""
    parser.add_argument(
        "--methods",
        nargs="+",
        choices=EXPLAINERS,
        default=default,
        metavar="METHOD",
        help=f"of {', '.join(EXPLAINERS)} (default: {', '.join(default)})",
    )
    parser.add_argument("--seed", type=int, default=0, help="of every random draw")


def add_seconds(parser: argparse.ArgumentParser) -> None:
    """Add --seconds."""
    parser.add_argument(
        "--seconds", type=seconds, default=SECONDS, help="how much of each track, from its middle"
    )


def refuse_to_choose_on_test(arguments: argparse.Namespace) -> None:
    """Raise ValueError if variants are to be compared on test tracks."""
    if arguments.variants and not arguments.split.endswith("_valid"):
        raise ValueError(
            "Variants are compared to choose one, and no choice may be made on test tracks. "
            "Add --split random_valid."
        )
