"""What the player's mixer sends to the loudspeaker, rendered sample by sample."""

from dataclasses import dataclass

import numpy as np
import pytest
from playwright.sync_api import Page

from model.constants import SAMPLE_RATE
from tests.browser.scripts import floats_of, load, text_of

pytestmark = pytest.mark.browser

FADE = 0.02  # s, as in mixer.js
QUANTUM = 128  # samples, in which an audio context works

# Renders what `steps`, functions of the mixer by the time at which they are called, make of two
# voices. The clock stands still while a step is taken.
RENDER = """
async ([first, second, seconds, rate, steps]) => {
  const context = new OfflineAudioContext(1, seconds * rate, rate);
  const mixer = new Mixer(context, () => {});
  mixer.setVoice("original", floatsOf(first));
  mixer.setVoice("kept", floatsOf(second));
  for (const [time, code] of steps) {
    const step = new Function("mixer", "floatsOf", code);
    if (time === 0) step(mixer, floatsOf);
    else context.suspend(time).then(() => { step(mixer, floatsOf); context.resume(); });
  }
  return textOf((await context.startRendering()).getChannelData(0));
}
"""


@dataclass(frozen=True)
class Renderer:
    """Renders steps of a mixer with two voices."""

    page: Page
    original: np.ndarray
    kept: np.ndarray

    def __call__(self, *steps: tuple[float, str], seconds: int = 2) -> np.ndarray:
        texts = [text_of(self.original), text_of(self.kept)]
        return floats_of(self.page.evaluate(RENDER, [*texts, seconds, SAMPLE_RATE, list(steps)]))


@pytest.fixture(scope="module")
def render(empty_page: Page, music: np.ndarray) -> Renderer:
    load(empty_page, "mixer")
    original = music[: 3 * SAMPLE_RATE]
    return Renderer(empty_page, original, np.convolve(original, np.ones(9) / 9, "same"))


def samples(seconds: float) -> int:
    """A time at which a step can be taken: rounded up to whole quanta, as the browser does."""
    return -(-round(seconds * SAMPLE_RATE) // QUANTUM) * QUANTUM


def ahead(sample: int) -> int:
    """When a step that is taken at a sample takes effect, as in mixer.js."""
    return int(np.ceil(sample + 0.01 * SAMPLE_RATE))


def fade(begin: int, length: int) -> np.ndarray:
    return np.clip((np.arange(length) - begin) / (FADE * SAMPLE_RATE), 0, 1)


def test_a_switch_is_a_short_crossfade_without_a_gap(render):
    play = "mixer.mix({original: 1}); mixer.play(0, null);"
    sound = render((0, play), (1.0, "mixer.mix({kept: 1});"))
    begin = ahead(0)
    share = fade(ahead(samples(1.0)), len(sound))[begin:]
    original, kept = (voice[: len(share)] for voice in (render.original, render.kept))
    expected = (1 - share) * original + share * kept
    expected[: round(FADE * SAMPLE_RATE)] *= fade(0, round(FADE * SAMPLE_RATE))
    np.testing.assert_allclose(sound[begin:], expected, atol=2e-5)


def test_the_rest_is_the_original_minus_the_kept_part(render):
    sound = render((0, "mixer.mix({original: 1, kept: -1}); mixer.play(0.5, null);"))
    begin, start = ahead(0) + 500, round(0.5 * SAMPLE_RATE) + 500
    expected = (render.original - render.kept)[start:][: len(sound) - begin]
    np.testing.assert_allclose(sound[begin:], expected, atol=2e-5)


def test_switching_to_and_fro_faster_than_a_fade_never_jumps(render):
    start = (0, "mixer.mix({original: 1}); mixer.play(0, null);")
    names = 4 * ["kept", "original"]
    switches = [(1 + 0.007 * k, f"mixer.mix({{{name}: 1}});") for k, name in enumerate(names)]
    sound = render(start, *switches)
    begin = ahead(0)
    voices = np.stack([render.original, render.kept])[:, 1000 : len(sound) - begin]
    inner = sound[begin + 1000 :]
    low, high = voices.min(axis=0), voices.max(axis=0)
    assert np.all(inner >= low - 2e-5)
    assert np.all(inner <= high + 2e-5)
    np.testing.assert_allclose(inner[-1000:], voices[0, -1000:], atol=2e-5)


def test_another_version_of_a_voice_takes_over_in_step(render):
    text = text_of(0.25 * render.original)
    sound = render(
        (0, "mixer.mix({original: 1, kept: -1}); mixer.play(0, null);"),
        (1.0, f"mixer.setVoice('kept', floatsOf('{text}'));"),
    )
    begin = ahead(0)
    share = fade(ahead(samples(1.0)), len(sound))[begin:]
    original, kept = (voice[: len(share)] for voice in (render.original, render.kept))
    expected = original - (1 - share) * kept - share * 0.25 * original
    np.testing.assert_allclose(sound[begin + 500 :], expected[500:], atol=2e-5)


def test_a_loop_repeats_every_voice_at_the_same_sample(render):
    sound = render((0, "mixer.mix({original: 1, kept: -1}); mixer.play(0.3, [0.2, 0.7]);"))
    begin, start = ahead(0), round(0.3 * SAMPLE_RATE)
    low, high = round(0.2 * SAMPLE_RATE), round(0.7 * SAMPLE_RATE)
    place = start + np.arange(len(sound) - begin)
    place = np.where(place < high, place, low + (place - low) % (high - low))
    expected = (render.original - render.kept)[place]
    np.testing.assert_allclose(sound[begin + 500 :], expected[500:], atol=2e-5)


def test_one_gain_holds_for_all_parts_and_never_rises(render):
    sound = render(
        (0, "mixer.mix({original: 1}); mixer.play(0, null);"),
        (0.5, "mixer.makeRoomFor(2);"),
        (1.0, "mixer.makeRoomFor(0.5);"),
        (1.5, "mixer.mix({kept: 1});"),
    )
    begin = ahead(0)
    early, late = samples(0.8), samples(1.6)
    gain = 0.999 / 2
    original, kept = render.original, render.kept
    for name, place in ((original, early), (original, samples(1.3)), (kept, late)):
        played = sound[place : place + 2000]
        np.testing.assert_allclose(played, gain * name[place - begin :][:2000], atol=2e-5)


def test_a_seek_fades_from_one_place_to_the_other(render):
    sound = render(
        (0, "mixer.mix({original: 1}); mixer.play(0, null);"), (1.0, "mixer.play(2, null);")
    )
    begin, jump = ahead(0), ahead(samples(1.0))
    share = fade(jump, len(sound))
    later = 2 * SAMPLE_RATE + np.arange(len(sound)) - jump
    before = render.original[np.clip(np.arange(len(sound)) - begin, 0, None)]
    after = render.original[np.clip(later, 0, len(render.original) - 1)]
    expected = (1 - share) * before + share * after
    np.testing.assert_allclose(sound[begin + 500 :], expected[begin + 500 :], atol=2e-5)
