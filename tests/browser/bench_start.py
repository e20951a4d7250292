"""How soon a server is there and how much memory it takes: ``make bench-start``.

A server is started and asked until it answers. Its first visitor brings a song at once, five more
come one after the other with songs of their own, and the last one has ten minutes of music gone
through window by window. The memory is that of the server with the programs that it runs, read
five times a second. Where the cores are busy with other things too, the processor time says more
than the seconds.
"""

import argparse
import io
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import soundfile
from playwright.sync_api import Browser, Page, sync_playwright

from model.constants import MAX_SECONDS
from pages.session.samples import FOLDER
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.measuring import add_json, chromium, keep, processor_seconds
from tests.browser.server import Server

PATIENCE = 900_000  # ms
VISITORS = 6
BETWEEN = 0.2  # s


class Memory:
    """What a process and those that it started take, now and at most; in MB."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self.most = 0.0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def now(self) -> float:
        """Resident memory at this moment."""
        total = self._process.memory_info().rss
        for child in self._process.children(recursive=True):
            try:
                total += child.memory_info().rss
            except psutil.Error:  # it has ended meanwhile
                continue
        return float(total / 1e6)

    def _watch(self) -> None:
        while not self._is_over.wait(BETWEEN):
            try:
                self.most = max(self.most, self.now())
            except psutil.Error:
                return

    def close(self) -> None:
        """Read no more."""
        self._is_over.set()
        self._thread.join()


def song_of(visitor: int, seconds: float) -> bytes:
    """Encode a visitor's own sample, over and over, as Ogg Vorbis."""
    files = sorted(FOLDER.glob("*.ogg"))
    once, rate = soundfile.read(
        io.BytesIO(files[visitor % len(files)].read_bytes()), always_2d=True
    )
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, once.shape[1], "VORBIS", format="OGG") as song:
        left = round(seconds * rate)
        while left > 0:
            song.write(once[:left])
            left -= len(once)
    return file.getvalue()


@contextmanager
def new_visitor(browser: Browser, address: str, song: bytes) -> Iterator[Page]:
    """Open a window that shares nothing with any other, and drop a song there."""
    with closing(browser.new_context(viewport={"width": 1280, "height": 900})) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(address)
        page.locator("input[type=file]").first.set_input_files(
            {"name": "song.ogg", "mimeType": "audio/ogg", "buffer": song}
        )
        yield page


def hears(page: Page) -> None:
    """Wait for the verdict on Listen, and for the sound behind it."""
    page.get_by_role("heading", name="What speaks for").wait_for()
    page.locator(".stage .share", has_text="Kept:").wait_for()


def measure() -> list[dict[str, Any]]:
    """Start a server, let visitors in, and read clock and memory after every step."""
    steps: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        server = Server(Path(folder) / "server.log")
        begin = time.perf_counter()
        server.start()
        process = psutil.Process(server.process.pid)
        memory = Memory(process)

        def note(step: str, what: str) -> None:
            steps.append(
                {
                    "step": step,
                    "what": what,
                    "seconds": round(time.perf_counter() - begin, 1),
                    "processor_seconds": round(processor_seconds(process), 1),
                    "memory_mb": round(memory.now()),
                    "most_mb": round(max(memory.most, memory.now())),
                }
            )
            print(steps[-1], flush=True)

        try:
            note("answers", "the server answers, its network still to come")
            with new_visitor(browser, server.address, song_of(0, 30)) as page:
                hears(page)
                note("first song", "the first visitor has verdict and sound")
            for visitor in range(1, VISITORS):
                with new_visitor(browser, server.address, song_of(visitor, 30 + visitor)) as page:
                    hears(page)
            note("songs", f"{VISITORS} visitors had a song each")
            whole = song_of(0, MAX_SECONDS)
            with new_visitor(browser, f"{server.address}/song", whole) as page:
                page.get_by_role("button", name=re.compile("^9:30 ")).wait_for()
            note("ten minutes", "ten minutes of music were heard, window by window")
        finally:
            memory.close()
            server.stop()
            browser.close()
    return steps


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_json(parser, "start.json")
    arguments = parser.parse_args()
    keep({"steps": measure()}, arguments.json, "make bench-start")


if __name__ == "__main__":
    main()
