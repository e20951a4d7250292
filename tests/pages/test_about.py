"""About the model: figures from files, and what to do where there are none."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from model.networks import shipped
from model.networks.shipped import DEFAULT_MODEL, read_card
from pages.report.ears import in_words
from pages.report.played import table_of_tests
from pages.session import results
from tests.pages import results as samples
from tests.pages.conftest import start_on
from tests.pages.driving import figures, text

FILES = {
    "random_test": samples.accuracy,
    "calibration_random_test": samples.calibration,
    "length_random_test": samples.length,
    "robustness_random_test": samples.robustness,
    "comparison_random": samples.comparison,
    "agreement": samples.agreement,
    "ears_random_test": samples.ears,
    "familiarity_random_test": samples.familiarity,
    "judges_random_test": samples.judges,
    "played_random_test": samples.played,
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    return tmp_path


@pytest.fixture
def measured(folder):
    """Everything has been measured on the random split, nothing on the filtered one."""
    for name, make in FILES.items():
        write(folder, name, make())
    return folder


@pytest.fixture(scope="module")
def kept() -> list[AppTest]:
    """Where the page of `report` stays."""
    return []


@pytest.fixture
def report(measured, kept) -> AppTest:
    """The page when everything has been measured, opened once for all that only read it."""
    if not kept:
        kept.append(about())
    return kept[0]


@pytest.fixture(autouse=True)
def _no_tensorflow(small_network):
    """Opening the app must not load the real network here."""


def write(folder, name: str, content: dict) -> None:
    (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def about() -> AppTest:
    app = start_on("about")
    assert not app.exception
    return app


def traces(app: AppTest) -> dict[str, dict]:
    """All traces with a name, by it; the last of equal names."""
    return {
        trace["name"]: trace
        for figure in figures(app)
        for trace in figure["data"]
        if trace.get("name")
    }


def table(app: AppTest, column: str):
    """The one table with this column."""
    (found,) = [frame.value for frame in app.dataframe if column in frame.value]
    return found


def test_without_results_the_page_says_how_to_measure_each(folder):
    app = about()
    assert "has not been measured yet" in text(app)
    commands = "\n".join(code.value for code in app.code)
    for protocol in ("random", "filtered"):
        for command in ("evaluate", "calibration", "length", "robustness"):
            assert f"python -m model {command} --split {protocol}_test" in commands
        assert f"python -m model compare --protocol {protocol}" in commands
    assert "python -m model agreement" in commands
    assert f"--json {folder}/calibration_filtered_test.json" in commands
    assert not app.get("plotly_chart")


def test_a_command_writes_where_the_page_looks():
    words = results.command_for("length", "filtered").split()
    assert words[words.index("--json") + 1] == (
        "model/evaluation/results/length_filtered_test.json"
    )


def test_the_headline_is_that_of_the_file(report):
    assert [metric.value for metric in report.metric] == ["66.7\u00a0%"]
    assert "22 to 96 %" in text(report)
    assert "of 6 tracks" in text(report)
    assert "guessing would reach 50 %" in text(report)


def test_every_figure_names_its_command(report):
    captions = [caption.value for caption in report.caption]
    for make in FILES.values():
        assert f"Made by `{make()['command']}`" in captions


def test_figures_of_other_weights_are_marked(measured):
    assert not about().warning
    other = {**samples.length(), "model": {"name": "earmark-random", "sha256": "other"}}
    write(measured, "length_random_test", other)
    (warning,) = about().warning
    assert "other weights" in warning.value
    write(measured, "length_random_test", {**other, "model": {"name": "gone", "sha256": "x"}})
    assert len(about().warning) == 1


def test_figures_of_another_network_say_whose_they_are(measured):
    earlier = read_card("earmark-random")
    model = {"name": "earmark-random", "sha256": earlier["sha256"]}
    write(measured, "length_random_test", {**samples.length(), "model": model})
    app = about()
    assert not app.warning
    (told,) = [line.value for line in app.caption if "network `earmark-random`" in line.value]
    assert "learned from GTZAN alone" in told


def test_songs_of_today_have_a_figure_of_their_own(measured):
    spread = {"low": 0.55, "high": 0.85, "clusters": 20}
    today = {
        "n": 105,
        "accuracy": 0.7,
        "mean_over_genres": 0.6,
        "by_group": spread,
        "command": "python -m model evaluate",
        "model": samples.accuracy()["model"],
    }
    write(measured, "outside_test", today)
    said = text(about())
    assert "105 songs from outside GTZAN" in said
    assert "**70.0 %** right; with every genre weighed alike **60.0 %**" in said
    assert "55 to 85 % (95 % interval over 20 collections)" in said


def test_familiar_and_new_artists_are_told_apart(measured):
    assert "80.0 %** right (70 to 85 %); of the 10 by artists that were new" in text(about())
    without = {**samples.accuracy(), "artists": {"unknown": 6}}
    write(measured, "random_test", without)
    assert "new to it" not in text(about())


def test_a_chosen_cell_tells_of_its_tracks(measured):
    app = about()
    matrix = next(f for f in figures(app) if f["data"][0]["type"] == "heatmap")
    assert matrix["data"][0]["text"] == [["3", "2"], ["", "1"]]
    assert matrix["data"][0]["y"] == ["blues", "hip hop"]
    cells = app.selectbox(key="confusion-random")
    # Confusions first, then what is right, the commonest first; nothing that never happened.
    assert cells.options == ["Blues called hip hop: 2", "Blues called blues: 3"] + [
        "Hip hop called hip hop: 1"
    ]
    cells.select_index(0).run()
    assert not app.exception
    assert "2 of 5** blues tracks (40 %) were called hip hop" in text(app)
    assert "67 % of the 3 tracks called so" in text(app)
    tracks = table(app, "Track")
    assert tracks["Track"].tolist() == ["blues.00003", "blues.00004"]
    assert tracks["Hip hop"].tolist() == pytest.approx([60.0, 50.0])
    assert tracks["Blues"].tolist() == pytest.approx([13.0, 14.0])
    matrix = next(f for f in figures(app) if f["data"][0]["type"] == "heatmap")
    (box,) = matrix["layout"]["shapes"]
    assert (box["x0"], box["y0"]) == (0.5, -0.5)


def test_every_cell_can_be_clicked(report):
    matrix = next(f for f in figures(report) if f["data"][0]["type"] == "heatmap")
    marks = matrix["data"][1]
    assert marks["customdata"] == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert (marks["x"][1], marks["y"][1]) == ("hip hop", "blues")


def test_genres_have_precision_and_recall_with_interval(report):
    genres = table(report, "Genre")
    assert genres["Genre"].tolist() == ["Blues", "Hip hop"]
    assert genres["Random split: recognised"].tolist() == [60.0, 100.0]
    assert genres["Random split: right when named"].isna().tolist() == [False, True]
    assert genres["Random split: recognised, 95\u00a0%"].tolist() == ["15 to 95\u00a0%", ""]
    assert not [column for column in genres if column.startswith("Filtered")]


def test_the_comparison_has_both_protocols_side_by_side(measured):
    filtered = samples.comparison("filtered")
    filtered["rows"] = filtered["rows"][2:]
    write(measured, "comparison_filtered", filtered)
    app = about()
    compared = table(app, "Network")
    assert compared["Random split"].tolist() == [
        "50.0\u00a0%",
        "60.0 ± 1.4\u00a0%",
        "70.0 ± 1.4\u00a0%",
        "80.0 ± 1.4\u00a0%",
    ]
    assert compared["Filtered split"].tolist()[:2] == ["", ""]
    assert compared["Random split, 95\u00a0%"][2] == "62 to 76\u00a0%"
    assert compared["Random split, against the flagship"].tolist() == [
        *["\u221220.0 (\u221230.0 to \u221210.0)"] * 2,
        *[""] * 2,
    ]
    assert compared["Parameters"].tolist() == [12_345] * 4
    marks = traces(app)["Random split"]
    assert marks["x"] == [0.5, 0.6, 0.7, 0.8]
    assert marks["error_x"]["array"] == pytest.approx([0.06] * 4)
    assert "Merged: rock and metal (riffs)" in text(app)
    assert "the app ships seed 1" in text(app)
    assert "[Net](https://x.org), A; B licence" in text(app)
    assert any(code.value == "train imagenet" for code in app.code)


def test_calibration_shows_both_temperatures(report):
    assert "off by **20.0 %**, and by **12.5 %** as the app shows it" in text(report)
    (help_,) = [line.help for line in report.markdown if "off by" in line.value]
    assert "dividing the scores by the temperature 1.50" in help_
    assert "chance alone shows 10.0 %" in text(report)
    # A bin without tracks has no mark.
    curve = next(
        trace
        for figure in figures(report)
        for trace in figure["data"]
        if trace.get("name") == "As the app shows it" and trace["type"] == "scatter"
    )
    assert (curve["x"], curve["y"]) == ([0.7], [0.5])
    assert curve["error_y"]["arrayminus"] == pytest.approx([0.3])


def test_length_and_robustness_are_drawn_with_intervals(report):
    drawn = traces(report)
    assert drawn["All parts averaged"]["y"] == [0.6, 0.7]
    assert drawn["The middle alone"]["error_y"]["arrayminus"] == pytest.approx([0.1, 0.1])
    assert drawn["Right"]["x"] == [0.8, 0.6]
    assert drawn["Same verdict as before"]["x"] == [0.7]
    assert "53 of the 150 test tracks have their full audio, 40 of them blues" in text(report)
    assert "There is none of pop." in text(report)
    conditions = table(report, "Recording")
    assert conditions["Change of its percentage, points"].tolist()[1] == "\u221212.5"
    assert conditions["Right"].tolist() == ["80.0\u00a0%", "60.0\u00a0%"]


def test_agreement_of_audio_and_pictures_is_told(report):
    said = text(report)
    assert "337 whole clips" in said
    assert "**89.9 %** (94 of the 104" in said


def test_the_data_and_the_ethics_are_told_without_any_results(folder):
    said = text(about())
    for words in ("94.5 %", "Mislabelled", "Filtered split", "Whose music is absent", "CRM"):
        assert words in said


def test_the_list_of_chapters_leads_to_headings(folder):
    app = about()
    anchors = {header.proto.anchor for header in app.header}
    (contents,) = [line.value for line in app.markdown if line.value.startswith("[What the")]
    for anchor in anchors:
        assert f"(#{anchor})" in contents
    assert len(anchors) == contents.count("(#") == len(app.header)


def test_a_missing_card_is_a_clear_message(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "WEIGHTS_FOLDER", tmp_path)
    assert "no model card" in about().error[0].value


def test_the_card_is_told_with_its_credits(folder, tmp_path, monkeypatch):
    card = {
        "name": "earmark-test",
        "classes": ["jazz", "rock"],
        "sha256": "f" * 64,
        "parameters": 1_234_567,
        "bytes": 4_900_000,
        "map_cell": {"mel_bands": 8, "seconds": 0.31},
        "licence": "MIT",
        "training": {"data": "Some tracks.", "command": "python -m model.training"},
        "starting_weights": {
            "name": "Elder",
            "what": "the convolutions",
            "authors": "A and B",
            "copyright": "Copyright (c) C",
            "trained_on": "tags",
            "licence": "ISC",
            "source": "https://example.org",
            "paper": "https://example.org/paper",
            "conversion": "python -m convert",
        },
        "intended_use": "To show.",
        "not_for": "To decide.",
        "limits": ["It knows two genres."],
    }
    (tmp_path / f"{DEFAULT_MODEL}.json").write_text(json.dumps(card), encoding="utf-8")
    monkeypatch.setattr(shipped, "WEIGHTS_FOLDER", tmp_path)
    said = text(about())
    for words in (
        "jazz or rock",
        "1,234,567 parameters, 4.9 MB",
        "8 mel bands by 0.31 s",
        "**Not meant**: to decide.",
        "It knows two genres.",
        "by A and B",
        "ISC licence",
    ):
        assert words in said


def test_speed_is_told_beside_the_usual_way_and_against_the_length(folder):
    write(folder, "peers", samples.peers())
    write(folder, "browser", samples.browser())
    app = about()
    said = text(app)
    for words in (
        "| verdict and picture | 250 ms | 1.5 s | 6.0 times | librosa.load",
        "| from the drop to the verdict | 1.8 s | 3.5 |",
        "A minute of music costs 6.0 s in a song of 10 min:",
    ):
        assert words in said
    (figure,) = figures(app)
    assert figure["layout"]["xaxis"]["ticktext"] == ["3\u00a0s", "30\u00a0s", "10\u00a0min"]


def test_speed_that_was_measured_in_part_is_told_as_far_as_it_goes(folder):
    peers = samples.peers()
    peers["comparisons"][0] = {"what": "maps", "way": "another's", "missing": "No module named x"}
    write(folder, "peers", peers | {"lengths": []})
    app = about()
    assert not app.exception
    assert "| maps |  | not installed here |  | another's |" in text(app)
    assert not figures(app)


def test_speed_that_was_not_measured_names_its_commands(folder):
    commands = [code.value for code in about().code]
    assert {"make bench-peers", "make bench-browser"} <= set(commands)


def test_familiar_songs_are_counted_by_what_the_app_says(report):
    found = table(report, "GTZAN: right")
    assert found["GTZAN: right"].tolist() == ["0\u00a0% of 1", "no song", "80\u00a0% of 5"]
    assert "the less familiar in 75.0 % of cases" in text(report)
    assert "So the sign tells something" in text(report)


def test_only_judges_that_share_nothing_are_shown_beside_chance(report):
    found = table(report, "Judge")
    assert found["Judge"].tolist() == ["YAMNet alone", "The network on pictures alone"]
    assert found.iloc[:, 2].tolist() == ["90\u00a0% (20\u00a0%) *", "40\u00a0% (30\u00a0%)"]
    assert "in 2 of 2 cases, beyond chance (marked *) in 1." in text(report)
    assert "Those who hear more in it: YAMNet alone." in text(report)


def test_parts_of_other_songs_stand_beside_the_verdict_as_it_is(report):
    words = text(report)
    assert "On 20 test tracks with sound" in words
    assert "right about 40 % instead of 80 %" in words
    assert "both together about 60 % instead of 90 %" in words
    assert "the places count for more than the gate alone" in words


def test_a_gate_that_decides_is_called_one():
    content = samples.ears()
    rows = {row["key"]: row for row in content["conditions"]}
    rows["rearranged"]["accuracy"], rows["other-gate"]["accuracy"] = 0.75, 0.3
    assert "the gate decides more than the places do" in in_words(content)


def test_what_is_played_stands_beside_what_chance_would_play(report):
    found = table(report, "Lost with the rest alone")
    assert found.iloc[0].tolist() == [
        "Enough to tell (Listenable map)",
        "silence",
        "20\u00a0% (20\u00a0%)",
        "90\u00a0% (30\u00a0%)",
        "12\u00a0% (70\u00a0%)",
        "45\u00a0% (15\u00a0%)",
        "0.45 (0.15)",
    ]
    tests = table_of_tests(samples.played())
    assert tests in [frame.value.to_dict("list") for frame in report.dataframe]
    assert tests["Map"][-1] == "Kept sound through a small MP3"
    assert tests["Called alike"] == [f"{n}\u00a0%, {n}\u00a0%" for n in (90, 30, 80)]
    assert tests["Energy kept"] == ["20\u00a0%"] * 3
    assert tests["Surer"][-1] == "40\u00a0%, 40\u00a0%"
    assert "Enough to tell 93 %." in text(report)
    assert "in the bands of the song that it names: Enough to tell 71 %." in text(report)
