"""Filters: their shares of a score, and what a switch changes without the network."""

import json

import pytest

from model.constants import GENRES
from model.networks.assembled import load_classifier
from pages.panels.filter_facts import LAST, ear_genre, filter_name
from pages.session import filter_portraits, network
from tests.pages.driving import open_page, panels, stages, text
from tests.payloads import unpack


@pytest.fixture
def filters(listening):
    """The page with the clip of the Listen page, which the small network calls rock."""
    return open_page(listening, "filters")


def switches(app):
    """What the browser gets of the filters that can be switched off: header and arrays."""
    payloads = [unpack(element.proto.bytes) for element in app.get("bidi_component")]
    (found,) = [each for each in payloads if each[0]["kind"] == "switches"]
    return found


def test_the_filters_add_up_to_the_score(filters):
    assert not filters.exception
    header, arrays = switches(filters)
    assert header["total"] == 10
    rock = header["genre"]
    assert sorted(header["channels"]) == list(range(10))
    # The browser makes the verdict of the filters that are on out of these.
    assert arrays["lost"][:, rock].sum() + header["bias"] == pytest.approx(arrays["scores"][rock])
    (first, second) = panels(filters)
    assert first["title"] == "All 10 filters, for rock"
    # Its only filter that hears anything, the last of the small network.
    assert second["title"] == f"Filter {GENRES.index('rock') + 1} alone"


def test_the_page_makes_do_with_our_sample_where_there_is_no_clip(opened, small_network):
    app = opened("filters")
    assert not app.exception
    assert "No song of yours is here yet" in str([pills.label for pills in app.pills])
    assert len(panels(app)) == 2


def test_portraits_of_other_weights_are_not_shown(filters, monkeypatch, tmp_path):
    facts = {"model": {"sha256": "f" * 64}, "tracks": 3, "command": "c", "layers": []}
    (tmp_path / "filters_of_small.json").write_text(json.dumps(facts))
    monkeypatch.setattr(filter_portraits, "FOLDER", tmp_path)
    filter_portraits._read.clear()
    filters.run()
    assert "was not looked up" in text(filters)
    assert any("filter-portraits" in command.value for command in filters.code)


def test_portraits_name_the_genre_of_a_filter(listening, monkeypatch, tmp_path):
    own = {"alive": True, "genre": "jazz", "purity": 0.75, "passages": []}
    facts = {
        "model": {"sha256": "0" * 64},
        "tracks": 3,
        "command": "python -m model filter-portraits",
        "layers": [{"layer": "evidence", "filters": [own] * len(GENRES)}],
    }
    (tmp_path / "filters_of_small.json").write_text(json.dumps(facts))
    monkeypatch.setattr(filter_portraits, "FOLDER", tmp_path)
    filter_portraits._read.clear()
    page = open_page(listening, "filters")
    assert "75 % are jazz" in text(page).replace("**", "")
    filter_portraits._read.clear()


def test_what_the_usual_network_has_beside_its_filters_is_called_its_ear():
    classifier = load_classifier()
    assert classifier.ear
    filters = len(classifier.kernel) - len(GENRES)
    assert filter_name(classifier, LAST, filters - 1) == f"Filter {filters}"
    assert filter_name(classifier, LAST, filters) == f"The ear for {GENRES[0]}"
    assert ear_genre(classifier, "conv1", filters) is None
    # Its filters are those of the network on pictures, and so are their portraits.
    assert "--model pictures-random" in filter_portraits.portraits_command(classifier)
    found = filter_portraits.filter_portraits(classifier)
    assert found
    assert len(found.by_layer[LAST]) == filters


def test_another_network_can_be_chosen_on_every_page(listening, monkeypatch):
    asked = []
    usual = network.load_classifier

    def load(name=None):
        asked.append(name)
        return usual()

    monkeypatch.setattr(network, "load_classifier", load)
    (box,) = [box for box in listening.selectbox if box.label == "Network"]
    box.set_value("earmark-random").run()
    assert not listening.exception
    assert asked == ["earmark-random"]
    open_page(listening, "filters")
    (box,) = [box for box in listening.selectbox if box.label == "Network"]
    assert box.value == "earmark-random"


def test_a_switch_changes_map_and_verdict_without_the_network(filters, small_network):
    verdicts = small_network.verdicts
    ((_, before),) = stages(filters)
    sent, _ = switches(filters)

    box = next(box for box in filters.checkbox if "Filter" in box.label)
    assert box.value
    box.uncheck().run()
    assert not filters.exception
    ((_, after),) = stages(filters)
    assert small_network.verdicts == verdicts
    assert before["0"].max() > 0
    assert after["0"].max() < before["0"].max()
    assert panels(filters)[0]["title"] == "9 of 10 filters, for rock"
    # It is the browser that says what the others make; what it says that from is as it was.
    assert switches(filters)[0] == sent
    assert box.key == f"{sent['control']}{sent['channels'][0]}"
