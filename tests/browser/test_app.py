"""A visitor with a song: sees the heatmap, and gets sound that is not silent."""

import io

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Page, expect

from model.audio import SILENCE_DBFS, encode_wav

pytestmark = pytest.mark.browser

# The network may keep a quiet part; what the app itself would call silence is lower.
SILENCE = 10 ** (SILENCE_DBFS / 20)

# The traces of every figure that holds a heatmap over a spectrogram, with the number of
# pictures that Plotly drew for them.
PICTURE = """
() => [...document.querySelectorAll('.js-plotly-plot')]
  .filter(plot => plot.data && plot.data.some(trace => trace.name === 'Relevance'))
  .map(plot => ({
    traces: plot.data.map(trace => trace.name),
    drawn: plot.querySelectorAll('.heatmaplayer image').length,
  }))
"""


def listen_to(page: Page, data: bytes) -> None:
    page.goto("/")
    expect(page.get_by_text("Bring a song")).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        {"name": "music.wav", "mimeType": "audio/wav", "buffer": data}
    )
    page.get_by_role("heading", name="What speaks for").wait_for()  # the network wakes first
    expect(page.locator("audio")).to_have_count(3)
    page.wait_for_function(f"() => ({PICTURE})().some(picture => picture.drawn >= 2)")


def sounds(page: Page) -> list[np.ndarray]:
    """What the players on the page play."""
    addresses = [player.get_attribute("src") or "" for player in page.locator("audio").all()]
    answers = [page.request.get(address) for address in addresses]
    assert all(answer.ok for answer in answers)
    return [soundfile.read(io.BytesIO(answer.body()))[0] for answer in answers]


def test_an_upload_is_seen_and_heard(page, music):
    listen_to(page, encode_wav(music))
    (picture,) = page.evaluate(PICTURE)
    assert picture["traces"] == ["Loudness", "Relevance", "Rim", "Kept"]
    assert picture["drawn"] == 2

    original, kept, rest = sounds(page)
    assert len(original) == len(kept) == len(rest) == len(music)
    for part in (original, kept, rest):
        assert np.sqrt(np.mean(part**2)) > SILENCE
    # Three files of 16 bits each, at one gain.
    np.testing.assert_allclose(kept + rest, original, atol=3 / 2**15)


def test_the_clip_goes_along_to_compare(page, music):
    listen_to(page, encode_wav(music))
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="What sets the genres apart?")).to_be_visible()
    page.wait_for_function(f"() => ({PICTURE})().some(picture => picture.drawn === 6)")
    expect(page.locator("audio")).to_have_count(3)
    assert all(np.abs(sound).max() > SILENCE for sound in sounds(page))


def test_a_file_that_is_no_audio_is_named(page):
    page.goto("/")
    page.locator("input[type=file]").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"dear diary"}
    )
    expect(page.get_by_role("alert")).to_contain_text("does not look like an audio file")
