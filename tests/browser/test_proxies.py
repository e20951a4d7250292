"""Visitors who come in through a reverse proxy, with and without a path before the app."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect

from model.audio.clip import encode_wav
from model.constants import MAX_UPLOAD_BYTES, SAMPLE_RATE, WINDOW_SECONDS
from tests.browser.conftest import ACTION_MILLISECONDS, VIEWPORT, launched
from tests.browser.proxies import NAME, PATH, PROXIES, lines_for, proxying
from tests.browser.server import Server
from tests.browser.visiting import WAKING_MILLISECONDS, download_bytes, ready_stage

pytestmark = pytest.mark.browser

# The browser reads the limit of 25 MB as millions, the server as 2 to the 20.
LARGEST = MAX_UPLOAD_BYTES // 2**20 * 10**6
Visit = Callable[[str, str], tuple[Page, str]]


@pytest.mark.parametrize("proxy", PROXIES)
def test_the_lines_let_the_largest_song_through(proxy: str) -> None:
    limit = {"nginx": r"client_max_body_size (\d+)m;", "caddy": r"max_size (\d+)MiB"}[proxy]
    for path in ("", PATH):
        found = re.findall(limit, lines_for(proxy, path))
        assert [int(size) * 2**20 > MAX_UPLOAD_BYTES for size in found] == [True]


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app below a path."""
    server = Server(tmp_path_factory.mktemp("below") / "server.log", base=PATH)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chromium(music: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with a microphone, that finds the site on this machine."""
    heard = tmp_path_factory.mktemp("microphone") / "heard.wav"
    heard.write_bytes(encode_wav(music))
    with launched(
        f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={heard}",
    ) as browser:
        yield browser


@pytest.fixture
def come_in(chromium: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Opens the app through a proxy; gives the window and the app's address."""
    with ExitStack() as opened:

        def visit(proxy: str, path: str) -> tuple[Page, str]:
            app = (
                request.getfixturevalue("below").address
                if path
                else (request.getfixturevalue("server"))
            )
            port = urlsplit(app).port
            assert port is not None
            address = opened.enter_context(proxying(proxy, port, path, tmp_path))
            context = chromium.new_context(viewport=VIEWPORT, ignore_https_errors=True)
            opened.callback(context.close)
            context.set_default_timeout(ACTION_MILLISECONDS)
            return context.new_page(), address

        yield visit


def as_large_as_taken(music: np.ndarray) -> bytes:
    """Encode music in as many bytes as the app takes, and few seconds, so that it is soon read."""
    channels, bytes_of_header = 8, 500
    frames = (LARGEST - bytes_of_header) // (4 * channels)
    file = io.BytesIO()
    song = np.repeat(np.resize(music, frames)[:, None], channels, axis=1)
    soundfile.write(file, song, SAMPLE_RATE, format="WAV", subtype="FLOAT")
    return file.getvalue()


@pytest.mark.long
@pytest.mark.parametrize("path", ["", PATH])
@pytest.mark.parametrize("proxy", PROXIES)
def test_a_song_comes_in_and_its_sound_and_link_go_out(
    proxy: str, path: str, come_in: Visit, music: np.ndarray
) -> None:
    page, address = come_in(proxy, path)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"{address}/")
    expect(page.get_by_text("Bring a song")).to_be_visible()
    assert set(sockets) == {f"{address.replace('https', 'wss', 1)}/_stcore/stream"}

    largest = as_large_as_taken(music)
    assert LARGEST - 1000 < len(largest) <= LARGEST < MAX_UPLOAD_BYTES
    page.locator("input[type=file]").set_input_files(
        {"name": "music.wav", "mimeType": "audio/wav", "buffer": largest}
    )
    page.get_by_role("heading", name="What speaks for").wait_for(timeout=WAKING_MILLISECONDS)
    expect(page.get_by_text("Bring a song")).to_have_count(0)
    ready_stage(page)
    parts = (download_bytes(page, f"{part} (WAV)") for part in ("Kept", "Rest"))
    kept, rest = (soundfile.read(io.BytesIO(data))[0] for data in parts)
    begin = np.resize(music, int(WINDOW_SECONDS * SAMPLE_RATE))
    assert len(kept) == len(begin)
    # Wherever in the song it begins, it is this music: its tones lie where those of the music do.
    heard, given = (np.abs(np.fft.rfft(part)) for part in (kept + rest, begin))
    assert np.corrcoef(heard, given)[0, 1] > 0.5

    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="What sets the genres apart?")).to_be_visible()
    assert page.url.startswith(f"{address}/compare")
    page.goto(f"{address}/?sample=jazz.ogg&method=cam&class=jazz")
    page.get_by_role("heading", name="What speaks for jazz").wait_for(timeout=WAKING_MILLISECONDS)
    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").inner_text()
    assert link.startswith(f"{address}/?sample=jazz.ogg&method=cam&class=jazz&")
    page.goto(link)
    page.get_by_role("heading", name="What speaks for jazz").wait_for()
    assert page.get_by_test_id("stException").count() == 0


@pytest.mark.long
@pytest.mark.parametrize("proxy", PROXIES)
def test_a_recording_comes_in(proxy: str, come_in: Visit) -> None:
    page, address = come_in(proxy, PATH)
    page.goto(f"{address}/")
    assert page.evaluate("isSecureContext")
    recorder = page.get_by_test_id("stAudioInput")
    recorder.get_by_role("button", name="Record", exact=True).click()
    expect(recorder).to_contain_text(re.compile(r"00:(0[5-9]|[1-5]\d)"))  # the widget's own clock
    recorder.get_by_role("button", name="Stop recording").click()
    page.get_by_role("heading", name="What speaks for").wait_for(timeout=WAKING_MILLISECONDS)
    ready_stage(page)
    expect(page.get_by_text("Recording", exact=True)).to_be_visible()
