"""The player on devices that take the sound away, or never give it."""

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from model.audio.clip import encode_wav
from model.constants import SAMPLE_RATE
from tests.browser.mounting import mount
from tests.browser.scripts import open_empty_page, text_of
from tests.browser.visiting import (
    NOTE_SOUNDS,
    choose,
    is_playing,
    play,
    seconds_of,
    started,
    waits_beyond,
)

pytestmark = pytest.mark.browser

NO_SOUND = "does not let the sound play"
NO_MORE_PARTS = "The original still plays"

# Rejected promises that nobody has taken care of.
NOTE_REJECTIONS = """
  window.rejected = [];
  addEventListener("unhandledrejection", ({ reason }) => rejected.push(String(reason)));
"""
# Every audio context that the page makes, the latest last; `ContextOf` makes them.
NOTE_CONTEXTS = """
  window.contexts = [];
  const NativeContext = AudioContext;
  window.AudioContext = class extends NativeContext {
    constructor(options) {
      super(options);
      contexts.push(this);
      window.dress?.(this);
    }
  };
"""
# An iPhone's, which knows what a page does with sound.
AUDIO_SESSION = "navigator.audioSession = { type: 'auto' };"
# A context whose clock has stopped although it says that it runs.
FREEZE = """
  window.freeze = (context) => {
    const { currentTime } = context;
    Object.defineProperty(context, "currentTime", { get: () => currentTime });
  };
"""
# What a telephone call does: the context stands, and nothing makes it run.
INTERRUPT = """
  window.interrupt = (context) => {
    freeze(context);
    Object.defineProperty(context, "state", { get: () => "interrupted" });
    context.resume = () => Promise.reject(new DOMException("interrupted", "InvalidStateError"));
  };
"""


def noting(window: Page) -> Page:
    """Have every page that is opened in a window note what becomes of the sound."""
    for script in (NOTE_SOUNDS, NOTE_REJECTIONS, NOTE_CONTEXTS, AUDIO_SESSION, FREEZE, INTERRUPT):
        window.add_init_script(script)
    return window


@pytest.fixture(scope="module")
def window(empty_page: Page) -> Page:
    """The window in which the tests open a page anew."""
    return noting(empty_page)


@pytest.fixture
def page(window: Page) -> Iterator[Page]:
    """An empty page, which notes what becomes of the sound."""
    open_empty_page(window)
    yield window
    assert window.evaluate("rejected") == []


@pytest.fixture
def stage(page: Page, music: np.ndarray) -> Locator:
    stage = mount(page, music)
    expect(stage.locator(".share")).to_contain_text("Kept:")
    return stage


def stops(stage: Locator) -> None:
    """Wait until it is back at Play."""
    stage.get_by_role("button", name="Play", exact=True).wait_for()


def session(page: Page) -> str:
    return str(page.evaluate("navigator.audioSession.type"))


def test_the_ring_switch_does_not_silence_the_stage_nor_the_stage_a_recording(
    stage: Locator,
) -> None:
    assert session(stage.page) == "auto"
    play(stage)
    assert session(stage.page) == "playback"
    stage.get_by_role("button", name="Pause").click()
    stops(stage)
    assert session(stage.page) == "auto"


def test_a_context_that_the_device_suspends_goes_on(stage: Locator) -> None:
    play(stage)
    waits_beyond(stage, 0.2)
    stage.page.evaluate("contexts[0].suspend()")
    place = seconds_of(stage)
    waits_beyond(stage, place + 0.3)
    assert is_playing(stage)
    assert stage.page.evaluate("contexts.length") == 1


def test_another_context_takes_over_from_a_frozen_one(stage: Locator) -> None:
    play(stage)
    waits_beyond(stage, 0.2)
    stage.page.evaluate("freeze(contexts[0])")
    place = seconds_of(stage)
    waits_beyond(stage, place + 0.3)
    assert is_playing(stage)
    assert stage.page.evaluate("contexts.map(({ state }) => state)") == ["closed", "running"]
    # From where it stood, and every voice again.
    (begin, *_), (kept, *_) = stage.page.evaluate(
        "started.slice(-2).map(({ times }) => times.slice(1))"
    )
    assert begin == kept == pytest.approx(place, abs=0.15)
    choose(stage, "Kept")


def test_a_device_that_keeps_the_sound_leaves_a_play_button_and_says_so(stage: Locator) -> None:
    page = stage.page
    play(stage)
    waits_beyond(stage, 0.5)
    page.evaluate("window.dress = interrupt; interrupt(contexts[0])")
    stops(stage)
    expect(stage.get_by_role("alert")).to_contain_text(NO_SOUND)
    place = seconds_of(stage)
    assert place > 0.4
    assert session(page) == "auto"
    page.evaluate("window.dress = null")  # the call has ended
    play(stage)
    expect(stage.get_by_text(NO_SOUND)).to_have_count(0)
    waits_beyond(stage, place + 0.2)
    assert is_playing(stage)


def test_a_browser_without_sound_says_so(page: Page, music: np.ndarray) -> None:
    page.evaluate("() => { window.AudioContext = undefined; }")
    stage = mount(page, music)
    stage.get_by_role("button", name="Play", exact=True).click()
    expect(stage.get_by_role("alert")).to_contain_text(NO_SOUND)
    stops(stage)


def original_plays_alone(stage: Locator) -> None:
    expect(stage.get_by_role("alert")).to_contain_text(NO_MORE_PARTS)
    expect(stage.locator(".parts label")).to_have_text(["Original"])
    play(stage)
    waits_beyond(stage, 0.3)
    assert stage.page.evaluate("faded.filter(([gain]) => gain === 1).length") > 0


def test_a_worker_that_is_forbidden_leaves_the_original(page: Page, music: np.ndarray) -> None:
    page.evaluate(
        """() => {
          window.NativeWorker = Worker;
          window.Worker = class {
            constructor() {
              throw new DOMException("no", "SecurityError");
            }
          };
        }"""
    )
    stage = mount(page, music)
    original_plays_alone(stage)
    stage.get_by_role("button", name="Add a box").click()
    expect(stage.locator(".share")).to_contain_text("Box:")
    expect(stage.locator(".parts label")).to_have_text(["Original"])
    # Until it is allowed.
    page.evaluate("() => { window.Worker = NativeWorker; }")
    stage.get_by_role("button", name="Try again").click()
    expect(stage.locator(".share")).to_contain_text("Kept:")
    expect(stage.locator(".parts label")).to_have_count(5)
    expect(stage.get_by_role("alert")).to_have_count(0)


def test_a_worker_that_dies_leaves_the_original(page: Page, music: np.ndarray) -> None:
    page.evaluate(
        """() => {
          window.workers = [];
          window.Worker = class extends Worker {
            constructor(...options) {
              super(...options);
              workers.push(this);
            }
          };
        }"""
    )
    stage = mount(page, music)
    expect(stage.locator(".share")).to_contain_text("Kept:")
    choose(stage, "Kept")
    play(stage)
    voices = started(page)
    page.evaluate("workers[0].postMessage({ voice: 'kept-0', map: null })")  # which it fails at
    expect(stage.get_by_role("alert")).to_contain_text(NO_MORE_PARTS)
    expect(stage.get_by_role("radio", name="Original")).to_be_checked()
    assert is_playing(stage)
    assert started(page) == voices
    expect(stage.locator(".share")).not_to_contain_text("Kept:")


def test_a_worker_that_says_nothing_any_more_is_given_up(
    browser: Browser, music: np.ndarray
) -> None:
    # A clock that is set stays so for all windows of its context.
    with closing(browser.new_context()) as context:
        page = noting(context.new_page())
        open_empty_page(page)
        page.clock.install()
        page.evaluate("() => { window.Worker = class { postMessage() {} terminate() {} }; }")
        stage = mount(page, music)
        expect(stage.get_by_role("radio", name="Kept", exact=True)).to_be_visible()
        page.clock.run_for(61_000)
        expect(stage.get_by_role("alert")).to_contain_text(NO_MORE_PARTS)
        expect(stage.locator(".parts label")).to_have_text(["Original"])
        assert page.evaluate("rejected") == []


ADD_RECORDER = """
([wav]) => {
  const host = document.createElement("div");
  window.other = document.createElement("audio");
  other.loop = true;
  other.src = `data:audio/wav;base64,${wav}`;
  host.attachShadow({ mode: "open" }).append(other);
  const button = document.createElement("button");
  button.textContent = "Play recording";
  button.addEventListener("click", () => other.play());
  document.body.append(button, host);
}
"""


def test_a_player_in_a_shadow_root_and_the_stage_take_turns(stage: Locator) -> None:
    page = stage.page
    page.evaluate(ADD_RECORDER, [text_of(encode_wav(np.zeros(SAMPLE_RATE, np.float32)))])
    play(stage)
    page.get_by_role("button", name="Play recording").click()
    stops(stage)
    assert not page.evaluate("other.paused")
    play(stage)
    assert page.evaluate("other.paused")


def test_two_stages_take_turns_on_a_context_that_was_renewed(page: Page, music: np.ndarray) -> None:
    first = mount(page, music, stages=2)
    second = page.locator(".stage").nth(1)
    for stage in (first, second):
        expect(stage.locator(".share")).to_contain_text("Kept:")
    play(first)
    waits_beyond(first, 0.2)
    play(second)
    stops(first)
    page.evaluate("freeze(contexts[0])")
    page.wait_for_function("contexts.length === 2")
    waits_beyond(second, 0.3)
    play(first)
    stops(second)
    place = seconds_of(first)
    waits_beyond(first, place + 0.2)
    assert is_playing(first)
