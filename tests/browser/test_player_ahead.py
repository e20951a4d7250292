"""Maps that were sent ahead: shown as soon as the page's own elements show the choice."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from model.explain.grid import RelevanceMap
from model.export.player_payload import clip_id, pack_maps
from tests.browser.mounting import GRID, excerpt_of, mount, panel_of, relevance_of
from tests.browser.scripts import open_empty_page
from tests.browser.visiting import play, ready_stage

pytestmark = pytest.mark.browser

QUIET = 1500  # ms

# As Streamlit draws a row of buttons and a list, as far as a choice in them can be read there.
ELEMENTS = """
  <div class="st-key-kind">
    <button role="radio" aria-checked="true">Fine</button>
    <button role="radio" aria-checked="false">Broad</button>
  </div>
  <div class="st-key-genre"><input role="combobox" value="rock (74 %)"></div>
"""
PRESS = """
  (name) => document.querySelectorAll("[role=radio]").forEach((button) => {
    button.setAttribute("aria-checked", button.textContent === name);
  })
"""
CHOOSE = """(name) => document.querySelector("[role=combobox]").setAttribute("value", name)"""
# Notes what the worker is asked for.
NOTE_WISHES = """
  window.wishes = [];
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (...wish) {
    wishes.push(wish[0]);
    return postMessage.apply(this, wish);
  };
"""
# What stands below the picture when the choice is shown, before any sound could be made for it.
AT_ONCE = """
async (name) => {
  const find = (selector, root) => root.querySelector(selector) ??
    [...root.querySelectorAll("*")].map((each) => each.shadowRoot)
      .filter(Boolean).map((each) => find(selector, each)).find(Boolean);
  PRESS(name);
  await null;
  return [find(".plot", document).getAttribute("aria-label"),
    find(".share", document).textContent];
}
""".replace("PRESS", f"({PRESS.strip()})")
CHOICES = {"Broad rock": ["Broad", "rock (74 %)"], "Fine jazz": ["Fine", "jazz (9 %)"]}


@pytest.fixture
def stage(listening_page: Page, music: np.ndarray) -> Locator:
    page = listening_page
    open_empty_page(page)
    page.add_script_tag(content=NOTE_WISHES)
    page.evaluate("html => { document.body.innerHTML = html; }", ELEMENTS)
    maps = [relevance_of(6), relevance_of(7)]
    header = {
        "kind": "ahead",
        "clip": clip_id(excerpt_of(music.tobytes())),
        "from": {"id": "map", "words": ["Fine", "rock (74 %)"]},
        "controls": ["kind", "genre"],
        "panels": [panel_of(*pair) for pair in zip(CHOICES, maps, strict=True)],
        "words": list(CHOICES.values()),
    }
    mount(page, music, pack_maps(header, [RelevanceMap(each, GRID) for each in maps]))
    return ready_stage(page)


def shows(stage: Locator, title: str) -> None:
    """Wait until the picture and the sound are those of a map."""
    expect(stage.locator(".plot")).to_have_attribute("aria-label", re.compile(f"{title}$"))
    ready_stage(stage.page)


def test_what_is_chosen_is_shown_and_heard_while_the_player_plays_on(stage: Locator) -> None:
    page = stage.page
    stage.get_by_role("button", name="Loop").click()  # so that it plays as long as this takes
    play(stage)
    share = stage.locator(".share").inner_text()
    page.evaluate(PRESS, "Broad")
    shows(stage, "Broad rock")
    assert stage.locator(".share").inner_text() != share
    page.evaluate(PRESS, "Fine")
    shows(stage, "Map")
    page.evaluate(CHOOSE, "jazz (9 %)")
    shows(stage, "Fine jazz")
    stage.get_by_role("button", name="Pause").wait_for()


def test_what_was_not_sent_ahead_is_left_to_the_page(stage: Locator) -> None:
    page = stage.page
    page.evaluate(CHOOSE, "jazz (9 %)")
    shows(stage, "Fine jazz")
    # The broad map at hand is that of rock, and words half typed are no choice.
    page.evaluate(PRESS, "Broad")
    page.evaluate(CHOOSE, "ja")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    shows(stage, "Fine jazz")
    page.evaluate(CHOOSE, "rock (74 %)")
    shows(stage, "Broad rock")


def wait_for_sounds(page: Page, count: int) -> None:
    """Wait until so many sounds have been made, and no more are."""
    page.wait_for_function("count => wishes.filter(({ map }) => map).length === count", arg=count)
    # The worker answers one after the other.
    page.wait_for_timeout(QUIET)


def test_the_sounds_of_choices_are_there_before_they_are_chosen(stage: Locator) -> None:
    page = stage.page
    wait_for_sounds(page, 3)
    label, share = page.evaluate(AT_ONCE, "Broad")
    assert label.endswith("Broad rock")
    assert "Kept:" in share
    _, first = page.evaluate(AT_ONCE, "Fine")
    assert share != first
    assert "Kept:" in first
    wait_for_sounds(page, 3)


def test_another_threshold_has_the_sounds_made_anew(stage: Locator) -> None:
    page = stage.page
    wait_for_sounds(page, 3)
    _, before = page.evaluate(AT_ONCE, "Broad")
    slider = stage.get_by_role("slider", name="Keep")
    slider.press("Home")
    wait_for_sounds(page, 6)
    _, fine = page.evaluate(AT_ONCE, "Fine")
    _, after = page.evaluate(AT_ONCE, "Broad")
    assert "Kept:" in fine
    assert after != before
