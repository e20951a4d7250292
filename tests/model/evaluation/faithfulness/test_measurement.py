"""The whole measurement on a network whose evidence is known."""

import numpy as np
import pytest

from model.audio import Clip
from model.constants import SAMPLE_RATE
from model.evaluation.faithfulness.curves import SHARES, area_under
from model.evaluation.faithfulness.measurement import EQUAL_AREAS, RANDOM_ORDER, Faithfulness
from model.evaluation.faithfulness.measures import MEASURES
from model.evaluation.faithfulness.methods import EXPLAINERS
from model.evaluation.faithfulness.mixtures import low_part
from model.evaluation.faithfulness.report import as_table
from model.evaluation.faithfulness.subjects import Subject, heard


@pytest.fixture(scope="module")
def results(listener) -> dict:
    """Loud low noise and a little high noise: the lower bands decide."""
    rng = np.random.default_rng(0)
    methods = [EXPLAINERS[name] for name in ("cam", "random", "band-energy", "occlusion")]
    measurement = Faithfulness(listener, methods, seed=3)
    for index in range(4):
        noise = rng.standard_normal(4 * SAMPLE_RATE).astype(np.float32)
        clip = Clip(low_part(noise) + 0.001 * noise, f"rock.0000{index}", "")
        measurement.measure(heard(clip), in_full=index < 2)
    measurement.measure(Subject("pop.00000", heard(clip).levels), in_full=False)
    return measurement.results()


def figure(results: dict, measure: str, method: str, group: str = "audio", setting: str = "map"):
    (row,) = [
        row
        for row in results["rows"]
        if (row["group"], row["method"], row["setting"], row["measure"])
        == (group, method, setting, measure)
    ]
    return row


def test_audio_and_pictures_are_told_apart(results):
    assert [(group["name"], group["n"]) for group in results["groups"]] == [
        ("audio", 4),
        ("pictures", 1),
    ]
    assert figure(results, "SPS", "cam")["n"] == 4
    assert figure(results, "SPS", "cam", "pictures")["n"] == 1
    assert figure(results, "deletion-mean", "cam")["n"] == 2


def test_every_row_can_be_read_with_what_is_said_above_it(results):
    known = {
        "group": {group["name"] for group in results["groups"]},
        "method": {method["name"] for method in results["methods"]},
        "setting": {setting["name"] for setting in results["settings"]},
        "measure": {measure.name for measure in MEASURES},
    }
    for row in results["rows"]:
        assert all(row[column] in names for column, names in known.items())
        assert row["low"] <= row["value"] <= row["high"]
    assert {row["measure"] for row in results["rows"]} == known["measure"]
    assert results["steps"] == list(SHARES)


def test_equal_areas_are_kept_and_the_random_map_keeps_as_much_as_the_cam(results):
    for method in ("cam", "random", "band-energy"):
        area = figure(results, "kept-area", method, setting=EQUAL_AREAS.name)
        assert area["value"] == pytest.approx(0.2, abs=0.001)
    cam, random = (figure(results, "SPS", method)["value"] for method in ("cam", "random"))
    assert random == pytest.approx(cam, abs=0.05)


def test_the_true_evidence_beats_a_random_map(results):
    """The upper bands' score is not touched by what is kept of the lower ones."""
    lost = figure(results, "FF", "cam", setting=EQUAL_AREAS.name)
    assert lost["over_reference"]["low"] > 0
    deletion = figure(results, "deletion-silence", "cam")["over_reference"]
    insertion = figure(results, "insertion-silence", "cam")["over_reference"]
    assert deletion["high"] < 0 < insertion["low"]
    assert figure(results, "deletion-silence", RANDOM_ORDER)["n"] == 2


def test_costly_methods_are_measured_on_fewer_tracks(results):
    assert figure(results, "SPS", "occlusion")["n"] == 2
    assert figure(results, "FF", "occlusion", setting=EQUAL_AREAS.name)["n"] == 2
    pictures = {row["method"] for row in results["rows"] if row["group"] == "pictures"}
    assert "occlusion" not in pictures


def test_cost_is_told_in_words_and_in_seconds(results):
    methods = {method["name"]: method for method in results["methods"]}
    assert methods["cam"]["cost"] == "1 run of the network"
    assert methods["band-energy"]["seconds"] < methods["cam"]["seconds"]
    assert methods["cam"]["seconds"] < methods["occlusion"]["seconds"]


def test_the_mean_curves_have_the_areas_of_the_rows(results):
    curves = {(curve["method"], curve["measure"]): curve for curve in results["curves"]}
    assert len(curves) == 5 * 4
    for (method, measure), curve in curves.items():
        row = figure(results, measure, method)
        assert area_under(np.array(curve["mean"])) == pytest.approx(row["value"], abs=1e-3)
        assert curve["n"] == row["n"]


def test_the_table_shows_every_figure(results):
    table = as_table(results["rows"], ("group", "setting", "measure"), "method").splitlines()
    assert table[0].split() == [
        *("cam", "random", "band-energy", "occlusion"),
        RANDOM_ORDER,
        "n",
    ]
    shown = sum(line.count(".") - line.startswith("audio area-0.2") for line in table[1:])
    assert shown > len(results["rows"]) / 2
    assert len({len(line) for line in table}) == 1
