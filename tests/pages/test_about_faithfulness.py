"""Is the explanation true? The report's figures and what it says of them."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.report.faithfulness import caution, reading
from pages.report.sanity import filters_forgetting, with_filters
from pages.session import results
from tests.pages import faithfulness_results as samples
from tests.pages.conftest import start_on
from tests.pages.driving import figures, text

FILES = {
    "faithfulness_random_test": samples.faithfulness,
    "sanity_random_test": samples.sanity,
    "sanity_filters_random_test": samples.filter_sanity,
    "localisation_random_test": samples.localisation,
}


@pytest.fixture
def about(tmp_path, monkeypatch, small_network) -> AppTest:
    """The page, where nothing else has been measured."""
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    for name, make in FILES.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(make()), encoding="utf-8")
    app = start_on("about")
    assert not app.exception
    return app


def tables(app: AppTest, column: str) -> list:
    return [frame.value for frame in app.dataframe if column in frame.value]


def test_the_section_shows_what_the_files_say(about):
    captions = [caption.value for caption in about.caption]
    for make in FILES.values():
        assert f"Made by `{make()['command']}`" in captions
    said = text(about).replace("\u00a0", " ")
    # Sanity
    assert "the likeness of the CAM to what it was is 0.10" in said
    assert "What stays alike is Band energy" in said
    assert "shuffled labels" in said
    assert "of likeness 0.15" in said
    assert "CRM (all classes) is 1.00 by its definition" in said
    assert "By nature the same for every class, too: Band energy." in said
    assert "the likeness is 0.00 (conv1); between two filters of one layer" in said
    assert "as learned, it is 0.30. Little is left" in said
    # Localisation
    assert "**Lead map** has **92.5 %** of its marks" in said
    assert "our aim of 90.0 % is reached" in said
    assert "Regions, which the app shows first, has 85.0 % there" in said
    assert "away from the joint it is 95.5 %" in said
    assert "No better than chance: Random map." in said
    assert "44 of 53" in " ".join(captions)
    assert "hip hop 5" in said
    assert "Two bands: better than chance: Regions, CAM and Lead map." in said


def test_tables_have_every_method_with_its_interval_and_its_tracks(about):
    equal, equal_pictures, threshold, _ = tables(about, "Drop ↓")
    assert equal["Method"].tolist() == list(samples.METHODS.values())
    assert equal["Drop ↓"][0] == "0.1 (0.0 to 0.1)"
    assert equal["Faithfulness ↑"][0] == "0.90 (0.80 to 0.95)"
    assert set(equal["Tracks"]) == {"65"}
    assert set(equal_pictures["Tracks"]) == {"35"}
    assert "Area kept" in threshold
    (of_the_map, _) = tables(about, "Deletion, silence ↓")
    assert of_the_map["Sparseness ↑"].tolist()[-1] == "0.95 (0.85 to 1.00)"


def test_curves_and_cascade_are_drawn_from_the_files(about):
    drawn = figures(about)
    deletion = next(f for f in drawn if len(f["data"]) == 2 and f["data"][0]["name"] == "CAM")
    assert deletion["data"][0]["y"] == [0.9, 0.5, 0.1]
    assert deletion["data"][1]["name"] == "Random order"
    assert deletion["data"][1]["line"]["dash"] == "dot"
    cascade = next(f for f in drawn if f["data"][0].get("x") == ["as learned", "genre", "conv1"])
    assert cascade["data"][0]["y"] == [1.0, 0.5, 0.1]
    assert cascade["data"][-1]["name"] == "A filter of conv1"
    assert cascade["data"][-1]["y"] == [1.0, 1.0, -0.001]
    places = [f for f in drawn if f["layout"].get("shapes") and f["data"][0].get("error_x")]
    assert len(places) == 3
    assert places[0]["data"][0]["y"] == ["Regions", "CAM", "Lead map", "Random map"]


def test_filters_that_copy_the_song_are_named():
    content = samples.filter_sanity()
    for row in content["rows"]:
        row |= {"value": 0.9, "low": 0.8, "high": 0.95}
    words, exact = filters_forgetting(content)
    assert "Much is left of conv1" in words
    assert "conv1 0.80 to 0.95, two filters 0.80 to 0.95" in exact
    of_another = samples.sanity() | {"layers": ["genre"]}
    assert with_filters(of_another, content) == of_another, "its steps are others"


def test_measures_that_are_not_won_are_named():
    words, exact = (part.replace("\u00a0", " ") for part in reading(samples.faithfulness()))
    assert "We asked in 11 ways." in words
    assert "**CAM**, which the app shows first, is ahead of all simple methods in 10" in words
    assert "Not ahead of all simple methods on sparseness" in exact
    assert "most often" not in words, "the CAM itself comes first most often"
    assert "calls 90 % of such parts what it calls the whole" in words
    assert "random map turned down, 30." in words
    assert "(Random map 30 %, keeping 30 % of the picture; Random fine map 20 %" in words
    assert "ahead of the random map in 7 of 11 ways and behind it in 4." in words
    assert "ahead of the random map on increase, gain, faithfulness, fidelity" in exact
    assert "behind it on drop, complexity, deletion (silence) and deletion (band mean)" in exact


def test_who_leads_is_named():
    content = samples.faithfulness()
    content["default_method"] = "lead"
    for row in content["rows"]:
        if (row["method"], row["measure"]) == ("gradient-input", "AI"):
            row["value"] = 0.8  # ahead of the lead map, behind the CAM
    words, exact = reading(content)
    assert "CAM comes first most often, in 10." in words
    assert "simple methods in 9 of them, and ahead of those that know nothing" in words
    assert "of the genre in 10." in words
    assert "nothing of the genre: Random map, Random fine map and Band energy." in exact


def test_who_moves_the_verdict_from_the_wrong_place_is_told_apart():
    content, located = samples.faithfulness(), samples.localisation()
    content["default_method"] = "lead"
    assert not caution(content, None)
    assert not caution(content, located), "the CAM lies in the right place nearly as often"
    for row in located["rows"]:
        if row["method"] == "cam":
            row["value"], row["high"] = 0.5, 0.55
    said = caution(content, located).replace("\u00a0", " ")
    assert "That CAM moves the verdict most does not make it the reason" in said
    assert "50.0 % of its marks in the right half, Lead map 92.5 %" in said


def test_a_difference_within_chance_counts_for_neither():
    content = samples.faithfulness()
    for row in content["rows"]:
        if "over_reference" in row:
            row["over_reference"]["low"] = -0.3
    words, exact = reading(content)
    assert "Beyond chance" not in exact
    assert "in 0 of 11 ways. The others do not tell the two apart." in words


def test_only_figures_of_fewer_tracks_are_said_to_be(about, tmp_path):
    def fewer(app):
        return any("measured on fewer tracks" in caption.value for caption in app.caption)

    assert not fewer(about)
    content = samples.faithfulness()
    content["rows"][0]["n"] = 10
    (tmp_path / "faithfulness_random_test.json").write_text(json.dumps(content), encoding="utf-8")
    assert fewer(about.run())


def test_own_values_rearranged_are_no_rival_in_sparseness():
    content = samples.faithfulness()
    sparse = {
        row["method"]: row
        for row in content["rows"]
        if (row["group"], row["measure"]) == ("audio", "SPS")
    }
    sparse["band-energy"]["value"] = 0.5
    assert "simple methods in 11 of them" in reading(content)[0]
    sparse["random-fine"]["value"] = sparse["cam"]["value"]
    assert "simple methods in 11 of them" in reading(content)[0]
    sparse["random-fine"]["value"] += 0.01
    assert "simple methods in 10 of them" in reading(content)[0]


def test_where_all_lines_are_told_apart_none_is_said_to_be_left():
    content = samples.faithfulness()
    assert "The others do not" not in reading(content)[0]
    for row in content["rows"]:
        if row["measure"] == "FF" and "over_reference" in row:
            row["over_reference"] |= {"low": -0.1, "high": 0.1}
    assert "The others do not tell the two apart." in reading(content)[0]
    better = {measure["name"]: measure["better"] for measure in content["measures"]}
    for row in content["rows"]:
        if "over_reference" in row:
            sign = 1 if better[row["measure"]] == "higher" else -1
            row["over_reference"] |= {"low": 0.1 * sign, "high": 0.1 * sign}
    assert reading(content)[0].count("ahead of the random map in 11 of 11 ways.") == 1
