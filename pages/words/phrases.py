"""How numbers and names are written on every page."""

from collections.abc import Sequence

from model.explain.methods import METHODS
from model.genres import members_of

# Between a number and its unit, so that they stay on one line.
NBSP = "\u00a0"

_GENRE_NAMES = {"hiphop": "hip hop"}


def genre_name(genre: str) -> str:
    """Write a class as in running text, such as "hip hop" or "rock or metal"."""
    return listed([_GENRE_NAMES.get(member, member) for member in members_of(genre)], "or")


def percent(share: float) -> str:
    """Write a share as a whole percentage; one that is small but not nothing as "under 1 %"."""
    if 0 < share < 0.01:
        return f"under 1{NBSP}%"
    return f"{share:.0%}".replace("%", f"{NBSP}%")


def clock(seconds: float) -> str:
    """Write a time in a clip as minutes and seconds, such as "1:05"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Join names as in running text: "jazz, pop and rock"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def sentence(text: str) -> str:
    """Begin with a capital letter, leaving the rest as it is."""
    return text[:1].upper() + text[1:]


def about_seconds(seconds: float) -> str:
    """Say roughly how long something takes: "under a second", "about 12 s"."""
    return "under a second" if seconds < 1 else f"about {seconds:.0f}{NBSP}s"


def evidence_title(method: str, genre: str) -> str:
    """Say in a few words what a heatmap shows."""
    if METHODS[method].per_class:
        return f"What speaks for {genre_name(genre)}"
    return "What matters to all ten genres"
