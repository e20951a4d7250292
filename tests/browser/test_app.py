"""A visitor with a song: sees the evidence, and gets sound that is not silent."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from model.audio.clip import SILENCE_DBFS
from tests.browser.visiting import COLOURS, download, hear, is_playing, listen_to, play

pytestmark = pytest.mark.browser

# The network may keep a quiet part; what the app itself would call silence is lower.
SILENCE = 10 ** (SILENCE_DBFS / 20)


def test_what_is_no_audio_is_named_and_a_song_is_seen_and_its_parts_are_taken_along(
    page: Page, music: np.ndarray
) -> None:
    page.goto("/")
    page.locator("input[type=file]").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"dear diary"}
    )
    expect(page.get_by_role("alert")).to_contain_text("does not look like an audio file")
    stage = hear(page, music)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert stage.locator("canvas").evaluate(COLOURS) > 100
    kept, rest = download(page, "Kept (WAV)"), download(page, "Rest (WAV)")
    assert len(kept) == len(rest) == len(music)
    assert np.sqrt(np.mean(kept**2)) > SILENCE
    assert np.sqrt(np.mean(rest**2)) > SILENCE
    # Files of 16 bits each, at one gain.
    np.testing.assert_allclose(kept + rest, music, atol=3 / 2**15)
    keeps_its_player_at_another_choice(page, stage)


def keeps_its_player_at_another_choice(page: Page, stage: Locator) -> None:
    """Choose another kind of picture: the page changes around the player, which goes on."""
    stage.evaluate("stage => { stage.dataset.same = 'yes'; }")
    stage.get_by_role("button", name="Loop").click()
    play(stage)
    page.get_by_role("radio", name="All genres at once").click()
    # From Python, so the whole page has run by then; the maps' own titles may come ahead.
    expect(page.get_by_role("heading", name="What matters to all ten genres")).to_be_visible()
    expect(page.locator(".stage .plot")).to_have_attribute("aria-label", re.compile("all ten"))
    expect(page.locator(".stage")).to_have_attribute("data-same", "yes")
    assert is_playing(stage)


@pytest.mark.long
def test_two_tabs_keep_to_their_own_clips_and_a_reload_begins_anew(
    page: Page, music: np.ndarray
) -> None:
    other = page.context.new_page()
    listen_to(page, music)
    listen_to(other, music[: len(music) // 2])
    expect(page.locator(".stage .end")).to_have_text("0:06")
    expect(other.locator(".stage .end")).to_have_text("0:03")
    page.reload()
    # The example is back in the place of the clip; its player looks like that of a clip.
    expect(page.get_by_text("An example:")).to_be_visible()
    expect(page.get_by_role("heading", name="What made it")).to_be_visible()
    expect(page.get_by_role("heading", name="What speaks for")).to_have_count(0)
    expect(page.locator(".stage .end")).not_to_have_text("0:06")
    expect(other.locator(".stage .end")).to_have_text("0:03")
    hear(page, music)
    expect(page.locator(".stage .end")).to_have_text("0:06")
