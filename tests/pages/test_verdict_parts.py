"""A verdict in parts on Listen: they add up, and a switch changes verdict and map at once."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model.constants import GENRES
from model.networks.shipped import WeightsError
from model.verdict_parts import PICTURES, PartsDictionary
from pages.panels import verdict_parts
from pages.report import parts as report
from tests.pages.driving import stages, text

ROCK = GENRES.index("rock")


def made_dictionary() -> PartsDictionary:
    """Two parts of rock; the small network's one channel for rock is in both of them."""
    parts = np.zeros((2, len(GENRES)), np.float32)
    parts[:, ROCK] = 1
    names = ("hits, above 5 kHz", "steady, all pitches")
    facts = [
        {"head": PICTURES, "name": name, "low_hz": 5000, "high_hz": 9000, "percussive": 0.4}
        for name in names
    ]
    card = {"sha256": "1" * 64, "genres": {"rock": facts}}
    return PartsDictionary(card, {("rock", PICTURES): parts})


@pytest.fixture
def opened(listening: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The Listen page with its parts unfolded."""
    dictionary = made_dictionary()
    monkeypatch.setattr(verdict_parts, "load_dictionary", lambda _: dictionary)
    listening.session_state["parts"] = True
    return listening.run()


def sums(app: AppTest) -> list[float]:
    """Parts, against, start and score, as the page writes them."""
    (line,) = [one for one in text(app).splitlines() if "to begin with" in one]
    return [float(found.replace("\u2212", "-")) for found in re.findall(r"[+\u2212]\d+\.\d+", line)]


def test_a_network_without_parts_shows_none(listening):
    assert not [one for one in listening.expander if "in parts" in one.label]


def test_parts_are_not_made_before_they_are_asked_for(listening, monkeypatch):
    dictionary = made_dictionary()
    monkeypatch.setattr(verdict_parts, "load_dictionary", lambda _: dictionary)
    monkeypatch.setattr(verdict_parts, "parts_of", lambda *_: pytest.fail("nobody asked"))
    listening.run()
    assert not listening.exception
    assert [one.label for one in listening.expander if "in parts" in one.label]
    assert len(stages(listening)) == 1


def test_the_parts_and_the_rest_add_up_to_the_score(opened):
    assert not opened.exception
    added, against, start, score = sums(opened)
    assert added > 0
    assert added + against + start == pytest.approx(score, abs=0.02)
    _, (header, maps) = stages(opened)
    assert [panel["title"] for panel in header["panels"]] == [
        "All parts together",
        "Hits, above 5 kHz",
        "Steady, all pitches",
    ]
    np.testing.assert_allclose(maps["0"], maps["1"] + maps["2"], atol=1e-4)
    # Behind them lie what is kept altogether, and the sum that shares it out.
    of = header["panels"][0]["of"]
    np.testing.assert_allclose(maps[str(of["all"])], maps["0"], atol=1e-4)
    ((_, first), _) = stages(opened)
    np.testing.assert_array_equal(maps[str(of["whole"])], first["0"])


def test_a_switch_changes_verdict_and_map_without_the_network(opened, small_network):
    verdicts, before = small_network.verdicts, sums(opened)
    (switch,) = [one for one in opened.toggle if one.label == "Hits, above 5 kHz"]
    switch.set_value(False).run()
    assert not opened.exception
    after = sums(opened)
    assert after[0] == pytest.approx(before[0] / 2, abs=0.02)
    assert after[3] == pytest.approx(before[3] - before[0] / 2, abs=0.02)
    assert "1 of 2 parts" in text(opened)
    _, (header, maps) = stages(opened)
    np.testing.assert_allclose(maps["0"], maps["2"], atol=1e-4)
    assert header["panels"][0]["title"] == "The parts that are on"
    assert small_network.verdicts == verdicts


def test_solo_leaves_one_part_on_and_all_brings_the_others_back(opened):
    def press(label: str) -> None:
        next(one for one in opened.button if one.label == label).click().run()

    def on() -> list[bool]:
        return [one.value for one in opened.toggle if "pitches" in one.label or "kHz" in one.label]

    press("Solo")
    assert on() == [True, False]
    press("All")
    assert on() == [True, True]


def test_parts_of_other_weights_are_told_of_in_words(listening, monkeypatch):
    def refuse(_):
        raise WeightsError("The parts were learned for other weights.")

    monkeypatch.setattr(verdict_parts, "load_dictionary", refuse)
    listening.run()
    assert not listening.exception
    assert "learned for other weights" in text(listening)


def interval(value: float) -> dict[str, float]:
    """A figure as commands write it."""
    return {"value": value, "low": value - 0.1, "high": value + 0.1}


def test_the_report_puts_parts_beside_what_is_no_pair_and_as_much_elsewhere():
    head = {name: {**interval(0.8), "mixed_up": 0.3} for name in ("seeds", "halves")}
    names = ("sound_part", "sound_moved", "energy_part", "energy_moved", "head_part", "head_alike")
    sums = {"parts": 9.0, "against": -5.0, "start": -0.5, "score": 3.5}
    missed = {
        f"misplaced_{kind}{head}": interval(0.5)
        for kind in ("", "by_one_")
        for head in ("pictures", "ear")
    }
    row = {"name": "outside_test", "songs": 12, **{name: interval(0.2) for name in names}, **missed}
    row |= {name: interval(value) for name, value in sums.items()}
    content = {"stability": {"pictures": head, "ear": head}, "tests": [row], "seconds": 10.0}
    stable = report.stability_table(content)
    assert list(stable["Parts that are no pair"]) == ["0.30", "0.30"]
    assert stable["From the two halves of the songs"][0] == "0.80 (0.70 to 0.90)"
    removed = report.removal_table(content)
    assert removed["Songs"][0] == "Songs of today (12)"
    (sentence,) = report.sentences(content)
    assert "score of +3.5, the parts add +9.0" in sentence
    assert "the intervals overlap" in sentence
    assert "against the genre \u22125.0, and the start \u22120.5" in sentence
