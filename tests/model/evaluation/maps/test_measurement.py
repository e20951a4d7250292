"""The whole measurement on a network whose evidence is known."""

from dataclasses import replace

import numpy as np
import pytest

from model.audio.clip import Clip
from model.constants import DYNAMIC_RANGE_DB, N_MELS, SAMPLE_RATE
from model.evaluation.maps.curves import SHARES, area_under
from model.evaluation.maps.masks import threshold_rule
from model.evaluation.maps.measurement import EQUAL_AREAS, RANDOM_ORDER, Faithfulness
from model.evaluation.maps.measures import MEASURES
from model.evaluation.maps.methods import EXPLAINERS, Explainer
from model.evaluation.maps.probe import Probe
from model.evaluation.maps.report import as_table
from model.evaluation.maps.subjects import Subject, subject_from_clip
from model.evaluation.maps.two_songs import low_part


@pytest.fixture(scope="module")
def results(listener) -> dict:
    """Loud low noise and a little high noise: the lower bands decide."""
    rng = np.random.default_rng(0)
    methods = [EXPLAINERS[name] for name in ("cam", "random", "band-energy", "occlusion")]
    measurement = Faithfulness(listener, methods, seed=3)
    for index in range(4):
        noise = rng.standard_normal(4 * SAMPLE_RATE).astype(np.float32)
        clip = Clip(low_part(noise) + 0.001 * noise, f"rock.0000{index}", "")
        measurement.measure(subject_from_clip(clip), in_full=index < 2)
    measurement.measure(Subject("pop.00000", subject_from_clip(clip).levels), in_full=False)
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
    curves = {
        (curve["method"], curve["measure"]): curve
        for curve in results["curves"]
        if curve["group"] == "audio"
    }
    assert len(curves) == 5 * 4
    for (method, measure), curve in curves.items():
        row = figure(results, measure, method)
        assert area_under(np.array(curve["mean"])) == pytest.approx(row["value"], abs=1e-3)
        assert curve["n"] == row["n"]


def test_measures_of_the_parts_are_those_worked_out_by_hand(listener):
    """Lower half at full level, for class 0; upper half at half of it, for class 1.

    Scores are mean heights, at a temperature of a half: of the whole (0.5, 0.25), so that p is
    a logistic function of 0.5; of the lower half alone (0.5, 0), of 1; of the upper alone, which
    is then the loudest, (0, 0.5), of -1.
    """
    levels = np.zeros((N_MELS, 64), np.float32)
    levels[N_MELS // 2 :] = -DYNAMIC_RANGE_DB / 2
    p, alone, other = (1 / (1 + np.exp(-x)) for x in (0.5, 1.0, -1.0))
    true = EXPLAINERS["cam"]

    def explain_the_other(network, prediction, target):
        other = replace(target, index=1 - target.index)
        return true.method.explain(network, prediction, other)

    wrong = Explainer(replace(true.method, name="wrong", explain=explain_the_other))
    measurement = Faithfulness(Probe(listener.network, 0.5), [true, wrong])
    measurement.measure(Subject("rock.00000", levels), in_full=False)
    results = measurement.results()

    def found(method):
        names = ("AI", "AD", "AG", "FF", "Fid-In", "kept-area")
        at = {"group": "pictures", "setting": threshold_rule().name}
        return [figure(results, name, method, **at)["value"] for name in names]

    gain = 100 * (alone - p) / (1 - p)
    assert found("cam") == pytest.approx([100, 0, gain, p - other, 1, 0.5], abs=1e-3)
    drop = 100 * (p - other) / p
    assert found("wrong") == pytest.approx([0, drop, 0, p - alone, 0, 0.5], abs=1e-3)


def test_curves_of_audio_and_of_pictures_are_kept_apart(listener):
    measurement = Faithfulness(listener, [EXPLAINERS["cam"]])
    rng = np.random.default_rng(1)
    noise = low_part(rng.standard_normal(4 * SAMPLE_RATE).astype(np.float32))
    measurement.measure(subject_from_clip(Clip(noise, "rock.00000", "")), in_full=True)
    silent_above = np.full((N_MELS, 64), -DYNAMIC_RANGE_DB, np.float32)
    silent_above[:10] = 0
    measurement.measure(Subject("pop.00000", silent_above), in_full=True)
    curves = [
        curve
        for curve in measurement.results()["curves"]
        if (curve["method"], curve["measure"]) == ("cam", "deletion-silence")
    ]
    assert [(curve["group"], curve["n"]) for curve in curves] == [("audio", 1), ("pictures", 1)]
    assert curves[0]["mean"] != curves[1]["mean"]


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
