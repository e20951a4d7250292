"""A verdict in parts, in a browser: each part has its sound, and solo leaves one of them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visiting import WAKING_MILLISECONDS

PARTS = 6


@pytest.mark.long
def test_parts_are_made_when_asked_for_and_each_can_be_heard_alone(page: Page) -> None:
    page.goto("/?sample=rock.ogg")
    page.get_by_role("heading", name="What speaks for rock").wait_for(timeout=WAKING_MILLISECONDS)
    stages = page.locator(".stage")
    expect(stages).to_have_count(1)
    page.get_by_text("Rock, in parts").click()
    kept = stages.nth(1).locator(".share", has_text="Kept:")
    # All of them together, and each by itself.
    expect(kept).to_have_count(1 + PARTS, timeout=WAKING_MILLISECONDS)
    expect(page.get_by_text(f"All {PARTS} parts")).to_be_visible()
    page.get_by_role("button", name="Solo").first.click()
    expect(page.get_by_text(f"1 of {PARTS} parts")).to_be_visible()
    expect(stages.nth(1).get_by_text("The parts that are on")).to_be_visible()
