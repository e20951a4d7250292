"""What the browser tests do with the app, as a visitor would."""

import io
import re

import numpy as np
import soundfile
from playwright.sync_api import Locator, Page, TimeoutError, expect

from model.audio.clip import encode_wav

WAKING_MILLISECONDS = 400_000  # on a busy machine
DOWNLOAD_MILLISECONDS = 60_000
ANSWER_MILLISECONDS = 60_000
ATTEMPTS = 4

# Notes every sound that is scheduled, with the samples, and every change of a gain.
NOTE_SOUNDS = """
  window.started = [];
  window.faded = [];
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...times) {
    started.push({ source: this, times });
    return start.apply(this, times);
  };
  const { linearRampToValueAtTime } = AudioParam.prototype;
  AudioParam.prototype.linearRampToValueAtTime = function (...ramp) {
    faded.push(ramp);
    return linearRampToValueAtTime.apply(this, ramp);
  };
"""


# How many different colours a picture has, of some thousand places.
COLOURS = """
canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  for (let i = 0; i < data.length; i += 4 * 97) colours.add(`${data.slice(i, i + 3)}`);
  return colours.size;
}
"""


def listen_to(page: Page, music: np.ndarray) -> Locator:
    """Upload music on the Listen page, and wait for the player with its sounds."""
    page.goto("/")
    expect(page.get_by_text("Bring a song")).to_be_visible()
    return hear(page, music)


def hear(page: Page, music: np.ndarray) -> Locator:
    """Upload music on the page at hand, and wait for the player with its sounds."""
    page.locator("input[type=file]").set_input_files(
        {"name": "music.wav", "mimeType": "audio/wav", "buffer": encode_wav(music)}
    )
    # The network wakes first.
    page.get_by_role("heading", name="What speaks for").wait_for(timeout=WAKING_MILLISECONDS)
    # And the example has gone, whose player looks like that of the clip.
    expect(page.get_by_text("Bring a song")).to_have_count(0)
    return ready_stage(page)


def ready_stage(page: Page, panels: int = 1) -> Locator:
    """The player, once it has the sound of every panel."""
    stage = page.locator(".stage")
    expect(stage.locator(".share", has_text="Kept:")).to_have_count(panels)
    return stage


def download(page: Page, name: str) -> np.ndarray:
    """The sound behind a download button."""
    return soundfile.read(io.BytesIO(download_bytes(page, name)))[0]


def download_bytes(page: Page, name: str) -> bytes:
    """The file behind a download button, which may still have to come."""
    button = page.get_by_role("button", name=name, exact=True)
    button.wait_for(timeout=WAKING_MILLISECONDS)
    for _ in range(ATTEMPTS):
        try:
            with page.expect_download(timeout=DOWNLOAD_MILLISECONDS) as answer:
                button.click()
        except TimeoutError:  # a click while Python runs the page again is lost
            continue
        return answer.value.path().read_bytes()
    raise AssertionError(f"{name} brought nothing in {ATTEMPTS} clicks")


def seconds_of(stage: Locator) -> float:
    """Where the player says it is."""
    minutes, seconds = stage.locator(".now").inner_text().split(":")
    return 60 * int(minutes) + float(seconds)


def drag(
    page: Page,
    element: Locator,
    begin: tuple[float, float],
    end: tuple[float, float],
    *,
    broken_off: bool = False,
) -> None:
    """Drag with the mouse, from and to shares of an element's width and height.

    The browser may break a drag off before its end.
    """
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (begin, end)]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=4)
    if broken_off:
        element.dispatch_event("pointercancel")
    page.mouse.up()


def click_for(element: Locator, place: tuple[float, float], answer: Locator) -> None:
    """Click at shares of an element's width and height until the answer is there."""
    for _ in range(ATTEMPTS):
        box = element.bounding_box()
        assert box is not None
        # Playwright scrolls to the element and waits until it stands still.
        element.click(position={"x": place[0] * box["width"], "y": place[1] * box["height"]})
        try:
            answer.wait_for(timeout=ANSWER_MILLISECONDS)
        except TimeoutError:  # charts that came in above have moved it from under the mouse
            continue
        return
    raise AssertionError(f"no answer to {ATTEMPTS} clicks")


def play(stage: Locator) -> None:
    """Press play, and wait until it plays."""
    stage.get_by_role("button", name="Play", exact=True).click()
    stage.get_by_role("button", name="Pause").wait_for()


def choose(stage: Locator, part: str) -> None:
    """Switch to a part of the sound."""
    stage.locator(".parts label", has_text=re.compile(f"^{part}$")).click()
    expect(stage.get_by_role("radio", name=part, exact=True)).to_be_checked()


def is_playing(stage: Locator) -> bool:
    """Whether the player says that it plays."""
    return stage.get_by_role("button", name="Pause").count() == 1


def waits_beyond(stage: Locator, seconds: float) -> None:
    """Wait until the cursor has passed a time."""
    stage.page.wait_for_function(
        """([now, seconds]) => Number(now.textContent.split(":")[1]) > seconds""",
        arg=[stage.locator(".now").element_handle(), seconds],
    )


def started(page: Page) -> int:
    """How many sounds were begun so far."""
    return int(page.evaluate("started.length"))
