"""Compare: classes, and methods, on one clip."""

import pytest

from model.constants import GENRES
from model.explain import METHODS
from tests.pages.driving import ROCK, figures, heatmaps, open_page, text, tone_wav, upload

MOST_BYTES = 1_100_000


@pytest.fixture
def comparing(listening):
    """The Compare page with the clip of the Listen page."""
    return open_page(listening, "compare")


def titles(app):
    return [
        note["text"].replace("\u00a0", " ") for note in figures(app)[0]["layout"]["annotations"]
    ]


def classes(app):
    """The pills by which classes are chosen; their key holds the clip's SHA-256."""
    (pills,) = [pills for pills in app.pills if pills.label == "Classes"]
    return pills


def test_without_a_clip_the_page_says_what_to_do(app, small_network):
    open_page(app, "compare")
    assert not app.exception
    assert "no clip to compare" in text(app)
    assert small_network.verdicts == 0


def test_the_three_most_probable_classes_are_compared(comparing, small_network):
    assert not comparing.exception
    assert len(titles(comparing)) == len(heatmaps(comparing)) == len(comparing.get("audio")) == 3
    assert titles(comparing)[0].startswith("Rock, ")
    assert small_network.verdicts == 1


def test_classes_share_axes_and_colour_scale(comparing):
    layout = figures(comparing)[0]["layout"]
    for letter in "xy":
        linked = [layout[f"{letter}axis{k}"].get("matches") for k in ("", 2, 3)]
        # All follow the one that follows none, or each other.
        assert len({name for name in linked if name}) == 1
        assert linked.count(None) == 1
    assert {(trace["zmin"], trace["zmax"]) for trace in heatmaps(comparing)} == {(0, 100)}
    assert "One colour scale for all classes" in text(comparing)


def test_all_ten_classes_fit_on_the_page(comparing):
    classes(comparing).set_value(list(GENRES)).run()
    assert not comparing.exception
    assert len(heatmaps(comparing)) == len(GENRES)
    # Nothing speaks for blues, which has no sound but words.
    assert len(comparing.get("audio")) == len(GENRES) - 1
    assert "nothing in this clip that speaks for blues" in text(comparing)


def test_thirty_seconds_of_ten_classes_stay_light(app):
    upload(app, tone_wav(ROCK, seconds=30))
    open_page(app, "compare")
    classes(app).set_value(list(GENRES)).run()
    assert len(app.get("plotly_chart")[0].proto.spec) < MOST_BYTES


def test_fewer_than_two_classes_ask_for_more(comparing):
    classes(comparing).set_value(["rock"]).run()
    assert not comparing.exception
    assert "at least two classes" in text(comparing)
    assert not comparing.get("plotly_chart")


def test_methods_are_compared_on_one_class(comparing, small_network):
    comparing.segmented_control(key="compare_what").set_value("Methods").run()
    assert not comparing.exception
    assert titles(comparing) == ["CAM for rock", METHODS["crm"].label, "CRM for rock"]
    assert len(comparing.get("audio")) == len(METHODS)
    assert "a scale of its own" in text(comparing)
    comparing.selectbox(key="genre").set_value("metal").run()
    assert titles(comparing)[0] == "CAM for metal"
    assert small_network.verdicts == 1


def test_what_is_compared_stays_when_the_page_changes(comparing):
    classes(comparing).set_value(["jazz", "pop"])
    comparing.segmented_control(key="compare_method").set_value("crm-class").run()
    before = figures(comparing)
    open_page(open_page(comparing, "listen"), "compare")
    assert figures(comparing) == before
