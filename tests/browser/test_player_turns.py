"""Who may use the loudspeaker, when several players take turns."""

import pytest
from playwright.sync_api import Page

from tests.browser.scripts import load

pytestmark = pytest.mark.browser

# Two players that take the loudspeaker and give it back as player.js does. They say what the
# audio hardware does from the moment on at which `steps` are taken until it may sleep.
TAKE_TURNS = """
async (steps) => {
  const told = [];
  sound.context = { resume: () => told.push("wake"), suspend: () => told.push("sleep") };
  const player = () => ({ pause() { sound.release(this); } });
  const [first, second] = [player(), player()];
  new Function("sound", "first", "second", steps)(sound, first, second);
  await new Promise((wake) => setTimeout(wake, 1000 * REST + 300));
  return told;
}
"""


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("sound.claim(first); sound.claim(second);", ["wake", "wake"]),
        ("sound.claim(first); first.pause(); sound.claim(first);", ["wake", "wake"]),
        ("sound.claim(first); sound.claim(second); second.pause();", ["wake", "wake", "sleep"]),
    ],
)
def test_the_sound_goes_on_for_whoever_plays_last(
    empty_page: Page, steps: str, told: list[str]
) -> None:
    load(empty_page, "sound")
    assert empty_page.evaluate(TAKE_TURNS, steps) == told
