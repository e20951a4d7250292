"""Filters that are switched off: what the browser shows before Python has heard of it."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from model.analysis import Analysis, analyse
from model.explain.grid import RelevanceMap
from model.export.player_payload import clip_id, pack_clip, pack_maps
from model.filter_shares import shares_of_score, without
from model.networks.assembled import load_classifier
from pages.panels.switched_filters import own_name, pack_switches, picture_name, picture_title
from pages.words.phrases import genre_name, percent, sentence
from tests.browser.mounting import MOUNT, excerpt_of, panel_of, player_parts
from tests.browser.scripts import floats_of, open_empty_page, text_of
from tests.browser.visiting import WAKING_MILLISECONDS, ready_stage

pytestmark = pytest.mark.browser

# What a 16-bit map may err by, as a share of the picture's peak, and more.
CLOSE = 1e-3
SETTLING = 1000  # ms
CONTROL = "filters_on-"
# A switch, as far as its state can be read from Streamlit's.
SWITCH = '<label class="st-key-{key}" data-selected="true"><input type="checkbox" checked></label>'
TURN = """
(keys) => {
  for (const key of keys) {
    const label = document.querySelector(`.st-key-${key}`);
    label.firstElementChild.checked = !label.firstElementChild.checked;
    label.toggleAttribute("data-selected");
  }
}
"""
# What the first picture and its words say as soon as switches are turned.
AT_ONCE = """
async (keys) => {
  TURN(keys);
  await null;
  const root = mounted[2].parentElement.shadowRoot;
  return [root.querySelector(".plot").getAttribute("aria-label"),
    root.querySelector(".share").textContent];
}
""".replace("TURN", f"({TURN.strip()})")
# Notes the maps that the worker gets.
NOTE_MAPS = """
  window.maps = [];
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (wish, ...more) {
    if (wish.map) maps.push([wish.tag, textOf(Float32Array.from(wish.map.values))]);
    return postMessage.call(this, wish, ...more);
  };
"""


@pytest.fixture(scope="module")
def analysis(music: np.ndarray) -> Analysis:
    return analyse(excerpt_of(music.tobytes()), load_classifier())


class Filters:
    """The Filters page without Streamlit: switches, the verdict and the stage."""

    def __init__(self, page: Page, analysis: Analysis) -> None:
        self.page, self.analysis = page, analysis
        self.genre = analysis.verdict.top
        added, self.bias = shares_of_score(analysis, self.genre)
        ranking = np.argsort(-added)
        self.listed = [int(channel) for channel in (*ranking[:3], *ranking[-2:])]
        self.channel = self.listed[1]

    def stage(self, gone: frozenset[int] = frozenset()) -> bytes:
        """What the page sends of the stage while some filters are off."""
        rest = without(self.analysis, gone)
        found = rest.map("cam", self.genre)
        own = RelevanceMap(rest.prediction.feature_maps[..., self.channel], found.grid)
        names = [picture_name(rest, self.genre, gone), own_name(rest, self.channel, gone)]
        total = rest.prediction.feature_maps.shape[-1]
        titles = [picture_title(self.genre, total, len(gone)), "alone"]
        panels = [
            {**panel_of(title, one.values), "id": name}
            for title, name, one in zip(titles, names, (found, own), strict=True)
        ]
        settings = {"threshold": 0.4, "opacity": 0.75, "against": False, "bed": False, "box": None}
        header = {
            "kind": "stage",
            "clip": clip_id(rest.excerpt),
            "settings": settings,
            "panels": panels,
        }
        return pack_maps(header, [found, own])

    def open(self) -> None:
        """Show everything on an empty page."""
        open_empty_page(self.page)
        self.page.add_script_tag(content=NOTE_MAPS)
        switches = [SWITCH.format(key=f"{CONTROL}{channel}") for channel in self.listed]
        self.page.evaluate("html => { document.body.innerHTML = html; }", "".join(switches))
        payloads = [
            pack_clip(self.analysis.excerpt),
            pack_switches(self.analysis, self.genre, self.listed, CONTROL),
            self.stage(),
        ]
        self.page.evaluate(MOUNT, [*player_parts(), *map(text_of, payloads)])
        ready_stage(self.page, 2)

    def turn(self, *channels: int) -> None:
        """Turn switches on or off, all at once."""
        self.page.evaluate(TURN, [f"{CONTROL}{channel}" for channel in channels])

    def send(self, gone: frozenset[int]) -> None:
        """Have Python's stage arrive, in the place of the one that is there."""
        self.page.evaluate("text => { mounted[2].call(bytesOf(text)); }", text_of(self.stage(gone)))

    def title(self, index: int) -> Locator:
        """What a picture is called."""
        return self.page.locator(".panel .title").nth(index)

    def maps(self) -> list[tuple[str, np.ndarray]]:
        """The maps that sounds were made of, in that order."""
        return [(tag, floats_of(text)) for tag, text in self.page.evaluate("maps")]

    def words(self, gone: frozenset[int] = frozenset()) -> list[str]:
        """The verdict as Python words it: the sentence, and a line for each of four genres."""
        rest = without(self.analysis, gone)
        index = rest.classifier.genres.index(self.genre)
        score = float(rest.prediction.logits[index])
        total = rest.prediction.feature_maps.shape[-1]
        count = f"{total - len(gone)} filters" if gone else f"All {total} filters"
        before, now = dict(self.analysis.verdict.ranking), dict(rest.verdict.ranking)
        first = (
            f"{count} {score - self.bias:+.2f}, and {self.bias:+.2f} to begin with: score "
            f"{score:+.2f}, which makes {percent(now[self.genre])} {genre_name(self.genre)}."
        )
        names = sorted(now, key=lambda name: -now[name])[:4]
        if self.genre not in names:
            names[-1] = self.genre
        lines = [
            f"{sentence(genre_name(name))} {percent(now[name])}"
            + (f" ({100 * (now[name] - before[name]):+.0f} points)" if gone else "")
            for name in names
        ]
        return [line.replace("-", "\u2212") for line in (first, *lines)]

    def says(self, gone: frozenset[int] = frozenset()) -> None:
        """Wait until the page says what Python would say."""
        first, *lines = self.words(gone)
        verdict = self.page.locator(".verdict")
        expect(verdict.locator("p")).to_have_text(first)
        expect(verdict.locator("li")).to_have_text(lines)


@pytest.fixture
def filters(empty_page: Page, analysis: Analysis) -> Filters:
    filters = Filters(empty_page, analysis)
    filters.open()
    return filters


def test_a_switch_changes_words_and_picture_as_python_would(filters: Filters) -> None:
    filters.says()
    gone = frozenset(filters.listed[1:4])
    filters.turn(*gone)
    filters.says(gone)
    total = len(filters.analysis.classifier.kernel)
    expect(filters.title(0)).to_have_text(picture_title(filters.genre, total, 3))
    ready_stage(filters.page)  # of the first picture: the second filter is off itself
    found = without(filters.analysis, gone).map("cam", filters.genre).values
    maps = dict(filters.maps())
    left = maps[picture_name(filters.analysis, filters.genre, gone)]
    np.testing.assert_allclose(left, found.ravel(), atol=CLOSE * found.max())
    expect(filters.page.locator(".share").nth(1)).to_have_text("Nothing.")


def test_on_again_everything_is_as_before_and_its_sound_is_there(filters: Filters) -> None:
    sounds = filters.page.locator(".share").all_inner_texts()
    channel = filters.listed[1]
    filters.turn(channel)
    ready_stage(filters.page)
    made = len(filters.maps())
    filters.turn(channel)
    filters.says()
    expect(filters.title(0)).to_have_text(re.compile("^All "))
    assert filters.page.locator(".share").all_inner_texts() == sounds
    assert len(filters.maps()) == made


@pytest.mark.parametrize("event", ["pointerover", "focusin"])
def test_whoever_comes_near_a_switch_has_its_sound_made(filters: Filters, event: str) -> None:
    # Without this one its own picture is empty, too, and has no sound.
    page, channel = filters.page, filters.channel
    page.locator(f".st-key-{CONTROL}{channel} input").dispatch_event(event)
    page.wait_for_function("count => maps.length > count", arg=len(filters.maps()))
    ((name, _),) = filters.maps()[2:]
    assert name == picture_name(filters.analysis, filters.genre, {channel})
    page.wait_for_timeout(SETTLING)
    # In the moment of the turn, before any sound could be made.
    label, share = page.evaluate(AT_ONCE, [f"{CONTROL}{channel}"])
    assert " of " in label
    assert share.startswith("Kept:")
    assert len(filters.maps()) == 3


def test_what_the_page_sends_later_is_found_shown(filters: Filters) -> None:
    one, other = filters.listed[0], filters.listed[2]
    filters.turn(one)
    ready_stage(filters.page, 2)
    filters.turn(other)
    ready_stage(filters.page, 2)
    made = len(filters.maps())
    label = filters.page.locator(".plot").first.get_attribute("aria-label")
    # First what was right a moment ago, then what is right now.
    for gone in (frozenset({one}), frozenset({one, other})):
        filters.send(gone)
        assert filters.page.locator(".plot").first.get_attribute("aria-label") == label
    filters.says(frozenset({one, other}))
    assert len(filters.maps()) == made


def test_without_its_switches_the_page_s_own_pictures_stay(filters: Filters) -> None:
    filters.page.evaluate("document.querySelector('[class^=st-key]').remove()")
    gone = frozenset(filters.listed[:1])
    filters.send(gone)
    total = len(filters.analysis.classifier.kernel)
    expect(filters.title(0)).to_have_text(picture_title(filters.genre, total, 1))


@pytest.mark.long
def test_the_app_s_own_switches_are_followed_and_confirmed(page: Page) -> None:
    page.goto("/?sample=rock.ogg")
    page.get_by_role("heading", name="What speaks for rock").wait_for(timeout=WAKING_MILLISECONDS)
    page.get_by_role("link", name="Filters").click()
    ready_stage(page, 2)
    verdict = page.locator(".verdict")
    expect(verdict.locator("p")).to_have_text(re.compile("^All "))
    everything = verdict.inner_text()
    switch = page.get_by_role("checkbox", name=re.compile("The ear for rock"))
    switch.focus()
    page.keyboard.press("Space")
    expect(verdict.locator("p")).not_to_have_text(re.compile("^All "))
    expect(verdict.locator("li").first).to_have_text(re.compile(r"points\)$"))
    expect(page.locator(".panel .title").first).to_have_text(re.compile(r"^\d+ of \d+ filters"))
    # Python's answer changes nothing, nor does it take the focus.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(SETTLING)
    expect(page.locator(".panel .title").first).to_have_text(re.compile(r"^\d+ of \d+ filters"))
    expect(switch).to_be_focused()
    page.keyboard.press("Space")
    expect(verdict.locator("p")).to_have_text(re.compile("^All "))
    assert verdict.inner_text() == everything
