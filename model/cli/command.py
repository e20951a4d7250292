"""The building blocks of commands: options, and the common frame of all measurements."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from model.cli.figures import load_for_songs, load_for_split, write_figures
from model.gtzan.labelled_songs import LabelledSong
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from model.networks.shipped import DEFAULT_MODEL

Figures = dict[str, Any]


def whole_number(text: str) -> int:
    """Read a count of at least 1 from the command line."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 1")
    return int(text)


@dataclass(frozen=True)
class Option:
    """An option of a command.

    Attributes
    ----------
    flag : str
        Such as ``--seed``.
    settings : dict
        Of `argparse.ArgumentParser.add_argument`.
    shown : str, optional
        Stands for the value in a command that is kept, where the value is a path.
    only_if_changed : bool
        Whether a command that is kept leaves the default out.
    """

    flag: str
    settings: dict[str, Any]
    shown: str | None = None
    only_if_changed: bool = False

    def add_to(self, parser: argparse._ActionsContainer) -> None:
        """Add it to a parser, or to a group of one."""
        parser.add_argument(self.flag, **self.settings)

    def words(self, arguments: argparse.Namespace) -> list[str]:
        """Write down the words that give this option its value again."""
        name = self.settings.get("dest", self.flag.lstrip("-").replace("-", "_"))
        value = getattr(arguments, name)
        default = self.settings.get("default")
        if value is None or value is False or (self.only_if_changed and value == default):
            return []
        if value is True:
            return [self.flag]
        if self.shown is not None:
            return [self.flag, self.shown]
        values = value if isinstance(value, list | tuple) else [value]
        return [self.flag, *(f"{v:g}" if isinstance(v, float) else str(v) for v in values)]


@dataclass(frozen=True)
class Command:
    """A command: its options and the function that runs it.

    Attributes
    ----------
    run : callable
        Takes the arguments; raises ValueError, OSError or WeightsError with words for the user.
    options : sequence of Option, or of tuples of them
        In the order of the help; of a tuple only one may be given.
    description : str, optional
        At the top of the help.
    """

    run: Callable[[argparse.Namespace], None]
    options: Sequence[Option | tuple[Option, ...]] = ()
    description: str | None = None

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Set up the parser of this command."""
        for option in self.options:
            if isinstance(option, Option):
                option.add_to(parser)
                continue
            group = parser.add_mutually_exclusive_group()
            for choice in option:
                choice.add_to(group)
        if self.description is not None:
            parser.description = self.description
        parser.set_defaults(run=self.run)


DATA: Final = Option("--data", {"type": Path, "required": True, "help": "folder of GTZAN"})
JSON: Final = Option(
    "--json", {"type": Path, "metavar": "FILE", "help": "also write the figures here"}
)
SPLIT: Final = Option("--split", {"default": "random_test", "help": "a list in DATA/splits"})
MODEL: Final = Option("--model", {"default": DEFAULT_MODEL, "help": "name in model/weights"})
_MODEL_OF_SPLIT: Final = Option(
    "--model", {"help": "name in model/weights (default: that of the split)"}
)


@dataclass(frozen=True)
class Measurement:
    """A command that measures a network, prints what it finds, and keeps the figures.

    Attributes
    ----------
    measure : callable
        Takes the arguments, the network and the names of the tracks; prints the figures in
        words and returns them as plain numbers.
    options : sequence of Option
        Of this measurement: those that decide its figures.
    on_split : bool
        Whether the tracks are those of a split, which the network has not learned from;
        otherwise there are no names.
    eyes : bool
        Whether only the network on pictures is measured, without the ear beside it.
    check : callable, optional
        Raises ValueError if the arguments do not go together.
    on_songs : callable, optional
        Takes the network and songs, where the folder holds others than GTZAN's, and does with
        them what `measure` does with tracks. Without it only GTZAN is measured.
    """

    measure: Callable[[argparse.Namespace, Classifier, list[str]], Figures]
    options: Sequence[Option] = ()
    on_split: bool = True
    eyes: bool = False
    check: Callable[[argparse.Namespace], None] = field(default=lambda _: None)
    on_songs: Callable[[Classifier, list[LabelledSong]], Figures] | None = None

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Set up the parser of this command."""
        shared = (SPLIT, _MODEL_OF_SPLIT) if self.on_split else (MODEL,)
        for option in (DATA, JSON, *shared, *self.options):
            option.add_to(parser)
        parser.set_defaults(run=self.run)

    def run(self, arguments: argparse.Namespace) -> None:
        """Measure, print and keep the figures.

        Parameters
        ----------
        arguments : argparse.Namespace
            Of the command line.

        Raises
        ------
        ValueError
            If the arguments do not go together, the network learned from these tracks or songs,
            or none can be heard.
        OSError
            If the data are not there.
        """
        if self.on_songs is not None and (found := load_for_songs(arguments)):
            classifier, songs = found
            figures = self.on_songs(classifier, songs)
            write_figures(arguments, arguments.command, figures, classifier, "PATH/TO/SONGS")
            return
        self.check(arguments)
        if self.on_split:
            classifier, names = load_for_split(arguments, eyes=self.eyes)
            figures = {"split": arguments.split}
        else:
            classifier, names = load_classifier(arguments.model), []
            classifier = (classifier.eyes or classifier) if self.eyes else classifier
            figures = {}
        figures |= self.measure(arguments, classifier, names)
        deciding = (SPLIT, *self.options) if self.on_split else self.options
        write_figures(arguments, kept_command(arguments, deciding), figures, classifier)


def kept_command(arguments: argparse.Namespace, options: Sequence[Option]) -> str:
    """Name of the command with the options that decide its figures."""
    return " ".join(
        [arguments.command, *(w for option in options for w in option.words(arguments))]
    )
