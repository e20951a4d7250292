"""A visitor who records: Chromium's microphone plays a file instead of hearing the room."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from model.audio.clip import encode_wav
from model.constants import SAMPLE_RATE, WINDOW_SECONDS
from tests.browser.conftest import ACTION_MILLISECONDS, launched
from tests.browser.visiting import WAKING_MILLISECONDS, download, play, ready_stage

pytestmark = pytest.mark.browser

SECONDS = 5


@pytest.fixture
def microphone(tmp_path: Path, music: np.ndarray) -> Path:
    """What the browser hears, over and over."""
    path = tmp_path / "heard.wav"
    path.write_bytes(encode_wav(music))
    return path


@pytest.fixture
def browser(microphone: Path) -> Iterator[Browser]:
    """A browser with a microphone, and with leave to use it."""
    with launched(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}",
    ) as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser, server: str, tmp_path: Path) -> Page:
    """A window of that browser."""
    window = browser.new_page(base_url=server)
    window.set_default_timeout(ACTION_MILLISECONDS)
    return window


@pytest.mark.long
def test_a_recording_is_heard_and_explained_and_takes_turns_with_the_stage(
    page: Page, music: np.ndarray
) -> None:
    page.goto("/")
    recorder = page.get_by_test_id("stAudioInput")
    recorder.get_by_role("button", name="Record", exact=True).click()
    # The widget's own clock
    expect(recorder).to_contain_text(re.compile(rf"00:(0[{SECONDS}-9]|[1-5]\d)"))
    recorder.get_by_role("button", name="Stop recording").click()
    page.get_by_role("heading", name="What speaks for").wait_for(timeout=WAKING_MILLISECONDS)
    ready_stage(page)
    expect(page.get_by_text("Recording", exact=True)).to_be_visible()

    sound = download(page, "Kept (WAV)") + download(page, "Rest (WAV)")
    # On a busy machine it goes on for longer.
    assert SECONDS - 1 < len(sound) / SAMPLE_RATE <= WINDOW_SECONDS
    # The same music, whatever the moment at which the microphone began and its gain: its tones
    # lie where those of the file do.
    heard, given = (np.abs(np.fft.rfft(part, 2**18)) for part in (sound, music))
    assert np.corrcoef(heard, given)[0, 1] > 0.5

    # The recorder and the stage take turns.
    stage = ready_stage(page)
    stage.get_by_role("button", name="Loop").click()
    is_recorded_playing = recorder.get_by_role("button", name="Pause")
    play(stage)
    recorder.get_by_role("button", name="Play").click()
    is_recorded_playing.wait_for()
    stage.get_by_role("button", name="Play", exact=True).wait_for()
    play(stage)
    expect(is_recorded_playing).to_have_count(0)
    # The microphone must not hear the stage.
    recorder.get_by_role("button", name="Record", exact=True).click()
    stage.get_by_role("button", name="Play", exact=True).wait_for()
