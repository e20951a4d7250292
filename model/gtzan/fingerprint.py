"""The tracks that a network learned from and was chosen on, as recorded on its card.

A figure on tracks that a network has learned from means nothing, whichever lists are used to
measure it. So the card records them, as a short digest each instead of the data set's own
list.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

PARTS: Final = ("train", "valid")
# 32 bits: no two of the thousand tracks of GTZAN share a digest, as a test shows.
_DIGITS: Final = 8


def digest(name: str) -> str:
    """Compute the first digits of the SHA-256 of a track's name, such as rock.00012."""
    return hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]


def record(parts: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Record tracks for a model card.

    Parameters
    ----------
    parts : mapping of str to iterable of str
        Names of the tracks of each of PARTS.

    Returns
    -------
    dict
        The same with the names' digests, sorted, in one line of text each.
    """
    return {part: " ".join(sorted(map(digest, names))) for part, names in parts.items()}


def recorded(card: Mapping[str, Any], part: str, names: Iterable[str]) -> set[str]:
    """Select the tracks that a network learned from or was chosen on.

    Parameters
    ----------
    card : mapping
        The network's card.
    part : str
        One of PARTS.
    names : iterable of str
        Tracks to ask about.

    Returns
    -------
    set of str
        Those of `names` that are on the card's list.

    Raises
    ------
    ValueError
        If the card does not record them.
    """
    try:
        digests = frozenset(card["training"]["tracks"][part].split())
    except KeyError:
        raise ValueError(
            f"The card of {card.get('name', 'this model')} does not say which tracks it learned "
            "from, so no figure on any track could be trusted. Train and publish it again."
        ) from None
    return {name for name in names if digest(name) in digests}
