"""The server is restarted behind an open window, below a path of its own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from model.audio.clip import encode_wav
from tests.browser.conftest import ACTION_MILLISECONDS
from tests.browser.server import Server

pytestmark = pytest.mark.browser

NAME = "www.example.com me@example.com a &amp; b.wav"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server whose path ends like the name of a page."""
    server = Server(tmp_path / "server.log", base="my/songs")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def window(browser: Browser, own_server: Server) -> Iterator[Page]:
    """A window for the own server."""
    context = browser.new_context()
    context.set_default_timeout(ACTION_MILLISECONDS)
    yield context.new_page()
    context.close()


@pytest.mark.long
def test_a_lost_song_is_named_and_a_sample_comes_back(
    window: Page, own_server: Server, music: np.ndarray
) -> None:
    # Neither the first page nor its clip wait for the network here.
    window.goto(f"{own_server.address}/listen?threshold=0.2")
    expect(window.get_by_text("Your link brings its settings")).to_be_visible()
    window.locator("input[type=file]").set_input_files(
        {"name": NAME, "mimeType": "audio/wav", "buffer": encode_wav(music)}
    )
    main = window.get_by_test_id("stMain")
    expect(main.locator("strong", has_text=NAME)).to_be_visible()
    expect(main.get_by_role("link", name="example")).to_have_count(0)
    own_server.kill()
    own_server.start()
    window.get_by_role("link", name="Compare", exact=True).click()
    expect(main.get_by_text(f"{NAME} is no longer here")).to_be_visible()
    expect(main.get_by_role("link", name="example")).to_have_count(0)
    expect(window.get_by_test_id("stFileUploaderFile")).to_have_count(0)
    # By its role: the picture of the probabilities names every genre too.
    window.get_by_role("radio", name="jazz", exact=True).click()
    expect(main.get_by_text("Corner Table").first).to_be_visible()
    expect(main.get_by_text("is no longer here")).to_have_count(0)
    # A browser whose page is drawn has nothing to ask of a server that is back.
    shown = window.get_by_test_id("stApp")
    expect(shown).to_have_attribute("data-test-script-state", "notRunning")
    own_server.kill()
    expect(shown).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    own_server.start()
    expect(shown).to_have_attribute("data-test-connection-state", "CONNECTED")
    window.get_by_role("link", name="Whole song", exact=True).click()
    window.get_by_role("link", name="Listen", exact=True).click()
    expect(main.get_by_role("heading", name="What does the network hear?")).to_be_visible()
    expect(main.get_by_text("Corner Table")).to_be_visible()
