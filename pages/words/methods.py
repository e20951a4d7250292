"""Ways of explaining a verdict, in words of listeners: what the pages call them and say of them.

A method that has no words here goes by its own label and summary.
"""

from typing import Final, NamedTuple

from model.explain.methods import METHODS


class _Words(NamedTuple):
    """A short name, and one or two sentences."""

    name: str
    sentences: str


_WORDS: Final = {
    "regions": _Words(
        "Short passages",
        "The notes and sounds that tip the verdict towards this genre, and what plays close around "
        "them. On most songs kept aside for checking, the network was even surer of the genre by "
        "this sound alone than by the whole song.",
    ),
    "fine": _Words(
        "Fine detail",
        "Only the single notes and sounds that tip the verdict towards this genre. The sharpest "
        "picture, and a thinner sound.",
    ),
    "listenable": _Words(
        "Enough to tell",
        "Broad passages that are enough to tell this genre by. A helper beside the network has "
        "learned to find them; other passages as broad often do as well.",
    ),
    "cam": _Words(
        "Broad places",
        "Which spans of time and pitch speak for this genre, and which speak against it.",
    ),
    "crm": _Words(
        "All genres at once",
        "Which places matter to the verdict as a whole. The picture is the same whichever genre "
        "you choose.",
    ),
    "crm-class": _Words(
        "Strongest places",
        "As “Broad places”, but the strongest places stand out more.",
    ),
    "lead": _Words(
        "Ahead of the rest",
        "Where this genre is ahead of the other nine, and by how much.",
    ),
}


def method_name(name: str) -> str:
    """Short name of a method, as on a button."""
    return _WORDS[name].name if name in _WORDS else METHODS[name].label


def method_sentences(name: str) -> str:
    """What a method shows, in words of listeners."""
    return _WORDS[name].sentences if name in _WORDS else METHODS[name].summary


def method_help(name: str) -> str:
    """What a method computes, exactly, for the help behind the question mark."""
    method = METHODS[name]
    return f"{method.label}. {method.summary} It takes {method.cost}."
