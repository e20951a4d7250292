"""A visitor with a song: sees the evidence, and gets sound that is not silent."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from model.audio.clip import SILENCE_DBFS
from tests.browser.visiting import download, hear, listen_to, ready_stage

pytestmark = pytest.mark.browser

# The network may keep a quiet part; what the app itself would call silence is lower.
SILENCE = 10 ** (SILENCE_DBFS / 20)

# How many different colours a picture has, of some thousand places.
COLOURS = """
canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  for (let i = 0; i < data.length; i += 4 * 97) colours.add(`${data.slice(i, i + 3)}`);
  return colours.size;
}
"""


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


@pytest.mark.long
def test_the_clip_goes_along_to_compare(page: Page, music: np.ndarray) -> None:
    listen_to(page, music)
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="What sets the genres apart?")).to_be_visible()
    stage = ready_stage(page, panels=3)
    assert all(canvas.evaluate(COLOURS) > 100 for canvas in stage.locator("canvas").all())


@pytest.mark.long
def test_a_reload_begins_anew(page: Page, music: np.ndarray) -> None:
    listen_to(page, music)
    page.reload()
    expect(page.get_by_text("Bring a song")).to_be_visible()
    expect(page.locator(".stage")).to_have_count(0)
    listen_to(page, music)


@pytest.mark.long
def test_two_tabs_keep_to_their_own_clips(page: Page, music: np.ndarray) -> None:
    other = page.context.new_page()
    listen_to(page, music)
    listen_to(other, music[: len(music) // 2])
    expect(page.locator(".stage .end")).to_have_text("0:06")
    expect(other.locator(".stage .end")).to_have_text("0:03")
