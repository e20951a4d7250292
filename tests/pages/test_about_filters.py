"""What the report says of filters, from a made up file."""

import json

import pytest

from pages.session import results
from tests.model.evaluation.filters.test_answer import GAIN, LOSS, protocol, sounds
from tests.pages.conftest import start_on
from tests.pages.driving import text


@pytest.mark.parametrize(
    ("cost", "purity", "answer"),
    [
        (LOSS, 0.4, "costs accuracy on the random split, and it makes the filters no more"),
        (GAIN, 0.7, "chance explains, and it makes the filters more meaningful."),
    ],
)
def test_the_answer_follows_the_figures(cost, purity, answer, tmp_path, monkeypatch, small_network):
    found = protocol(cost, purity=purity) | sounds(conv1=0.6)
    found |= {
        "tracks": 150,
        "new_artists": 54,
        "trunk": {"name": "earmark-random", "sha256": "0" * 64},
    }
    mean = {"value": 0.6, "low": 0.5, "high": 0.7}
    parts = {"cam": {"FF": 0.2}, "random": {"FF": 0.1}}
    for form in found["forms"]:
        for run in form["runs"]:
            run |= {
                "accuracy": mean,
                "purity_by_chance": 0.3,
                "time_extent_seconds": 3.0,
                "dead": 0.0,
                "information_by_chance": 0.1,
                "faithfulness": parts,
            }
    (tmp_path / "filters.json").write_text(json.dumps({"protocols": [found], "command": "made up"}))
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    app = start_on("about")
    assert not app.exception
    said = text(app).replace("\u00a0", " ")
    assert answer in said
    assert "Filters of conv1 answer more to their own sound" in said
    (table,) = [frame.value for frame in app.dataframe if "No filter loss" in frame.value]
    assert table["One range of pitch"]["Trainings"] == "3"
    assert table["One range of pitch"]["Probability lost with the rest alone"] == (
        "0.20 (rearranged 0.10)"
    )
