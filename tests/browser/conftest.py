"""The real server and a real browser, for the tests in this folder."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.visiting import NOTE_SOUNDS, listen_to

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 10.0
ACTION_MILLISECONDS = 60_000  # the first analysis waits for TensorFlow to load
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# No sandbox, since CI runs as root; the rest keeps the browser from talking to anyone but us.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# What a page shows after an action may wait for it, too.
expect.set_options(timeout=ACTION_MILLISECONDS)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, running as a user would start it."""
    with serving(tmp_path_factory.mktemp("server") / "server.log") as address:
        yield address


@contextmanager
def serving(log: Path) -> Iterator[str]:
    """Start the app, give its address, and end it."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.headless", "true"]
    command += ["--server.address", HOST, "--server.port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_healthy(process, port, log)
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# One browser a module, not one a session: while Playwright runs, its event loop counts as running
# in this thread, and tests elsewhere could not start their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; a missing one fails in CI and skips elsewhere."""
    yield from launched()


def launched(*flags: str) -> Iterator[Browser]:
    """Start headless Chromium with further flags, and end it afterwards."""
    executable = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if executable is None:
        reason = f"needs a Chromium on the PATH, under one of the names {', '.join(CHROMIUM_NAMES)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, headless=True, args=[*CHROMIUM_FLAGS, *flags]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, server: str, tmp_path: Path) -> Iterator[Page]:
    """A fresh window on no page yet; `page.goto("/")` opens the app."""
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(ACTION_MILLISECONDS)
    yield context.new_page()
    context.close()


@pytest.fixture
def stage(page: Page, music: NDArray[np.float32]) -> Locator:
    """The player on the Listen page, with its sounds noted."""
    page.add_init_script(NOTE_SOUNDS)
    return listen_to(page, music)


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Opens windows of any kind."""
    contexts = []

    def new_page(**options: Any) -> Page:
        contexts.append(browser.new_context(base_url=server, **options))
        contexts[-1].set_default_timeout(ACTION_MILLISECONDS)
        return contexts[-1].new_page()

    yield new_page
    for context in contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of the window in which a test failed, and say where it is."""
    report = yield
    arguments: dict[str, Any] = item.funcargs
    window = arguments.get("page")
    if report.when == "call" and report.failed and isinstance(window, Page):
        picture = arguments["tmp_path"] / "failed.png"
        try:
            window.screenshot(path=picture, full_page=True, timeout=5_000)
            report.sections.append(("screenshot", str(picture)))
        except Exception as error:  # a window that is gone must not hide the failure itself
            report.sections.append(("screenshot", f"none: {error}"))
    return report


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _healthy(port):
            return
        time.sleep(0.25)
    code = process.poll()
    what = f"gave no answer in {START_SECONDS:.0f} s" if code is None else f"ended with code {code}"
    pytest.fail(f"The server {what}. Its log:\n{log.read_text()[-3000:]}")


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
