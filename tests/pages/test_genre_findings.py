"""Findings in words, on figures made up for the purpose."""

from typing import Any

import pytest

from pages.words.genre_findings import findings, range_name

EDGES = [0, 250, 500, 1000, 2000, 4000, 8000, 11025]
AVERAGES = {"range_edges_hz": EDGES, "rate_edges_hz": [0.3, 1.5, 3.0, 4.5]}


def figure(value: float, others: float, *, sure: bool = True) -> dict[str, Any]:
    difference = value - others
    slack = 0.5 * abs(difference) if sure else abs(difference) + 0.1
    return {
        "value": value,
        "low": value - 0.01,
        "high": value + 0.01,
        "n": 15,
        "others": others,
        "difference": {
            "value": difference,
            "low": difference - slack,
            "high": difference + slack,
        },
    }


def genre(**figures: Any) -> dict[str, Any]:
    """A genre like all others, but for some figures."""
    plain = {
        "ranges": [figure(0.1, 0.1, sure=False)] * 6 + [figure(0.4, 0.4, sure=False)],
        "rates": [figure(1 / 3, 1 / 3, sure=False)] * 3,
        **{name: figure(0.5, 0.5) for name in ("gini", "percussive", "coming_and_going", "pulse")},
    }
    return plain | figures


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_genre_like_all_others_is_called_nothing_else():
    found = findings(genre(), AVERAGES)
    assert plain(found.summary) == "most of all above 8 kHz"
    assert len(found.sentences) == 1
    assert plain(found.sentences[0]).startswith("No range of frequencies stands out")


def test_neighbouring_ranges_become_one_and_their_shares_are_summed():
    ranges = [figure(0.1, 0.1, sure=False)] * 7
    ranges[4], ranges[5] = figure(0.25, 0.15), figure(0.3, 0.2)
    ranges[0] = figure(0.01, 0.06)
    found = findings(genre(ranges=ranges), AVERAGES)
    assert plain(found.summary) == "from 2 to 8 kHz"
    assert "lies from 2 to 8 kHz: 55 % against 35 %" in plain(found.sentences[0])
    assert plain(found.sentences[1]) == "Less lies below 250 Hz: 1 % against 6 %."


def test_ranges_apart_are_named_apart():
    ranges = [figure(0.1, 0.1, sure=False)] * 7
    ranges[1], ranges[6] = figure(0.2, 0.1), figure(0.3, 0.1)
    found = findings(genre(ranges=ranges), AVERAGES)
    assert plain(found.summary) == "from 250 to 500 Hz and above 8 kHz"
    assert "20 % against 10 % and 30 % against 10 %" in plain(found.sentences[0])


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("coming_and_going", 0.3, "sustained"),
        ("coming_and_going", 0.8, "in bursts"),
        ("pulse", 0.8, "with a steadier beat"),
        ("pulse", 0.2, "with a looser beat"),
        ("percussive", 0.7, "drum-like"),
        ("percussive", 0.3, "tonal"),
        ("gini", 0.7, "in few places"),
        ("gini", 0.3, "spread out"),
    ],
)
def test_each_figure_has_a_word_for_either_side(name, value, word):
    found = findings(genre(**{name: figure(value, 0.5)}), AVERAGES)
    assert found.summary.endswith(f", {word}")
    written = f"{value:.2f}" if name == "gini" else f"{value:.0%}".replace("%", " %")
    assert written in plain(found.sentences[1])
    doubtful = findings(genre(**{name: figure(value, 0.5, sure=False)}), AVERAGES)
    assert len(doubtful.sentences) == 1


def test_a_certain_but_small_difference_is_not_told():
    assert len(findings(genre(gini=figure(0.52, 0.5)), AVERAGES).sentences) == 1


def test_rates_are_told():
    rates = [figure(0.2, 0.33), figure(0.3, 0.33, sure=False), figure(0.5, 0.33)]
    found = findings(genre(rates=rates), AVERAGES)
    assert "3 to 4.5 times a second: 50 % against 33 %" in plain(found.sentences[-1])


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [
        (0, 250, "below 250 Hz"),
        (250, 500, "from 250 to 500 Hz"),
        (500, 2000, "from 500 Hz to 2 kHz"),
        (1000, 4000, "from 1 to 4 kHz"),
        (8000, 11025, "above 8 kHz"),
    ],
)
def test_names_of_ranges(low, high, name):
    assert plain(range_name(low, high, 11025)) == name
