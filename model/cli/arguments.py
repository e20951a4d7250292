"""Options that several commands share."""

import argparse
from typing import Final

from model.cli.command import Option, whole_number
from model.constants import MIN_SECONDS, WINDOW_SECONDS
from model.evaluation.maps.methods import EXPLAINERS
from model.evaluation.maps.subjects import SECONDS as USUAL_SECONDS
from model.explain.methods import QUICK_METHODS


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


SEED: Final = Option("--seed", {"type": int, "default": 0, "help": "of every random draw"})
SECONDS: Final = Option(
    "--seconds",
    {"type": seconds, "default": USUAL_SECONDS, "help": "how much of each track, from its middle"},
)


def tracks(default: int) -> Option:
    """Option --tracks with this default."""
    text = "at most; those with audio come first"
    return Option("--tracks", {"type": whole_number, "default": default, "help": text})


def methods(
    default: tuple[str, ...], only_if_changed: bool = True, more: tuple[str, ...] = ()
) -> Option:
    """Option --methods with this default, also of some that only one command knows."""
    offered = (*EXPLAINERS, *more)
    settings = {
        "nargs": "+",
        "choices": offered,
        "default": default,
        "metavar": "METHOD",
        "help": f"of {', '.join(offered)} (default: {', '.join(default)})",
    }
    return Option("--methods", settings, only_if_changed=only_if_changed)


def quick_methods(default: tuple[str, ...]) -> Option:
    """Option --methods with this default, of the methods that the whole network has."""
    settings = {
        "nargs": "+",
        "choices": list(QUICK_METHODS),
        "default": default,
        "metavar": "METHOD",
        "help": f"of {', '.join(QUICK_METHODS)} (default: {', '.join(default)})",
    }
    return Option("--methods", settings, only_if_changed=True)


def refuse_to_choose_on_test(arguments: argparse.Namespace) -> None:
    """Raise ValueError if variants are to be compared on test tracks."""
    if arguments.variants and not arguments.split.endswith("_valid"):
        raise ValueError(
            "Variants are compared to choose one, and no choice may be made on test tracks. "
            "Add --split random_valid."
        )
