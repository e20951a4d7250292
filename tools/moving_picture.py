"""The pictures of the app in the README: ``python -m tools.moving_picture``.

A real browser goes through the real app: it opens the first page, takes a sample, and listens to
what made it what it is. Every frame is a picture of the window, taken when the page stands still;
the player's cursor is moved by its keys, so that the picture is the same on a fast and on a slow
machine. Only our own samples are shown. The words at the bottom are laid over the page. A still
picture, without words, shows the same verdict in a larger window.
"""

import argparse
import io
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.measuring import chromium
from tests.browser.server import ROOT, Server
from tests.browser.visiting import ready_stage

OUT: Final = ROOT / "assets" / "screenshots" / "earmark.webp"
STILL: Final = OUT.with_name("listen-light.png")
SAMPLE: Final = "jazz"
SECONDS: Final = 20.0
SIZE: Final = (1000, 720)
STILL_SIZE: Final = (1400, 1000)
MOST_BYTES: Final = 4_000_000
QUALITY: Final = 70
PATIENCE: Final = 600_000  # ms
STEP: Final = 0.5  # s; how long a frame stays while the cursor moves

_SAY: Final = """words => {
  const said = document.getElementById("said") ?? document.createElement("div");
  said.id = "said";
  said.textContent = words;
  said.style.cssText = "position: fixed; inset: auto 0 0 0; z-index: 9999999; padding: 14px;"
    + "background: #1f2733; color: #fbf8f3; font: 600 25px Georgia, serif; text-align: center";
  document.body.append(said);
}"""


class Film:
    """Frames of a window, and how long each stays."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.frames: list[Image.Image] = []
        self.milliseconds: list[int] = []

    def say(self, words: str) -> None:
        """Lay words over the page, from the next frame on."""
        self._page.evaluate(_SAY, words)

    def show(self, seconds: float) -> None:
        """Take a picture of the window as it is, to stay for some time."""
        data = self._page.screenshot(animations="disabled")
        self.frames.append(Image.open(io.BytesIO(data)).convert("RGB"))
        self.milliseconds.append(round(1000 * seconds))

    def play(self, plot: Locator, seconds: float) -> None:
        """Let the cursor go on by its keys, a frame a step."""
        for _ in range(round(seconds / STEP)):
            plot.press("ArrowRight")
            self.show(STEP)

    def write(self, path: Path) -> None:
        """Write an animated WebP that begins anew at its end."""
        first, *others = self.frames
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=self.milliseconds,
            loop=0,
            quality=QUALITY,
            method=6,
        )


def open_first_page(page: Page, address: str, sample: str) -> Locator:
    """Open the app, and find a sample there."""
    page.goto(address)
    ready_stage(page)
    page.locator("input[type=file]").first.wait_for(state="attached")
    return page.get_by_role("radio", name=sample, exact=True)


def take(page: Page, chip: Locator) -> Locator:
    """Take a sample, and wait for its picture."""
    # A click while Python still draws the page can be lost.
    page.get_by_test_id("stStatusWidget").wait_for(state="detached")
    chip.click()
    page.get_by_role("heading", name="What speaks for").wait_for()
    stage = ready_stage(page)
    page.get_by_test_id("stStatusWidget").wait_for(state="detached")
    return stage


def photograph(page: Page, address: str, sample: str, path: Path) -> None:
    """Take a picture of the window that shows the verdict on a sample."""
    take(page, open_first_page(page, address, sample))
    page.mouse.move(0, 0)
    data = page.screenshot(animations="disabled")
    Image.open(io.BytesIO(data)).convert("RGB").save(path, optimize=True)


def play_through(page: Page, address: str, sample: str) -> Film:
    """Go through the app as somebody who has never seen it."""
    film = Film(page)
    chip = open_first_page(page, address, sample)
    film.say("Drop in a song, record one, or take a sample")
    film.show(2.5)
    chip.hover()
    film.show(0.75)
    stage = take(page, chip)
    genre = page.get_by_role("heading", level=2).first.inner_text().partition(",")[0].lower()
    page.get_by_role("heading", level=2).first.evaluate("title => title.scrollIntoView()")
    page.mouse.move(0, 0)
    film.say(f"The network names what it hears: {genre}")
    film.show(2.75)
    film.say("Orange marks where in the sound it heard that")
    film.show(2.5)
    plot = stage.locator(".plot")
    for part, words, seconds in (
        ("Original", "Listen to the whole song …", 2.0),
        ("Kept", f"… to just the part that made it {genre} …", 3.5),
        ("Rest", "… or to everything the network did not need", 3.0),
    ):
        stage.locator(".parts label", has_text=part).first.click()
        film.say(words)
        film.play(plot, seconds)
    film.say("Earmark: hear what the network heard")
    film.show(SECONDS - sum(film.milliseconds) / 1000)
    return film


def window(browser: Browser, size: tuple[int, int]) -> Page:
    """Open a window of somebody who has never been here."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def main() -> None:
    """Film the app, and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", default=SAMPLE, help="which to take (default %(default)s)")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE")
    parser.add_argument("--still", type=Path, default=STILL, metavar="FILE")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "server.log")
        server.start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        try:
            film = play_through(window(browser, SIZE), server.address, arguments.sample)
            photograph(
                window(browser, STILL_SIZE), server.address, arguments.sample, arguments.still
            )
        finally:
            browser.close()
            server.stop()
    film.write(arguments.out)
    size = arguments.out.stat().st_size
    seconds = sum(film.milliseconds) / 1000
    print(f"{arguments.out.name}: {len(film.frames)} frames, {seconds:g} s, {size / 1e6:.2f} MB")
    if size > MOST_BYTES:
        raise SystemExit(f"it may have {MOST_BYTES / 1e6:g} MB at most")


if __name__ == "__main__":
    main()
