"""Calls of Streamlit that come late, are taken back, or say that an element has gone."""

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from model.export.player_payload import clip_id, pack_maps
from tests.browser.mounting import excerpt_of
from tests.browser.scripts import text_of
from tests.browser.visiting import play, ready_stage

pytestmark = pytest.mark.browser

# The first payload is the clip, the second the stage.
CLIP, STAGE = 0, 1
CALL_AND_TAKE_BACK = """([at, data]) => mounted[at].call(bytesOf(data))()"""
SETTINGS = {"threshold": 0.4, "opacity": 0.75, "against": False, "bed": False, "box": None}


def without_maps(music: np.ndarray) -> str:
    """A stage of the same clip on which there is no verdict yet."""
    clip = clip_id(excerpt_of(music.tobytes()))
    header = {"kind": "stage", "clip": clip, "settings": SETTINGS, "panels": []}
    return text_of(pack_maps(header, []))


def test_an_older_call_that_comes_late_and_is_taken_back_changes_nothing(
    stage_alone: Locator, music: np.ndarray
) -> None:
    stage_alone.page.evaluate(CALL_AND_TAKE_BACK, [STAGE, without_maps(music)])
    stage = ready_stage(stage_alone.page)
    expect(stage.get_by_role("radio", name="Kept")).to_have_count(1)
    assert stage.page.locator(".stage").count() == 1
    play(stage)
    expect(stage.get_by_role("button", name="Pause")).to_be_visible()


def test_a_newer_call_that_stays_is_what_is_shown(stage_alone: Locator, music: np.ndarray) -> None:
    stage_alone.page.evaluate(
        "([at, data]) => { mounted[at].call(bytesOf(data)); }",
        [
            STAGE,
            without_maps(music),
        ],
    )
    expect(stage_alone.get_by_role("radio", name="Kept")).to_have_count(0)
    # What belonged to the call before is of no consequence now.
    stage_alone.page.evaluate("at => mounted[at].leave()", STAGE)
    expect(stage_alone.get_by_role("radio", name="Kept")).to_have_count(0)


def test_a_stage_that_has_gone_is_heard_no_more(stage_alone: Locator) -> None:
    page = stage_alone.page
    stage_alone.get_by_role("button", name="Loop").click()
    play(stage_alone)
    page.evaluate("at => { mounted[at].parentElement.remove(); mounted[at].leave(); }", STAGE)
    page.wait_for_function("started[0].source.context.state === 'suspended'")
