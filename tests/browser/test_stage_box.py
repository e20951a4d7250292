"""The box on the picture: what is heard of it, and its numbers."""

import io
import re
import zipfile

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Locator, expect

from model.constants import FINE_HOP, SAMPLE_RATE
from tests.browser.visiting import (
    download,
    download_bytes,
    drag,
    play,
    seconds_of,
)

pytestmark = pytest.mark.browser


@pytest.mark.long
def test_a_box_is_heard_told_in_numbers_and_taken_along(stage: Locator, music: np.ndarray) -> None:
    page = stage.page
    drag(page, stage.locator(".plot"), (0.25, 0.2), (0.5, 0.6))
    expect(stage.get_by_role("radio", name="Box", exact=True)).to_be_checked()
    begin, end, low, high = (
        float(stage.locator(f".{name}").input_value()) for name in ("from", "to", "low", "high")
    )
    length = len(music) / SAMPLE_RATE
    cell = FINE_HOP / SAMPLE_RATE
    assert begin == pytest.approx(0.25 * length, abs=cell)
    assert end == pytest.approx(0.5 * length, abs=cell)
    assert 0 < low < high < SAMPLE_RATE / 2
    share = stage.locator(".share").inner_text()
    assert re.search(r"Box: (under 0\.1|\d+\.\d)\s% of what speaks for", share), share
    assert seconds_of(stage) == pytest.approx(begin, abs=0.11)  # which is cut to tenths

    inside, outside = download(page, "Box (WAV)"), download(page, "All but the box (WAV)")
    np.testing.assert_allclose(inside + outside, music, atol=3 / 2**15)
    window = slice(int((begin - 0.1) * SAMPLE_RATE), int((end + 0.1) * SAMPLE_RATE))
    elsewhere = np.delete(inside, np.arange(len(inside))[window])
    assert np.abs(inside).max() > 0.01
    assert np.abs(elsewhere).max() < 2 / 2**15

    # Everything in one file.
    with zipfile.ZipFile(io.BytesIO(download_bytes(page, "Everything (ZIP)"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sound = {
        name: soundfile.read(io.BytesIO(data))[0]
        for name, data in parts.items()
        if name.endswith(".wav")
    }
    np.testing.assert_allclose(sound["kept.wav"] + sound["rest.wav"], music, atol=3 / 2**15)
    np.testing.assert_allclose(
        sound["box.wav"] + sound["all-but-the-box.wav"], music, atol=3 / 2**15
    )
    assert {"picture.png", "numbers.csv", "numbers.json", "README.txt"} <= set(parts)

    stage.locator(".plot").press("Escape")
    expect(stage.locator(".parts label")).to_have_count(3)
    expect(page.get_by_role("button", name="Box (WAV)", exact=True)).to_have_count(0)


def test_a_box_can_be_moved_stretched_and_typed(stage_alone: Locator) -> None:
    page = stage_alone.page
    drag(page, stage_alone.locator(".plot"), (0.2, 0.3), (0.4, 0.5))
    begin = float(stage_alone.locator(".from").input_value())
    length = float(stage_alone.locator(".to").input_value()) - begin
    drag(page, stage_alone.locator(".plot"), (0.3, 0.4), (0.5, 0.4))
    moved = float(stage_alone.locator(".from").input_value())
    assert moved > begin + 0.5
    assert float(stage_alone.locator(".to").input_value()) - moved == pytest.approx(
        length, abs=0.02
    )
    drag(page, stage_alone.locator(".plot"), (0.6, 0.5), (0.8, 0.7))
    assert float(stage_alone.locator(".to").input_value()) - moved > 1.5 * length
    stage_alone.locator(".high").fill("1000")
    stage_alone.locator(".high").press("Tab")
    assert float(stage_alone.locator(".high").input_value()) == pytest.approx(1000, abs=30)


def test_a_drag_that_the_browser_breaks_off_changes_nothing(stage_alone: Locator) -> None:
    page, plot = stage_alone.page, stage_alone.locator(".plot")
    drag(page, plot, (0.2, 0.3), (0.4, 0.5), broken_off=True)
    expect(stage_alone.locator(".box-fields")).to_be_hidden()
    drag(page, plot, (0.2, 0.3), (0.4, 0.5))
    before = stage_alone.locator(".from").input_value()
    drag(page, plot, (0.3, 0.4), (0.5, 0.4), broken_off=True)
    assert stage_alone.locator(".from").input_value() == before


def test_a_loop_stays_in_the_box(stage_alone: Locator) -> None:
    drag(stage_alone.page, stage_alone.locator(".plot"), (0.5, 0.2), (0.6, 0.8))
    stage_alone.get_by_role("button", name="Loop").click()
    play(stage_alone)
    sources = stage_alone.page.evaluate(
        "started.map(({ source }) => [source.loop, source.loopStart, source.loopEnd])"
    )
    begin, end = (float(stage_alone.locator(f".{name}").input_value()) for name in ("from", "to"))
    for loops, first, last in sources:
        assert loops
        assert first == pytest.approx(begin, abs=0.01)
        assert last == pytest.approx(end, abs=0.01)
