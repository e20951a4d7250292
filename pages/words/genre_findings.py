"""What the figures of a genre say in plain words, by rules: nothing here is written by hand.

A sentence on a difference stands only where the interval of that difference leaves 0 out
and the difference is large enough to matter.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from pages.words.phrases import NBSP, listed, percent

# Of the other genres' mean: a smaller difference is not worth a sentence, however certain.
_LEAST: Final = 0.1


class _Rule(NamedTuple):
    """What is said of one figure where it is above, or below, that of the other genres.

    Each is a word for the summary and a sentence, in which {own} and {others} are figures.
    """

    above: tuple[str, str]
    below: tuple[str, str]


_RULES: Final = {
    "coming_and_going": _Rule(
        above=(
            "in bursts",
            "What speaks for it comes in bursts: it swings by {own} of its average over time, in "
            "the other genres by {others}.",
        ),
        below=(
            "sustained",
            "What speaks for it is sustained: it swings by {own} of its average over time, in the "
            "other genres by {others}.",
        ),
    ),
    "pulse": _Rule(
        above=(
            "with a steadier beat",
            "Its beat is steadier: from one beat to the next its attacks are {own} alike, in the "
            "other genres {others}.",
        ),
        below=(
            "with a looser beat",
            "Its beat is looser: from one beat to the next its attacks are {own} alike, in the "
            "other genres {others}.",
        ),
    ),
    "percussive": _Rule(
        above=(
            "drum-like",
            "More of it comes from drums and attacks: {own}, in the other genres {others}.",
        ),
        below=(
            "tonal",
            "More of it comes from held notes: only {own} from drums and attacks, in the other "
            "genres {others}.",
        ),
    ),
    "gini": _Rule(
        above=(
            "in few places",
            "It is gathered in few places: {own} on a scale from 0, everywhere alike, to 1, in one "
            "place (Gini index), in the other genres {others}.",
        ),
        below=(
            "spread out",
            "It is spread over many places: {own} on a scale from 0, everywhere alike, to 1, in "
            "one place (Gini index), in the other genres {others}.",
        ),
    ),
}


class Findings(NamedTuple):
    """What is to be said of a genre.

    Attributes
    ----------
    summary : str
        In a few words, such as "2 to 8 kHz, sustained".
    sentences : list of str
        One a finding, with its figures.
    """

    summary: str
    sentences: list[str]


def findings(genre: Mapping[str, Any], averages: Mapping[str, Any]) -> Findings:
    """Say what sets a genre's evidence apart from that of the other genres.

    Parameters
    ----------
    genre : mapping
        A genre's summary, as `python -m model genre-sounds` writes it.
    averages : mapping
        What the averages of all genres have in common: "range_edges_hz", "rate_edges_hz".

    Returns
    -------
    Findings
        Always at least where the evidence lies.
    """
    words, sentences = _where(genre["ranges"], averages["range_edges_hz"])
    for name, rule in _RULES.items():
        side = side_of(genre[name])
        if side:
            word, text = rule.above if side > 0 else rule.below
            words.append(word)
            own, others = (_written(name, genre[name][key]) for key in ("value", "others"))
            sentences.append(text.format(own=own, others=others))
    sentences += _how_fast(genre["rates"], averages["rate_edges_hz"])
    return Findings(", ".join(words), sentences)


def _how_fast(rates: Sequence[Mapping[str, Any]], edges_hz: Sequence[float]) -> list[str]:
    """Say at which rates there is more movement than in other genres."""
    more = _stretches(rates, 1)
    if not more:
        return []
    names = [f"{edges_hz[first]:g} to {edges_hz[last]:g} times a second" for first, last in more]
    return [
        f"Its sound rises and falls more than in the other genres {listed(names)}: "
        f"{_shares(rates, more)} of the movement."
    ]


def side_of(figure: Mapping[str, Any]) -> int:
    """Tell whether a figure is above (1) or below (-1) that of the other genres, or neither (0).

    It is neither where the interval of the difference holds 0, or the difference is small.
    """
    difference = figure["difference"]
    if abs(difference["value"]) < _LEAST * abs(figure["others"]):
        return 0
    return int(difference["low"] > 0) - int(difference["high"] < 0)


def _written(name: str, value: float) -> str:
    return f"{value:.2f}" if name == "gini" else percent(max(value, 0.0))


def _where(
    ranges: Sequence[Mapping[str, Any]], edges_hz: Sequence[float]
) -> tuple[list[str], list[str]]:
    """Say between which frequencies there is more evidence than in other genres, and less."""
    more, less = (_stretches(ranges, side) for side in (1, -1))
    words, sentences = [], []
    if more:
        names = [range_name(edges_hz[first], edges_hz[last], edges_hz[-1]) for first, last in more]
        words.append(listed(names))
        shares = _shares(ranges, more)
        sentences.append(
            f"More of its evidence than in the other genres lies {listed(names)}: {shares}."
        )
    else:
        strongest = max(range(len(ranges)), key=lambda index: ranges[index]["value"])
        name = range_name(edges_hz[strongest], edges_hz[strongest + 1], edges_hz[-1])
        words.append(f"most of all {name}")
        sentences.append(
            "No range of frequencies stands out beside the other genres. The largest share lies "
            f"{name}: {_shares(ranges, [(strongest, strongest + 1)])}."
        )
    if less:
        names = [range_name(edges_hz[first], edges_hz[last], edges_hz[-1]) for first, last in less]
        sentences.append(f"Less lies {listed(names)}: {_shares(ranges, less)}.")
    return words, sentences


def _stretches(ranges: Sequence[Mapping[str, Any]], side: int) -> list[tuple[int, int]]:
    """Join neighbouring ranges on one side of the other genres: (first, one past the last)."""
    found: list[tuple[int, int]] = []
    for index, figure in enumerate(ranges):
        if side_of(figure) == side:
            first = found.pop()[0] if found and found[-1][1] == index else index
            found.append((first, index + 1))
    return found


def _shares(ranges: Sequence[Mapping[str, Any]], spans: list[tuple[int, int]]) -> str:
    pairs = []
    for first, last in spans:
        own, others = (
            sum(figure[key] for figure in ranges[first:last]) for key in ("value", "others")
        )
        pairs.append(f"{percent(own)} against {percent(others)}")
    return listed(pairs)


def range_name(low: float, high: float, highest: float) -> str:
    """Name a range of frequencies, such as "from 250 to 500 Hz", "below 1 kHz", "above 4 kHz"."""
    if low <= 0:
        return f"below {_hertz(high)}"
    if high >= highest:
        return f"above {_hertz(low)}"
    if (low < 1000) == (high < 1000):
        start = f"{low if low < 1000 else low / 1000:g}"
        return f"from {start} to {_hertz(high)}"
    return f"from {_hertz(low)} to {_hertz(high)}"


def _hertz(frequency: float) -> str:
    if frequency < 1000:
        return f"{frequency:g}{NBSP}Hz"
    return f"{frequency / 1000:g}{NBSP}kHz"
