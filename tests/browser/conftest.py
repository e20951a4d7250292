"""The real server and a real browser, for the tests in this folder."""

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.mounting import mount
from tests.browser.scripts import open_empty_page
from tests.browser.server import Server
from tests.browser.visiting import NOTE_SOUNDS, listen_to, ready_stage

ACTION_MILLISECONDS = 120_000  # the first analysis waits for TensorFlow to load
VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
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

Scheme = Literal["light", "dark"]

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
    server = Server(log)
    server.start()
    try:
        yield server.address
    finally:
        server.stop()


# One browser for all tests here, as starting it and reading the app's scripts takes longer than
# most tests. It is ended with the last of them and not with the session: while Playwright runs,
# its event loop counts as running in this thread, and tests elsewhere could not start their own.
_open = ExitStack()


@cache
def _playwright() -> Playwright:
    return _open.enter_context(sync_playwright())


@cache
def _chromium() -> Browser:
    return _open.enter_context(launched())


@cache
def _context(address: str) -> BrowserContext:
    """What the windows of all tests share, so that scripts are read and compiled once."""
    context = _chromium().new_context(base_url=address, viewport=VIEWPORT, reduced_motion="reduce")
    context.set_default_timeout(ACTION_MILLISECONDS)
    return context


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """End the browser behind the last test of this folder."""
    yield
    if nextitem is None or not nextitem.path.is_relative_to(Path(__file__).parent):
        for shared in (_context, _chromium, _playwright):
            shared.cache_clear()
        _open.close()


@contextmanager
def launched(*flags: str) -> Iterator[Browser]:
    """Start headless Chromium with further flags, and end it afterwards."""
    executable = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if executable is None:
        reason = f"needs a Chromium on the PATH, under one of the names {', '.join(CHROMIUM_NAMES)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    chromium = _playwright().chromium.launch(
        executable_path=executable, headless=True, args=[*CHROMIUM_FLAGS, *flags]
    )
    try:
        yield chromium
    finally:
        chromium.close()


@pytest.fixture
def browser() -> Browser:
    """Headless Chromium; a missing one fails in CI and skips elsewhere."""
    return _chromium()


@pytest.fixture
def page(browser: Browser, server: str, tmp_path: Path) -> Iterator[Page]:
    """A fresh window on no page yet; `page.goto("/")` opens the app."""
    with _window(_context(server)) as window:
        yield window


@contextmanager
def _window(context: BrowserContext) -> Iterator[Page]:
    """Open a window, and close it with those that it has opened; nothing is left of its visit."""
    window = context.new_page()
    yield window
    if window.url.startswith("http"):
        window.evaluate("localStorage.clear()")
    context.clear_cookies()
    for one in context.pages:
        one.close()


@pytest.fixture(scope="module")
def empty_page() -> Iterator[Page]:
    """A window that a file's tests share: for what leaves nothing behind, or opens a page anew."""
    with closing(_chromium().new_context(viewport=VIEWPORT)) as context:
        context.set_default_timeout(ACTION_MILLISECONDS)
        yield context.new_page()


@pytest.fixture
def stage(page: Page, music: NDArray[np.float32]) -> Locator:
    """The player on the Listen page, with its sounds noted."""
    page.add_init_script(NOTE_SOUNDS)
    return listen_to(page, music)


@pytest.fixture(scope="module")
def listening_page(empty_page: Page) -> Page:
    """The shared window, in which every page that is opened notes its sounds."""
    empty_page.add_init_script(NOTE_SOUNDS)
    return empty_page


@pytest.fixture
def stage_alone(listening_page: Page, music: NDArray[np.float32]) -> Locator:
    """The player in an empty page, with its sounds noted: for what asks nothing of Python.

    The page is opened anew for every test, in a window and a process that stay.
    """
    open_empty_page(listening_page)
    mount(listening_page, music)
    return ready_stage(listening_page)


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Opens windows of any size and colour scheme, or of other kinds."""
    with ExitStack() as opened:

        def new_page(
            viewport: ViewportSize = VIEWPORT, color_scheme: Scheme = "light", **options: Any
        ) -> Page:
            if options:
                context = browser.new_context(base_url=server, viewport=viewport, **options)
                opened.callback(context.close)
                context.set_default_timeout(ACTION_MILLISECONDS)
                window = context.new_page()
            else:
                window = opened.enter_context(_window(_context(server)))
                window.set_viewport_size(viewport)
            window.emulate_media(color_scheme=color_scheme)
            return window

        yield new_page


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of the window in which a test failed, and say where it is."""
    report = yield
    arguments: dict[str, Any] = item.funcargs
    window = arguments.get("page")
    if isinstance(stage := arguments.get("stage_alone"), Locator):
        window = stage.page
    if report.when == "call" and report.failed and isinstance(window, Page):
        # Not every test has a folder of its own.
        picture = Path(tempfile.mkdtemp(prefix="earmark-")) / "failed.png"
        try:
            window.screenshot(path=picture, full_page=True, timeout=5_000)
            report.sections.append(("screenshot", str(picture)))
        except Exception as error:  # a window that is gone must not hide the failure itself
            report.sections.append(("screenshot", f"none: {error}"))
    return report
