"""What the player lets be heard, and what that asks of Python."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from model.audio.clip import encode_wav
from model.audio.masking import BED_DB
from model.constants import SAMPLE_RATE
from tests.browser.scripts import HELPERS, floats_of, text_of
from tests.browser.visiting import (
    choose,
    download,
    is_playing,
    play,
    seconds_of,
    started,
    waits_beyond,
)

pytestmark = pytest.mark.browser


def test_the_cursor_follows_the_sound_to_the_end(stage_alone: Locator) -> None:
    play(stage_alone)
    waits_beyond(stage_alone, 0.3)
    cursor = stage_alone.locator(".cursor")
    before = cursor.evaluate("element => element.getBoundingClientRect().x")
    waits_beyond(stage_alone, 1)
    assert cursor.evaluate("element => element.getBoundingClientRect().x") > before
    stage_alone.get_by_role("button", name="Play", exact=True).wait_for()
    assert seconds_of(stage_alone) == 0


def test_a_switch_while_it_plays_only_moves_gains(stage_alone: Locator) -> None:
    play(stage_alone)
    waits_beyond(stage_alone, 0.2)
    voices = started(stage_alone.page)
    for part, gains in (("Kept", {0, 1}), ("Rest", {1, -1}), ("Original", {0, 1})):
        stage_alone.page.evaluate("faded.length = 0")
        choose(stage_alone, part)
        fades = stage_alone.page.evaluate("faded")
        assert {value for value, _ in fades} == gains
        assert len({time for _, time in fades}) == 1, "all gains move at the same instant"
    assert started(stage_alone.page) == voices, "no sound was begun anew"
    assert is_playing(stage_alone)


def test_a_bed_gives_to_the_kept_part_what_it_takes_from_the_rest(stage_alone: Locator) -> None:
    stage_alone.get_by_role("checkbox", name="Leave the rest around").check()
    stage_alone.page.wait_for_function("told.length > 0")
    assert stage_alone.page.evaluate("told.at(-1)[1].bed") is True
    play(stage_alone)
    waits_beyond(stage_alone, 0.2)
    bed = 10 ** (-BED_DB / 20)
    for part, gains in (("Kept", {bed, 1 - bed}), ("Rest", {1 - bed, bed - 1})):
        stage_alone.page.evaluate("faded.length = 0")
        choose(stage_alone, part)
        fades = stage_alone.page.evaluate("faded")
        assert sorted(value for value, _ in fades) == pytest.approx(sorted(gains))


def test_a_threshold_is_heard_before_python_hears_of_it(stage_alone: Locator) -> None:
    stage, page = stage_alone, stage_alone.page
    play(stage)
    voices, sent = started(page), page.evaluate("told.length")
    slider = stage.get_by_role("slider", name="Keep what speaks")
    share = stage.locator(".share").inner_text()
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.4 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.2 * box["width"], middle, steps=3)
    expect(stage.locator(".share")).not_to_have_text(share)
    page.wait_for_function("voices => started.length > voices", arg=voices)
    assert page.evaluate("told.length") == sent, "Python is asked while the slider is held"
    page.mouse.up()
    page.wait_for_function("sent => told.length > sent", arg=sent)
    name, settings = page.evaluate("told.at(-1)")
    assert name == "settings"
    assert settings["threshold"] == pytest.approx(0.2, abs=0.08)
    shown = re.compile(rf"^{100 * settings['threshold']:.0f}\s%$")
    expect(stage.locator(".threshold b")).to_have_text(shown)


def test_only_one_thing_plays(stage_alone: Locator) -> None:
    page = stage_alone.page
    play(stage_alone)
    page.evaluate(
        """(wav) => {
          window.other = document.createElement("audio");
          other.loop = true;
          other.src = `data:audio/wav;base64,${wav}`;
          document.body.append(other);
          return other.play();
        }""",
        text_of(encode_wav(np.zeros(SAMPLE_RATE, np.float32))),
    )
    stage_alone.get_by_role("button", name="Play", exact=True).wait_for()
    assert not page.evaluate("other.paused")
    play(stage_alone)
    assert page.evaluate("other.paused")


@pytest.mark.long
def test_python_keeps_what_is_heard_and_the_sound_lasts_as_long_as_the_page(stage: Locator) -> None:
    page = stage.page
    stage.get_by_role("button", name="Loop").click()
    play(stage)
    # What is heard is what Python keeps.
    page.add_script_tag(content=HELPERS)
    sounds = page.evaluate("started.map(({ source }) => textOf(source.buffer.getChannelData(0)))")
    original, kept = map(floats_of, sounds)
    downloaded = download(page, "Kept (WAV)")
    assert np.linalg.norm(kept) > 0
    assert np.linalg.norm(kept) < np.linalg.norm(original)
    # The file has 16 bits a sample.
    np.testing.assert_allclose(kept, downloaded, atol=2 / 2**15)

    # The settings reach the downloads.
    before = np.sum(downloaded**2)
    stage.get_by_role("slider", name="Keep what speaks").fill("90")
    for _ in range(20):  # until the page has heard of it
        after = np.sum(download(page, "Kept (WAV)") ** 2)
        if after < before:
            break
        page.wait_for_timeout(500)
    assert after < before

    # The sound goes on while Python brings another map, and that map's kept part is begun.
    assert is_playing(stage)
    voices = started(page)
    page.get_by_text("All genres at once").click()
    expect(page.get_by_role("heading", name="What matters to all ten genres")).to_be_visible()
    page.wait_for_function("voices => started.length > voices", arg=voices)
    assert is_playing(stage)
    assert page.evaluate("started[0].source.context.state") == "running"
    page.evaluate("faded.length = 0")
    choose(stage, "Kept")
    assert {value for value, _ in page.evaluate("faded")} == {0, 1}

    # Whoever leaves the page leaves the sound.
    page.evaluate("window.context = started[0].source.context")
    page.get_by_role("link", name="About the model").click()
    page.wait_for_function("context.state === 'suspended'")
