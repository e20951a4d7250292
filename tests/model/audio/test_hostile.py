"""Files made to break a decoder: each becomes a clip or an AudioError, in time and memory.

The inputs are drawn from a seeded generator: containers x cuts, flips, junk before and
behind, doubled files and forged headers. 100 of them run always; 1,900 more are `long`.
"""

import gc
import multiprocessing
import os
import resource
import struct
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from model.audio.clip import AudioError, decode
from model.constants import DECODER_TIMEOUT_SECONDS, MAX_SECONDS, MIN_SECONDS
from tests.model.audio.audio_files import CONTAINERS, dsdiff, dsf, run_ffmpeg, tone

INPUTS = 100
LONG_INPUTS = 2_000
BATCH = 50

# Both decoders may use up their time, on a machine that is busy with other things.
SECONDS_EACH = 3 * DECODER_TIMEOUT_SECONDS

# 10 minutes of the result are 53 MB, and twice that while its pieces are joined.
MEMORY_EACH = 200 * 2**20
FFMPEG_MEMORY = 600 * 2**20

Change = Callable[[bytes, np.random.Generator], bytes]


def cut(data: bytes, generator: np.random.Generator) -> bytes:
    """End anywhere, and half of the time within the header."""
    limit = len(data) if generator.random() < 0.5 else min(2_000, len(data))
    return data[: int(generator.integers(0, limit))]


def cut_from_the_middle(data: bytes, generator: np.random.Generator) -> bytes:
    start, end = sorted(generator.integers(0, len(data), 2))
    return data[:start] + data[end:]


def flip(data: bytes, generator: np.random.Generator) -> bytes:
    """Change a few bytes, in the header alone or everywhere."""
    changed = np.frombuffer(data, np.uint8).copy()
    limit = len(data) if generator.random() < 0.5 else min(400, len(data))
    count = int(2 ** generator.uniform(0, 12 if limit > 400 else 5))
    changed[generator.integers(0, limit, count)] = generator.integers(0, 256, count)
    return changed.tobytes()


def junk_before(data: bytes, generator: np.random.Generator) -> bytes:
    return generator.bytes(int(2 ** generator.uniform(0, 17))) + data


def junk_behind(data: bytes, generator: np.random.Generator) -> bytes:
    return data + generator.bytes(int(2 ** generator.uniform(0, 17)))


def double(data: bytes, generator: np.random.Generator) -> bytes:
    """Join it to itself, at its end or somewhere inside."""
    where = len(data) if generator.random() < 0.5 else int(generator.integers(0, len(data)))
    return data[:where] + data


def forge(data: bytes, generator: np.random.Generator) -> bytes:
    """Write absurd numbers where a header has some."""
    changed = bytearray(data)
    for _ in range(int(generator.integers(1, 4))):
        layout = str(generator.choice(["<H", "<I", ">H", ">I", "<Q", ">Q"]))
        bits = 8 * struct.calcsize(layout)
        absurd = (0, 1, 2 ** (bits - 1) - 1, 2 ** (bits - 1), 2**bits - 1)
        value = absurd[int(generator.integers(len(absurd)))]
        struct.pack_into(
            layout, changed, int(generator.integers(4, min(200, len(data) - 8))), value
        )
    return bytes(changed)


def tag_before(data: bytes, generator: np.random.Generator) -> bytes:
    """Put a tag before it that lies about its size."""
    size = generator.integers(0, 128, 4, np.uint8).tobytes()
    return b"ID3\x04\0\0" + size + generator.bytes(int(generator.integers(0, 5_000))) + data


CHANGES = (*(cut, cut_from_the_middle, flip, junk_before, junk_behind, double, forge, tag_before),)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One sound file of each kind, 4 s long."""
    folder = tmp_path_factory.mktemp("originals")
    source = ("-f", "lavfi", "-i", "anoisesrc=duration=4:sample_rate=44100:amplitude=0.3:seed=1")
    made = {
        name: run_ffmpeg(folder, *source, "-ac", "2", *options)
        for name, options in CONTAINERS.items()
    }
    rate = 64 * 44_100
    return made | {"dsf": dsf(tone(3.5, rate), rate), "dsdiff": dsdiff(tone(3.5, rate), rate)}


def hostile(number: int, originals: dict[str, bytes]) -> tuple[str, bytes]:
    """Draw the input with this number: what was done to what, and the result."""
    generator = np.random.default_rng([12, number])
    name = list(originals)[number % len(originals)]
    data, story = originals[name], name
    for _ in range(int(generator.integers(1, 3))):
        change = CHANGES[int(generator.integers(len(CHANGES)))]
        if len(data) > 300:
            data, story = change(data, generator), f"{story}, {change.__name__}"
    return f"{number}: {story}", data


@pytest.fixture(scope="module")
def decoder_process() -> Iterator[ProcessPoolExecutor]:
    """A process that decodes and does nothing else.

    A program's largest memory, as the system counts it, begins with that of the process which
    starts it, so it means something only where that one is small.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as process:
        yield process


def check(number: int, originals: dict[str, bytes]) -> None:
    """Decode one; anything but a sound clip or an error for the user fails."""
    story, data = hostile(number, originals)
    gc.collect()
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    start = time.monotonic()
    try:
        clip = decode(data)
    except AudioError as error:
        assert error.code, story
        assert str(error).endswith("."), story
    else:
        assert np.isfinite(clip.waveform).all(), story
        assert MIN_SECONDS * 0.99 <= clip.seconds <= MAX_SECONDS, story
    assert time.monotonic() - start < SECONDS_EACH, story
    _, peak = tracemalloc.get_traced_memory()
    assert peak - before < MEMORY_EACH, f"{story}: {(peak - before) / 2**20:.0f} MB"


def check_all(numbers: range, originals: dict[str, bytes], complaints: Path) -> int:
    """Decode these in a process of their own.

    Returns
    -------
    int
        Memory of the largest decoder that was started, in bytes. What decoders write to the
        terminal goes to the file of complaints.
    """
    with complaints.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    gc.freeze()  # what was imported, through which every collection would go
    tracemalloc.start()
    try:
        for number in numbers:
            check(number, originals)
    finally:
        tracemalloc.stop()
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024  # Linux counts kB


@pytest.mark.parametrize(
    "batch",
    [
        pytest.param(start, marks=pytest.mark.long if start >= INPUTS else ())
        for start in range(0, LONG_INPUTS, BATCH)
    ],
)
def test_a_clip_or_an_error_in_time_and_memory(
    batch: int,
    originals: dict[str, bytes],
    decoder_process: ProcessPoolExecutor,
    tmp_path: Path,
) -> None:
    complaints = tmp_path / "complaints"
    work = decoder_process.submit(check_all, range(batch, batch + BATCH), originals, complaints)
    assert work.result() < FFMPEG_MEMORY
    # Decoders complain to the log of their run, or not at all.
    assert complaints.read_bytes() == b""


def test_the_generator_draws_the_same_again(originals: dict[str, bytes]) -> None:
    assert hostile(7, originals) == hostile(7, originals)
    assert len({hostile(number, originals)[1] for number in range(60)}) == 60


@pytest.mark.parametrize("damage", ["header", "everywhere"])
def test_damaged_mp3s_leave_the_terminal_alone(
    damage: str, originals: dict[str, bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    """libmpg123, which soundfile would use, writes a line for every frame it cannot read."""
    generator = np.random.default_rng(3)
    changed = np.frombuffer(originals["mp3"], np.uint8).copy()
    limit = 3_000 if damage == "header" else len(changed)
    changed[generator.integers(500, limit, 300)] = generator.integers(0, 256, 300)
    for data in (changed.tobytes(), originals["wav with MP3"][:60] + changed.tobytes()):
        with suppress(AudioError):
            decode(data)
    assert capfd.readouterr() == ("", "")
