"""What a visitor waits for, beside a bare Streamlit page: ``make bench-browser``.

One server serves the app and, under ``?bare``, a page that takes a file and says that it is there.
In every round a new visitor, whose browser has never been here, opens the bare page and drops a
song, and another does the same with the app and goes on to other genres and other kinds of
picture. The same song has other bytes in every round, so nothing is remembered. A last server
is started for the first song after its start.

Answers to a song, a choice or a switch are timed inside the page: from the moment at which the
browser has the file, or the visitor presses the button of the mouse, to the first animation frame
that shows the answer. All else is timed from outside, and has Playwright's own time in it, which
looks for what it waits for twice a second.

All times are given in seconds and as multiples of what the bare page took in the same run, which
depends less on the machine and on what else runs there.
"""

import argparse
import io
import json
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from playwright.sync_api import Browser, Page, sync_playwright

from model.analysis import analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.networks.assembled import load_classifier
from pages.session.samples import FOLDER
from pages.words.methods import method_name
from pages.words.phrases import genre_name, percent, sentence
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.measuring import add_json, chromium, keep, reactions, reactions_to_file
from tests.browser.server import ROOT, Server

PATIENCE = 300_000  # ms
# In the page: whether the player has the sound of a stage's first picture.
HEARD = 'all(".stage .share")[0]?.textContent.includes("Kept:")'
SONG = "metal.ogg"
# Unlike the length of any sample, by which the picture is known.
SECONDS = 29.7
# The server's main program: the app, and a page with next to nothing on it.
ENTRY = f"""\
import sys
import streamlit as st
# The project's own modules are found from the folder that the server runs in.
sys.path = [path for path in sys.path if path != str(__file__).rpartition("/")[0]]
if __name__ != "__main__":
    from pages.session.server_start import load_with_server
    app = st.App(__file__, lifespan=load_with_server)
elif "bare" in st.query_params:
    if file := st.file_uploader("Bare"):
        st.header(f"{{len(file.getvalue())}} bytes")
    st.write("Nothing else")
else:
    app_file = {str(ROOT / "app.py")!r}
    code = compile(open(app_file, encoding="utf-8").read(), app_file, "exec")
    exec(code, {{"__name__": "__main__", "__file__": app_file}})
"""
# How long a visitor reads before the next step; the browser loads on in the meantime.
READING = 2000  # ms
# What is timed, in words, and what on the bare page it is compared with.
STEPS = {
    "bare open": ("bare page: from its address to its words", "bare open"),
    "bare drop": ("bare page: from the drop of the song to its size", "bare drop"),
    "open": ("from the address to the drop zone", "bare open"),
    "picture": ("from the drop to the picture", "bare drop"),
    "verdict": ("from the drop to the verdict", "bare drop"),
    "sound": ("from the drop to the sound of the evidence", "bare drop"),
    "fine map": ("from the choice of another genre to its picture and sound", "bare drop"),
    "method": ("from the choice of another kind of picture to its sound", "bare drop"),
    "listenable": ("from the choice of the listenable map to its sound", "bare drop"),
    "switch words": ("a filter switched off: the probabilities without it", "bare drop"),
    "switch picture": ("a filter switched off: the picture without it", "bare drop"),
    "switch sound": ("a filter switched off: the sound without it", "bare drop"),
    "cold picture": ("server just started: from the drop to the picture", "bare drop"),
    "cold verdict": ("server just started: from the drop to the verdict", "bare drop"),
    "cold start": ("server just started: from its start to the verdict", "bare open"),
}


@dataclass(frozen=True)
class Song:
    """The song's verdict as the page words it, and its length in seconds."""

    verdict: str
    seconds: float


def judged_song() -> Song:
    """Ask the network without a server, so that the page's verdict is known."""
    clip = decode(song_of(0))
    genre, probability = analyse(prepare(clip), load_classifier()).verdict.ranking[0]
    return Song(f"{sentence(genre_name(genre))}, {percent(probability)}", clip.seconds)


def song_of(round_: int) -> bytes:
    """Encode the song with bytes of this round's own, as FLAC."""
    once, rate = soundfile.read(io.BytesIO((FOLDER / SONG).read_bytes()))
    sound = np.concatenate([once, once])
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, sound.shape[1], format="FLAC") as flac:
        flac.title = f"round {round_}"
        flac.write(sound[: round(SECONDS * rate)])
    return file.getvalue()


@contextmanager
def serving() -> Iterator[Server]:
    """Start a server for the app and the bare page, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        entry = Path(folder) / "both.py"
        entry.write_text(ENTRY, encoding="utf-8")
        # Streamlit looks for pages and settings beside its main program.
        for name in ("pages", ".streamlit"):
            (Path(folder) / name).symlink_to(ROOT / name)
        server = Server(Path(folder) / "server.log", entry=entry)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def new_visitor(browser: Browser) -> Iterator[Page]:
    """Open a window that shares nothing with any other."""
    with closing(browser.new_context(viewport={"width": 1280, "height": 900})) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


class Stopwatch:
    """Times of all rounds, by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}

    def note(self, step: str, begin: float) -> None:
        """Note the time since a beginning."""
        self.add(step, time.perf_counter() - begin)

    def add(self, step: str, seconds: float) -> None:
        """Note a time that was taken elsewhere."""
        self.seconds.setdefault(step, []).append(seconds)

    def add_all(self, times: Mapping[str, float]) -> None:
        """Note times that were taken elsewhere, by step."""
        for step, seconds in times.items():
            self.add(step, seconds)

    def figures(self) -> list[dict[str, Any]]:
        """Medians of all steps that were timed, also as multiples of the same on the bare page."""
        median = {step: statistics.median(seconds) for step, seconds in self.seconds.items()}
        return [
            {
                "step": step,
                "what": what,
                "seconds": round(median[step], 3),
                "worst": round(max(self.seconds[step]), 3),
                "times_bare": round(median[step] / median[bare], 2),
            }
            for step, (what, bare) in STEPS.items()
            if step in median
        ]


def visit_bare(page: Page, address: str, data: Path, watch: Stopwatch) -> None:
    """Open the bare page, and drop a song there."""
    begin = time.perf_counter()
    page.goto(f"{address}/?bare")
    page.get_by_text("Nothing else").wait_for()
    watch.note("bare open", begin)
    page.wait_for_timeout(READING)
    watch.add_all(reactions_to_file(page, data, {"bare drop": heading("bytes")}))


def visit_app(page: Page, address: str, song: Song, data: Path, watch: Stopwatch) -> None:
    """Open the app, drop a song, and look at it in other ways."""
    begin = time.perf_counter()
    page.goto(address)
    page.locator("input[type=file]").first.wait_for(state="attached")
    watch.note("open", begin)
    page.wait_for_timeout(READING)
    picture, verdict = picture_shown(song), heading(song.verdict)
    conditions = {
        "picture": picture,
        "verdict": verdict,
        "sound": f"{verdict} && {picture} && {HEARD}",
    }
    watch.add_all(reactions_to_file(page, data, conditions))
    page.get_by_text(re.compile("^It (dis)?agrees")).wait_for()
    page.wait_for_timeout(READING)
    # The list of genres is open before its time begins: what is timed is the answer to a choice.
    page.get_by_label("Show what speaks for").first.click()
    for step, choice in (
        ("fine map", page.get_by_role("option").nth(1)),
        ("method", page.get_by_role("radio", name=method_name("crm"))),
        ("listenable", page.get_by_role("radio", name=method_name("listenable"))),
    ):
        choice.wait_for()
        before = json.dumps(page.locator(picture_of(song)).get_attribute("aria-label"))
        changed = f'all(".stage .plot")[0]?.getAttribute("aria-label") !== {before}'
        watch.add_all(reactions(page, choice, {step: f"{changed} && {HEARD}"}))
        page.wait_for_timeout(READING)


def switch_filter_off(page: Page, watch: Stopwatch) -> None:
    """Go on to the filters of the song, and switch one off: the network is not asked again."""
    page.get_by_role("link", name="Filters").click()
    page.locator(".stage .share", has_text="Kept:").nth(1).wait_for()
    switch = (
        page.get_by_test_id("stCheckbox")
        .filter(has_text=re.compile(r"Filter \d"))
        .locator("label")
        .first
    )
    switch.wait_for()
    page.wait_for_timeout(READING)
    # The first picture's name tells how many filters of all are on.
    without = """all('.stage .plot[aria-label*=" of "]').length > 0"""
    conditions = {
        "switch words": 'all(".odds").some((list) => list.textContent.includes("points)"))',
        "switch picture": without,
        "switch sound": f"{without} && {HEARD}",
    }
    watch.add_all(reactions(page, switch, conditions))


def picture_of(song: Song) -> str:
    """Select the picture of this song and of no other, known by its length."""
    return f'.stage .plot[aria-valuemax="{song.seconds:.1f}"]'


def picture_shown(song: Song) -> str:
    """Say in JavaScript that this song's picture is there."""
    return f"all({json.dumps(picture_of(song))}).length > 0"


def heading(words: str) -> str:
    """Say in JavaScript that these words stand in a heading."""
    return f'all("h2").some(({{ textContent }}) => textContent.includes({json.dumps(words)}))'


def first_song(browser: Browser, song: Song, data: Path, watch: Stopwatch) -> None:
    """Start a server, and be its first visitor at once."""
    begin = time.perf_counter()
    with serving() as server, new_visitor(browser) as page:
        page.goto(server.address)
        page.locator("input[type=file]").first.wait_for(state="attached")
        conditions = {
            "cold picture": picture_shown(song),
            "cold verdict": heading(song.verdict),
        }
        watch.add_all(reactions_to_file(page, data, conditions))
        watch.note("cold start", begin)


def measure(rounds: int, cold: int) -> list[dict[str, Any]]:
    """Let visitors in, one after the other, and time them."""
    song, watch = judged_song(), Stopwatch()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:

        def file_of(round_: int) -> Path:
            file = Path(folder) / f"round {round_}.flac"
            file.write_bytes(song_of(round_))
            return file

        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        for round_ in range(cold):
            first_song(browser, song, file_of(-1 - round_), watch)
            print(f"cold {round_ + 1}: {watch.seconds['cold verdict'][-1]:.1f} s", flush=True)
        with serving() as server:
            # One visitor warms the server and is not counted.
            for round_ in range(rounds + 1):
                one, file = watch if round_ else Stopwatch(), file_of(round_)
                with new_visitor(browser) as page:
                    visit_bare(page, server.address, file, one)
                with new_visitor(browser) as page:
                    visit_app(page, server.address, song, file, one)
                    switch_filter_off(page, one)
                print(f"visit {round_}: {one.seconds['verdict'][-1]:.1f} s", flush=True)
        browser.close()
    return watch.figures()


def main() -> None:
    """Measure, print and keep the times."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="visitors, one after the other")
    parser.add_argument("--cold", type=int, default=2, help="servers started for one song each")
    add_json(parser, "browser.json")
    arguments = parser.parse_args()
    steps = measure(arguments.rounds, arguments.cold)
    for step in steps:
        print(f"{step['what']:52} {step['seconds']:7.2f} s {step['times_bare']:7.1f} times bare")
    command = f"make bench-browser ARGS='--rounds {arguments.rounds} --cold {arguments.cold}'"
    keep({"rounds": arguments.rounds, "steps": steps}, arguments.json, command)


if __name__ == "__main__":
    main()
