"""The player under keys, mouse and fingers, on wide and narrow, light and dark screens."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from model.constants import SAMPLE_RATE
from tests.browser.visiting import (
    COLOURS,
    NOTE_SOUNDS,
    choose,
    listen_to,
    play,
    ready_stage,
    seconds_of,
    started,
    waits_beyond,
)

pytestmark = pytest.mark.browser

NARROW = 420  # px


def test_keys_play_seek_and_clear(stage_alone: Locator) -> None:
    plot = stage_alone.locator(".plot")
    plot.focus()
    plot.press("ArrowRight")
    plot.press("ArrowRight")
    assert seconds_of(stage_alone) == 2
    expect(plot).to_have_attribute("aria-valuetext", "2.0 seconds")
    plot.press("ArrowLeft")
    assert seconds_of(stage_alone) == 1
    plot.press(" ")
    stage_alone.get_by_role("button", name="Pause").wait_for()
    waits_beyond(stage_alone, 1)
    plot.press(" ")
    stage_alone.get_by_role("button", name="Play", exact=True).wait_for()
    plot.press("Home")
    assert seconds_of(stage_alone) == 0
    stage_alone.get_by_role("button", name="Add a box").press("Enter")
    expect(stage_alone.locator(".from")).to_be_focused()
    stage_alone.locator(".from").press("Escape")
    expect(stage_alone.locator(".box-fields")).to_be_hidden()


def test_a_click_seeks_and_pointing_tells_what_is_there(
    stage_alone: Locator, music: np.ndarray
) -> None:
    plot = stage_alone.locator(".plot")
    box = plot.bounding_box()
    assert box is not None
    plot.click(position={"x": box["width"] / 2, "y": box["height"] / 4})
    assert seconds_of(stage_alone) == pytest.approx(len(music) / SAMPLE_RATE / 2, abs=0.15)
    told = stage_alone.locator(".under").inner_text().replace("\u00a0", " ")
    pattern = r"(?P<s>\d\.\d\d) s · (?P<hz>\d+) Hz · \u2212?\d+ dB · relevance \u2212?\d+ %"
    found = re.fullmatch(pattern, told)
    assert found, told
    assert float(found["s"]) == pytest.approx(len(music) / SAMPLE_RATE / 2, abs=0.1)
    assert 3000 < float(found["hz"]) < 7000


@pytest.mark.long
def test_the_clip_goes_along_to_compare_with_one_cursor_and_one_zoom(
    page: Page, music: np.ndarray
) -> None:
    page.add_init_script(NOTE_SOUNDS)
    listen_to(page, music)
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="What sets the genres apart?")).to_be_visible()
    stage = ready_stage(page, panels=3)
    assert all(canvas.evaluate(COLOURS) > 100 for canvas in stage.locator("canvas").all())

    first = stage.locator(".panel").first.locator(".plot")
    first.click(position={"x": 150, "y": 60})
    places = [cursor.get_attribute("style") for cursor in stage.locator(".cursor").all()]
    assert len(set(places)) == 1
    stage.get_by_role("button", name="Zoom in").click()
    ticks = stage.locator(".seconds")
    expect(ticks.first).not_to_contain_text("0 s1 s")
    assert len(set(ticks.all_inner_texts())) == 1
    stage.get_by_role("button", name="All", exact=True).click()
    expect(stage.get_by_role("button", name="Zoom out")).to_be_disabled()

    choose(stage, "Kept")
    play(stage)
    voices = started(page)
    assert voices == 4, "the original and one for every class"
    page.evaluate("faded.length = 0")
    stage.locator(".title").nth(2).click()
    expect(stage.get_by_role("radio").nth(5)).to_be_checked()
    fades = page.evaluate("faded.map(([gain]) => gain)")
    assert sum(fades) == 1, "one class is heard"
    assert started(page) == voices


@pytest.mark.long
def test_a_narrow_screen_holds_everything(visit: Callable[..., Page], music: np.ndarray) -> None:
    page = visit(viewport={"width": NARROW, "height": 800}, has_touch=True)
    stage = listen_to(page, music)
    stage.get_by_role("button", name="Add a box").tap()
    expect(stage.locator(".parts label")).to_have_count(5)
    widths = stage.locator(
        "button:visible, input:visible, .plot, .parts label, .caption"
    ).evaluate_all("elements => elements.map(element => element.getBoundingClientRect().right)")
    assert max(widths) <= NARROW
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    box = stage.locator(".plot").bounding_box()
    assert box is not None
    assert box["width"] > 0.75 * NARROW
    stage.locator(".plot").tap(position={"x": box["width"] * 0.9, "y": 20})
    assert seconds_of(stage) == pytest.approx(0.9 * len(music) / SAMPLE_RATE, abs=0.15)
