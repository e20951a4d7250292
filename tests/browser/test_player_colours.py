"""The colours that Python sends are those that the browser shows."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from model.export.colours import BOX, INK, LINE, LOUDNESS, RIM, SPEAKS_AGAINST, SPEAKS_FOR
from tests.browser.mounting import mount
from tests.browser.scripts import load, open_empty_page

pytestmark = pytest.mark.browser


def style(element: Locator, name: str) -> str:
    return str(element.evaluate("(element, name) => getComputedStyle(element)[name]", name))


def as_style(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def test_lines_and_inks_are_those_that_came_with_the_clip(
    empty_page: Page, music: np.ndarray
) -> None:
    open_empty_page(empty_page)
    stage = mount(empty_page, music)
    stage.get_by_role("button", name="Add a box").click()
    assert style(stage.locator(".play"), "color") == as_style(INK)
    assert style(stage.locator(".cursor"), "backgroundColor") == as_style(LINE)
    assert style(stage.locator(".plot"), "backgroundColor") == as_style(RIM)
    assert style(stage.locator(".box"), "borderTopColor") == as_style(BOX)


def test_cells_get_the_ends_of_the_scales_that_came_with_the_clip(empty_page: Page) -> None:
    load(empty_page, "picture")
    colours = {"loudness": LOUDNESS, "speaksFor": SPEAKS_FOR, "speaksAgainst": SPEAKS_AGAINST}
    loudness, relevance = empty_page.evaluate(
        """(colours) => {
          const clip = { levels: [0, 255], bands: 1, frames: 2, colours };
          const pixels = (canvas) => [...canvas.getContext("2d").getImageData(0, 0, 2, 1).data];
          return [paintLoudness(clip), paintRelevance([3, -3], 3, true, clip)].map(pixels);
        }""",
        colours,
    )
    assert loudness == [*LOUDNESS[0][1:4], 255, *LOUDNESS[-1][1:4], 255]
    assert relevance == [*SPEAKS_FOR[-1][1:4], 255, *SPEAKS_AGAINST[-1][1:4], 255]
