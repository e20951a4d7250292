"""Several visitors at once, with songs of their own: ``make bench-visitors``.

In every round, new visitors open the app in windows of one browser, bring a song each at the same
time, and wait for the verdict and the sound. Each verdict is compared with what the network says of
the same bytes without any server, and each window has to show its own song's name and length.
The server's memory is read when a round's visitors have left. What they had is given back minutes
later, so it goes up and down from round to round: whether it grows is told by two readings at rest,
after the rounds that fill every cache and at the end. Where the processor's cores are busy with
other things too, compare the processor time and not the waiting.
"""

import argparse
import asyncio
import io
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import soundfile
from playwright.async_api import Browser, async_playwright

from model.analysis import analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.networks.assembled import load_classifier
from pages.session.samples import samples
from pages.words.phrases import genre_name, percent, sentence
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.measuring import chromium, processor_seconds
from tests.browser.server import Server

PATIENCE = 300_000  # ms
# Rounds until every cache of the server is full.
WARM_UP = 4
# Until the server has given back what ended visits had: two minutes, and its next turn.
REST = 160  # s
# By how much memory at rest may grow from there to the end, as a share.
FLAT = 0.05


@dataclass(frozen=True)
class Song:
    """A song, and what its visitor has to see: the verdict and the length."""

    file: str
    data: bytes
    verdict: str
    seconds: str


@dataclass(frozen=True)
class Visit:
    """Seconds until the page, the verdict and the sound were there, and what was wrong."""

    opened: float
    judged: float
    heard: float
    wrong: str | None


def song_of(visitor: int, round_: int) -> bytes:
    """Encode the visitor's sample, twice in a row, as FLAC with bytes of this round's own."""
    offered = list(samples().values())
    sound, rate = soundfile.read(io.BytesIO(offered[visitor % len(offered)].read()))
    sound = np.concatenate([sound, sound])[: len(sound) * 2 - visitor * rate // 10]
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, sound.shape[1], format="FLAC") as flac:
        flac.title = f"visitor {visitor}, round {round_}"
        flac.write(sound)
    return file.getvalue()


def songs_of_visitors(count: int, rounds: int) -> list[list[Song]]:
    """Make every round's songs, and judge each visitor's once, without a server."""
    classifier = load_classifier()
    verdicts = []
    for visitor in range(count):
        clip = decode(song_of(visitor, 0), "song")
        genre, probability = analyse(prepare(clip), classifier).verdict.ranking[0]
        verdict = f"{sentence(genre_name(genre))}, {percent(probability)}"
        verdicts.append((verdict, f"{clip.seconds:.1f}\u00a0s"))
    return [
        [
            Song(f"visitor-{visitor}-{round_}.flac", song_of(visitor, round_), *verdicts[visitor])
            for visitor in range(count)
        ]
        for round_ in range(rounds)
    ]


async def visit(browser: Browser, address: str, song: Song) -> Visit:
    """Open the app, bring the song, and wait for what it makes of it."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    try:
        page = await context.new_page()
        begin = time.monotonic()
        await page.goto(address)
        await page.get_by_text("Bring a song").wait_for()
        opened = time.monotonic()
        await page.locator("input[type=file]").set_input_files(
            {"name": song.file, "mimeType": "audio/flac", "buffer": song.data}
        )
        await page.get_by_role("heading", name="What speaks for").wait_for()
        judged = time.monotonic()
        await page.locator(".stage .share", has_text="Kept:").wait_for()
        heard = time.monotonic()
        seen = await page.locator("[data-testid=stMain]").inner_text()
        missing = [what for what in (song.file, song.verdict, song.seconds) if what not in seen]
        wrong = f"{song.file} shows no {' and no '.join(missing)}" if missing else None
        return Visit(opened - begin, judged - opened, heard - opened, wrong)
    finally:
        await context.close()


async def visits(address: str, rounds: list[list[Song]], server: psutil.Process) -> bool:
    """Run and report all rounds; tells whether every visitor saw what is right."""
    executable = chromium()
    all_visits: list[Visit] = []
    memory: list[float] = []
    at_rest: list[float] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=list(CHROMIUM_FLAGS)
        )
        print("round   page   verdict: median  worst   sound: median  worst   server: CPU   memory")
        for number, songs in enumerate(rounds, start=1):
            before = processor_seconds(server)
            round_ = await asyncio.gather(*(visit(browser, address, song) for song in songs))
            spent = (processor_seconds(server) - before) / len(songs)
            memory.append(server.memory_info().rss / 2**20)
            judged, heard = [v.judged for v in round_], [v.heard for v in round_]
            print(
                f"{number:5} {statistics.median(v.opened for v in round_):6.1f} "
                f"{statistics.median(judged):16.1f} {max(judged):6.1f} "
                f"{statistics.median(heard):15.1f} {max(heard):6.1f} "
                f"{spent:13.2f} {memory[-1]:8.0f}",
                flush=True,
            )
            all_visits += round_
            if number == WARM_UP or number == len(rounds) > WARM_UP:
                await asyncio.sleep(REST)
                at_rest.append(server.memory_info().rss / 2**20)
                print(f"at rest {at_rest[-1]:88.0f}", flush=True)
        await browser.close()
    return report(all_visits, memory, at_rest)


def report(all_visits: list[Visit], memory: list[float], at_rest: list[float]) -> bool:
    """Print what all rounds come to; tells whether every visitor saw what is right."""
    wrong = [one.wrong for one in all_visits if one.wrong]
    heard = [one.heard for one in all_visits]
    print(f"\n{len(all_visits)} visits, {len(wrong)} of them wrong.")
    print(*wrong, sep="\n")
    print(f"From song to sound: {statistics.median(heard):.1f} s, at worst {max(heard):.1f} s.")
    if len(at_rest) > 1:
        first, last = at_rest
        kind = "flat" if last / first - 1 <= FLAT else "growing"
        print(
            f"Memory after round {WARM_UP}: {kind}, {last / first - 1:+.1%} at rest, from "
            f"{first:.0f} to {last:.0f} MB; {min(memory[WARM_UP:]):.0f} to "
            f"{max(memory[WARM_UP:]):.0f} MB when visitors had just left."
        )
    return not wrong


def main() -> None:
    """Start a server, send visitors there, and end it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--visitors", type=int, default=6, help="at once (default 6)")
    parser.add_argument("--rounds", type=int, default=10, help="one after the other (default 10)")
    arguments = parser.parse_args()
    rounds = songs_of_visitors(arguments.visitors, arguments.rounds)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "server.log")
        server.start()
        try:
            process = psutil.Process(server.process.pid)
            is_right = asyncio.run(visits(server.address, rounds, process))
        finally:
            server.stop()
    sys.exit(not is_right)


if __name__ == "__main__":
    main()
