"""Every page: with a clip at hand, on wide and narrow screens, light and dark, loaded anew."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import FilePayload, Page, expect

from model.audio.clip import encode_wav
from model.constants import SAMPLE_RATE, WINDOW_SECONDS
from tests.browser.conftest import serving
from tests.browser.visiting import (
    NOTE_SOUNDS,
    WAKING_MILLISECONDS,
    download_bytes,
    listen_to,
    ready_stage,
    seconds_of,
    started,
)

pytestmark = pytest.mark.browser

# Links at the top, and the title that each leads to.
PAGES = {
    "Listen": "What does the network hear?",
    "Whole song": "What does it hear in the whole song?",
    "Compare": "What sets the genres apart?",
    "Several songs": "What genre is each song?",
    "What rock sounds like": "What rock sounds like",
    "Filters": "What do the filters hear?",
    "About the model": "About the model",
}
# The same in their addresses; Listen has none of its own, but is known by its file's name.
PATHS = dict(
    zip(
        ("listen", "song", "compare", "songs", "genres", "filters", "about"),
        PAGES.values(),
        strict=True,
    )
)

# Those that a quick test opens as well, and those that take longest to draw.
OPENED_IN_LONG_TESTS = ("compare", "songs", "genres", "filters", "about")

# Kinds of sound; Safari plays Ogg only since 2025.
PLAYED_BY_EVERY_BROWSER = {"audio/wav", "audio/x-wav", "audio/mpeg"}

# How light the ground of the page is, 0 to 255.
GROUND = """() => {
  const { backgroundColor } = getComputedStyle(document.querySelector(".stApp"));
  const [red, green, blue] = backgroundColor.match(/\\d+/g).map(Number);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}"""

# The same of what stands on the player's bar, and of the bar.
COLOURS_OF_BAR = """bar => {
  const { color, backgroundColor } = getComputedStyle(bar);
  return [color, backgroundColor].map((text) => {
    const [red, green, blue] = text.match(/\\d+/g).map(Number);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
}"""


# Contrast of an element's words with the ground, as WCAG 2 counts it.
CONTRAST = """element => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) =>
    0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
  const style = getComputedStyle(element);
  const ground = channels(getComputedStyle(document.querySelector(".stApp")).backgroundColor);
  const [red, green, blue, alpha = 1] = channels(style.color);
  const share = alpha * Number(style.opacity);
  const seen = [red, green, blue].map((value, i) => share * value + (1 - share) * ground[i]);
  const [dark, light] = [luminance(seen), luminance(ground)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}"""


def go_to(page: Page, name: str) -> None:
    """Follow a link to a page; on a narrow screen they are behind a button."""
    menu = page.get_by_test_id("stExpandSidebarButton")
    if menu.is_visible():
        menu.click()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=PAGES[name], level=1)).to_be_visible()


def settled(page: Page) -> None:
    """Wait until Python has drawn the whole page."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=WAKING_MILLISECONDS)


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), [(420, "dark"), (1400, "light")])
def test_every_page_fits_the_screen_and_its_colours(
    visit: Callable[..., Page], music: np.ndarray, width: int, scheme: str
) -> None:
    page = visit(viewport={"width": width, "height": 800}, color_scheme=scheme)
    stage = listen_to(page, music)
    settled(page)
    title = page.get_by_role("heading", level=1).bounding_box()
    assert title is not None
    assert title["y"] < 90, "no empty space above the title"
    box = stage.locator(".play").bounding_box()
    assert box is not None
    assert 0 < box["y"] < box["y"] + box["height"] < 800, "the first screen holds the button"
    colour, ground = stage.locator(".bar").evaluate(COLOURS_OF_BAR)
    assert abs(colour - ground) > 150
    assert (colour > ground) == (scheme == "dark")
    assert page.get_by_test_id("stCaptionContainer").first.evaluate(CONTRAST) > 4.5
    for name in PAGES:
        go_to(page, name)
        settled(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert (page.evaluate(GROUND) > 128) == (scheme == "light"), name


@pytest.mark.parametrize(
    ("path", "title"),
    [
        pytest.param(path, title, marks=pytest.mark.long if path in OPENED_IN_LONG_TESTS else ())
        for path, title in PATHS.items()
    ],
)
def test_a_page_can_be_opened_and_loaded_anew(page: Page, path: str, title: str) -> None:
    page.goto(f"/{path}")
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.long
def test_the_first_visit_of_all_may_be_to_any_page(
    visit: Callable[..., Page], tmp_path: Path
) -> None:
    with serving(tmp_path / "server.log") as address:
        page = visit()
        page.goto(f"{address}/genres?of=jazz")
        expect(page.get_by_role("heading", name="What jazz sounds like", level=1)).to_be_visible()
        expect(page.get_by_role("link", name="Whole song", exact=True)).to_be_visible()


@pytest.mark.long
def test_a_window_of_a_whole_song_opens_on_listen(page: Page, music: np.ndarray) -> None:
    song = np.tile(music, 1 + int(2 * WINDOW_SECONDS * SAMPLE_RATE) // len(music))
    listen_to(page, song)
    go_to(page, "Whole song")
    page.get_by_role("button", name=re.compile("^0:30 ")).click(timeout=WAKING_MILLISECONDS)
    expect(page.get_by_role("heading", name=PAGES["Listen"], level=1)).to_be_visible()
    expect(page.get_by_text("Looking at 0:30 to 1:00")).to_be_visible()
    assert seconds_of(ready_stage(page)) == WINDOW_SECONDS


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_the_first_page_plays_what_made_a_sample_what_it_is(
    visit: Callable[..., Page], scheme: str
) -> None:
    page = visit(viewport={"width": 420, "height": 800}, color_scheme=scheme)
    page.add_init_script(NOTE_SOUNDS)
    page.goto("/")
    stage = ready_stage(page)
    button = stage.get_by_role("button", name=re.compile("^Play what made it "))
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800, "the first screen of a phone holds the button"
    button.click()
    stage.get_by_role("button", name="Pause").wait_for()
    expect(stage.get_by_role("radio", name="Kept")).to_be_checked()
    assert started(page) >= 1
    stage.get_by_role("button", name="Pause").click()
    expect(stage.get_by_role("button", name="Play", exact=True)).to_be_visible()


@pytest.mark.long
def test_a_clip_is_chosen_on_the_page_that_compares(page: Page) -> None:
    page.goto("/compare")
    page.get_by_role("radio", name="jazz", exact=True).click()
    ready_stage(page, panels=3)
    expect(page.get_by_text("Corner Table").first).to_be_visible()


@pytest.mark.long
def test_several_songs_make_a_table_and_a_broken_one_says_why(
    page: Page, music: np.ndarray
) -> None:
    page.goto("/songs")
    files: list[FilePayload] = [
        {"name": f"{name}.wav", "mimeType": "audio/wav", "buffer": data}
        for name, data in (("one", encode_wav(music)), ("two", encode_wav(-music)), ("three", b""))
    ]
    page.locator("input[type=file]").set_input_files(files)
    lines = download_bytes(page, "Table (CSV)").decode().splitlines()
    assert len(lines) == 1 + len(files)
    one, two, three = (line.split(",") for line in lines[1:])
    # The same music upside down is the same to the ear.
    assert one[1:4] == two[1:4]
    assert "empty" in ",".join(three)


@pytest.mark.long
def test_a_link_brings_sample_class_method_and_threshold(page: Page) -> None:
    page.goto("/?sample=jazz.ogg&method=crm-class&class=blues&threshold=0.25")
    heading = page.get_by_role("heading", name="What speaks for blues")
    heading.wait_for(timeout=WAKING_MILLISECONDS)
    stage = ready_stage(page)
    expect(page.get_by_text("Corner Table")).to_be_visible()
    expect(page.get_by_role("radio", name="Strongest places")).to_be_checked()
    expect(stage.locator(".threshold input")).to_have_value("25")
    # And they stay on the way to another page and back.
    go_to(page, "Whole song")
    expect(page.get_by_role("radio", name="jazz", exact=True)).to_be_checked()
    go_to(page, "Listen")
    expect(page.get_by_role("radio", name="Strongest places")).to_be_checked()


@pytest.mark.long
def test_sounds_made_by_the_network_play_one_at_a_time(page: Page) -> None:
    page.goto("/genres?of=reggae")
    expect(page.get_by_role("heading", name="What reggae sounds like", level=1)).to_be_visible()
    # Which brings the script that keeps order.
    ready_stage(page)
    kinds = page.evaluate(
        """() => Promise.all([...document.querySelectorAll("audio")].map(
          async ({ currentSrc }) => (await fetch(currentSrc)).headers.get("content-type")))"""
    )
    assert set(kinds) <= PLAYED_BY_EVERY_BROWSER
    first, second = page.locator("audio").all()[:2]
    for player in (first, second):
        player.evaluate("audio => audio.play()")
        page.wait_for_function("audio => audio.currentTime > 0.2", arg=player.element_handle())
    assert first.evaluate("audio => audio.paused")
    assert not second.evaluate("audio => audio.paused")
