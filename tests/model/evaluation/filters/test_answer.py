"""The answer in words, whichever way the figures point."""

from typing import Any

import pytest

from model.evaluation.filters.answer import (
    cost_in_words,
    headline,
    meaning_in_words,
    own_sounds_in_words,
)

PURITY = "the purity of their strongest passages"
WEIGHT = "the weight of a genre's own filters in its score"


def run(purity: float = 0.4, deletion: float = 1.0, bands: float = 23.0) -> dict[str, Any]:
    return {
        "purity": purity,
        "clear": 0.15,
        "mutual_information_bits": 0.4,
        "deletion": {"value": deletion},
        "deletion_at_random": {"value": 0.2},
        "row_spread_bands": bands,
    }


def protocol(
    cost: tuple[float, float, float],
    trainings: int = 3,
    form: str = "rows",
    name: str = "random",
    **changed: float,
) -> dict[str, Any]:
    """Trainings without the loss and with it, the latter with some figures changed."""
    drawn = [0.001 * index for index in range(trainings)]
    value, low, high = cost
    usual = [run(purity=0.4 + each) for each in drawn]
    given = {"purity": 0.4, "bands": 15.0} | changed
    own = [run(**given | {"purity": given["purity"] + each}) for each in drawn]
    return {
        "protocol": name,
        "forms": [
            {"form": "none", "runs": usual, "agreement": [0.8] if trainings > 1 else []},
            {
                "form": form,
                "runs": own,
                "agreement": [0.83] if trainings > 1 else [],
                "against_none": {"value": value, "low": low, "high": high},
            },
        ],
    }


LOSS, GAIN, LEVEL = (-0.067, -0.118, -0.018), (0.05, 0.01, 0.09), (-0.034, -0.08, 0.0004)


def test_it_costs_and_does_not_help():
    found = protocol(LOSS, deletion=0.7)
    assert headline([found]) == (
        "The filter loss costs accuracy on the random split, and it makes the filters less "
        "meaningful, not more."
    )
    assert cost_in_words(found) == (
        "Yes: with one range of pitch each, accuracy falls by 6.7 points (95 % interval 1.8 to "
        "11.8)."
    )
    said = meaning_in_words(found)
    assert said.startswith(f"With one range of pitch each, no: worse in {WEIGHT}; no clear")
    assert f"difference in {PURITY}, the number" in said
    assert "varies by 15 mel bands instead of 23" in said
    assert said.endswith("alike to 0.83 (0.80 without the loss).")


def test_it_helps_and_costs_nothing():
    found = protocol(GAIN, purity=0.6, deletion=1.4)
    assert headline([found]) == (
        "The filter loss costs no accuracy beyond what chance explains, and it makes the filters "
        "more meaningful."
    )
    assert cost_in_words(found).startswith(
        "No: with one range of pitch each, accuracy rises by 5.0"
    )
    assert f"yes: better in {PURITY} and {WEIGHT}; no clear" in meaning_in_words(found)


@pytest.mark.parametrize(
    ("cost", "changed", "expected"),
    [
        (LOSS, {"purity": 0.6}, "random split, but it makes the filters more meaningful."),
        (LOSS, {}, "random split, and it makes the filters no more meaningful."),
        (LEVEL, {}, "chance explains, but it makes the filters no more meaningful."),
        (
            LOSS,
            {"purity": 0.6, "deletion": 0.5},
            "more meaningful in some ways and less in others.",
        ),
    ],
)
def test_the_two_halves_of_the_answer_are_joined_as_they_go_together(cost, changed, expected):
    assert headline([protocol(cost, **changed)]).endswith(expected)


def test_splits_that_differ_are_told_apart():
    both = [protocol(LOSS), protocol(LEVEL, name="filtered", form="cells")]
    assert headline(both).startswith(
        "The filter loss costs accuracy on the random split; on the filtered split the difference "
        "is within chance, and"
    )
    assert "on the random and filtered splits" in headline(
        [both[0], both[0] | {"protocol": "filtered"}]
    )
    assert cost_in_words(both[1]) == (
        "No: with one place each (as published), accuracy changes by \u22123.4 points (95 % "
        "interval \u22128.0 to +0.0), no more than chance explains."
    )


def test_few_trainings_tell_nothing_for_certain():
    found = protocol(LOSS, trainings=1, purity=0.9)
    assert "too few trainings to tell" in headline([found])
    assert meaning_in_words(found) == (
        "With one range of pitch each: 1 training with the loss and 1 without are too few to tell."
    )


def test_nothing_is_said_without_trainings_to_compare_with():
    alone = {"protocol": "random", "forms": [protocol(LOSS)["forms"][1]]}
    assert headline([alone]) == cost_in_words(alone) == meaning_in_words(alone) == ""


def sounds(**low: float) -> dict[str, Any]:
    def row(layer: str, end: float) -> dict[str, Any]:
        pairs = {"value": end + 0.1, "low": end, "high": end + 0.2}
        return {"layer": layer, "tracks": 40, "own": 1.6, "other": 1.0, "stronger": pairs}

    return {"own_sounds": [row(layer, end) for layer, end in low.items()]}


def test_filters_that_know_their_own_sound_are_told_from_those_that_do_not():
    said = own_sounds_in_words(sounds(conv1=0.6, conv2=0.7))
    assert said.startswith("Filters of conv1 and conv2 answer more to their own sound")
    assert "in conv1 1.6 times as much as to the whole clip (to another filter's sound 1.0" in said
    assert "70 % of pairs (95 % interval 60 to 80)" in said
    assert said.endswith("40 tracks.")
    assert "of conv2 that is not certain" in own_sounds_in_words(sounds(conv1=0.6, conv2=0.45))
    assert own_sounds_in_words(sounds(conv1=0.4)).startswith("Filters answer no more to their own")
    assert own_sounds_in_words({}) == ""
