"""Compare: classes, and methods, on one clip."""

import pytest

from model.constants import GENRES
from model.explain.methods import DEFAULT_METHOD, QUICK_METHODS
from model.genres import GROUPS
from pages.words.methods import method_name
from tests.pages.conftest import SmallClassifier
from tests.pages.driving import ROCK, open_page, panels, stages, text, tone_wav, upload

MOST_BYTES = 2_100_000  # ten fine maps, beside the clip


@pytest.fixture
def comparing(listening):
    """The Compare page with the clip of the Listen page."""
    return open_page(listening, "compare")


def titles(app):
    return [panel["title"] for panel in panels(app)]


def classes(app):
    """The pills by which classes are chosen; their key holds the clip's SHA-256."""
    (pills,) = [pills for pills in app.pills if pills.label == "Genres"]
    return pills


def test_without_a_clip_the_page_lets_one_choose_it(opened, small_network):
    app = opened("compare")
    assert not app.exception
    assert "Bring a song" in text(app)
    assert small_network.verdicts == 0
    upload(app, tone_wav(ROCK))
    assert titles(app)[0].startswith("Rock, ")
    app.pills(key="sample").set_value("jazz.ogg").run()
    assert "<strong>Corner Table</strong>" in text(app)


def test_the_three_most_probable_classes_are_compared(comparing, small_network):
    assert not comparing.exception
    ((_, maps),) = stages(comparing)
    assert len(titles(comparing)) == len(maps) == 3
    assert titles(comparing)[0].startswith("Rock, ")
    assert small_network.verdicts == 1


def test_classes_share_one_colour_scale(comparing):
    ((_, maps),) = stages(comparing)
    (scale,) = {panel["scale"] for panel in panels(comparing)}
    assert scale >= max(values.max() for values in maps.values())
    assert "The colours mean the same in all pictures" in text(comparing)


def test_all_ten_classes_fit_on_the_page(comparing):
    classes(comparing).set_value(list(GENRES)).run()
    assert not comparing.exception
    assert len(titles(comparing)) == len(GENRES)
    (blues,) = [panel for panel in panels(comparing) if panel["title"].startswith("Blues")]
    assert "Nothing in this song speaks for blues" in blues["nothing"]


def test_thirty_seconds_of_ten_classes_stay_light(app):
    upload(app, tone_wav(ROCK, seconds=30))
    open_page(app, "compare")
    classes(app).set_value(list(GENRES)).run()
    _, stage = app.get("bidi_component")
    assert len(stage.proto.bytes) < MOST_BYTES


@pytest.mark.parametrize("chosen", [["rock"], []])
def test_fewer_than_two_classes_ask_for_more(comparing, chosen):
    classes(comparing).set_value(chosen).run()
    assert not comparing.exception
    assert "at least two genres" in text(comparing)
    assert not stages(comparing)


def test_methods_are_compared_on_one_class(comparing, small_network):
    comparing.segmented_control(key="compare_what").set_value("Kinds of picture").run()
    assert not comparing.exception
    assert [title.partition(": ")[0] for title in titles(comparing)] == [
        method_name(name) for name in QUICK_METHODS
    ]
    assert {
        "Broad places: what speaks for rock",
        "All genres at once: what matters to all ten genres",
        "Strongest places: what speaks for rock",
    } < set(titles(comparing))
    # The small network's genres share no places, so at its peak rock leads by its whole CAM.
    assert len({panel["scale"] for panel in panels(comparing)}) == len(QUICK_METHODS) - 1
    assert [panel["smooth"] for panel in panels(comparing)] == [
        method not in {"fine", "regions", "listenable"} for method in QUICK_METHODS
    ]
    assert "colours of its own" in text(comparing)
    comparing.selectbox(key="genre").set_value("metal").run()
    assert titles(comparing)[0] == "Short passages: what speaks for metal"
    assert small_network.verdicts == 1


def test_what_is_compared_stays_when_the_page_changes(comparing):
    classes(comparing).set_value(["jazz", "pop"])
    comparing.segmented_control(key="compare_method").set_value("crm-class").run()
    before = panels(comparing)
    assert len(before) == 2
    open_page(open_page(comparing, "listen"), "compare")
    assert panels(comparing) == before


def test_merged_genres_are_compared_as_one(comparing, small_network):
    comparing.toggle(key="merge").set_value(True).run()
    assert not comparing.exception
    assert titles(comparing)[0].startswith("Rock or metal, ")
    assert len(classes(comparing).options) == len(GENRES) - len(GROUPS)
    open_page(comparing, "listen")
    assert comparing.toggle(key="merge").value
    assert small_network.verdicts == 1


def test_a_network_without_a_decoder_offers_none_of_its_pictures(comparing, monkeypatch):
    comparing.segmented_control(key="compare_method").set_value("listenable").run()
    assert not comparing.exception
    assert not panels(comparing)[0]["smooth"]
    monkeypatch.setattr(SmallClassifier, "decodes", False)
    comparing.run()
    assert not comparing.exception
    assert comparing.segmented_control(key="compare_method").value == DEFAULT_METHOD
    comparing.segmented_control(key="compare_what").set_value("Kinds of picture").run()
    assert not any(title.startswith("Enough to tell") for title in titles(comparing))
