"""About the model: figures from files, and what to do where there are none."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from model import classifier
from model.classifier import read_card
from pages.widgets import results
from tests.pages.conftest import APP
from tests.pages.driving import figures, open_page, text

RESULT = {
    "split": "random_test",
    "n": 6,
    "accuracy": 4 / 6,
    "interval": [0.223, 0.957],
    "classes": ["blues", "hiphop"],
    "per_genre": {
        "blues": {"precision": 0.75, "recall": 0.6, "support": 5},
        "hiphop": {"precision": None, "recall": 1.0, "support": 1},
    },
    "confusion": [[3, 2], [0, 1]],
    "model": {"name": "earmark-random", "sha256": "other"},
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    return tmp_path


def about() -> AppTest:
    return open_page(AppTest.from_file(str(APP), default_timeout=30).run(), "about")


@pytest.fixture(autouse=True)
def _no_tensorflow(small_network):
    """Opening the app must not load the real network here."""


def test_without_results_the_page_says_how_to_measure(folder):
    app = about()
    assert not app.exception
    assert "has not been measured yet" in text(app)
    assert any("python -m model evaluate" in command.value for command in app.code)
    assert not app.get("plotly_chart")


def test_the_figures_are_those_of_the_file(folder):
    (folder / "random_test.json").write_text(json.dumps(RESULT))
    (folder / "bench.json").write_text(json.dumps({"seconds": 1}))
    app = about()
    assert not app.exception
    assert [metric.value for metric in app.metric] == ["66.7\u00a0%"]
    assert "22.3 to 95.7 %" in text(app)
    matrix = figures(app)[0]["data"][0]
    assert matrix["text"] == [["3", "2"], ["", "1"]]
    assert matrix["y"] == ["blues", "hip hop"]
    table = app.dataframe[0].value
    assert table["Recall"].tolist() == [60.0, 100.0]
    assert table["Precision"].isna().tolist() == [False, True]
    assert any("--split random_test" in command.value for command in app.code)


def test_figures_of_other_weights_are_marked(folder):
    (folder / "random_test.json").write_text(json.dumps(RESULT))
    assert "other weights" in about().warning[0].value
    own = {**RESULT, "model": {"sha256": read_card()["sha256"]}}
    (folder / "random_test.json").write_text(json.dumps(own))
    assert not about().warning


def test_a_missing_card_is_a_clear_message(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(classifier, "WEIGHTS_FOLDER", tmp_path)
    app = about()
    assert not app.exception
    assert "no model card" in app.error[0].value


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
    (tmp_path / "earmark-random.json").write_text(json.dumps(card))
    monkeypatch.setattr(classifier, "WEIGHTS_FOLDER", tmp_path)
    app = about()
    assert not app.exception
    for words in (
        "jazz or rock",
        "1,234,567 parameters, 4.9 MB",
        "8 mel bands by 0.31 s",
        "To decide.",
        "It knows two genres.",
        "by A and B",
        "ISC licence",
    ):
        assert words in text(app)
