"""Ctrl-C, at the moments at which it is hardest to answer."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas
import psutil
import pytest

from model import __main__ as command_line
from model.songs import workers
from tests.pages.driving import ROCK, tone_wav

ROOT = Path(__file__).resolve().parents[3]
# Long enough to tell an end that was asked for from one that came by itself.
STUCK = 60  # s
# Far less than that, and long enough for a busy machine to clear a process away.
GONE = 10  # s

# Runs the command line after some changes, which make it wait.
DRIVER = """
import runpy, signal, sys, time
# Which those ignore that a shell has started in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
# The last resort, which ends a command without a word, waits longer where tests keep it busy.
rest = time.sleep
time.sleep = lambda seconds: rest(4 * seconds if seconds == {patience} else seconds)
{changes}
sys.argv[1:] = {arguments!r}
runpy.run_module("model", run_name="__main__", alter_sys=True)
"""
LOADING = f"""
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "model.cli":
            print("waits", file=sys.stderr, flush=True)
            time.sleep({STUCK})
sys.meta_path.insert(0, Finder())
"""
# The longer of two songs takes its time.
HEARING = f"""
from model.songs import files
files.load_classifier = lambda name: None
def row(data, classifier):
    if len(data) > 200_000:
        print("waits", file=sys.stderr, flush=True)
        time.sleep({STUCK})
    return {{"genre": "rock"}}
files.row_of_song = row
"""
DECODING = """
from model.songs import files
from model.networks.classifier import Classifier
class Known:
    name, sha256 = "a", "b"
files.load_classifier = lambda name: Known
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    (folder / "a.wav").write_bytes(tone_wav(ROCK, 3.0))
    (folder / "b.wav").write_bytes(tone_wav(ROCK, 30.0))
    return folder


@pytest.fixture
def slow_ffmpeg(tmp_path) -> dict[str, str]:
    """The environment in which ffmpeg says that it waits, and does."""
    programs = tmp_path / "programs"
    programs.mkdir()
    script = f"#!/bin/sh\necho $$ > {tmp_path}/pid\necho waits > {tmp_path}/waits\nsleep {STUCK}\n"
    (programs / "ffmpeg").write_text(script)
    (programs / "ffmpeg").chmod(0o755)
    (tmp_path / "scratch").mkdir()
    return {"PATH": f"{programs}:{os.environ['PATH']}", "TMPDIR": str(tmp_path / "scratch")}


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command line in a process of its own, and leaves none behind."""
    started: list[subprocess.Popen[str]] = []

    def start(changes: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                DRIVER.format(
                    changes=changes, arguments=list(arguments), patience=command_line._PATIENCE
                ),
            ],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_for(process: subprocess.Popen[str]) -> str:
    """Read what it says until it waits."""
    assert process.stderr is not None
    said = ""
    while "waits" not in said:
        line = process.stderr.readline()
        assert line, f"it ended: {said}"
        said += line
    return said


def stop(process: subprocess.Popen[str], times: int) -> str:
    """Press Ctrl-C; what it then says."""
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
    _, said = process.communicate(timeout=STUCK / 2)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "Exception" not in said
    return said


def test_the_limits_leave_three_seconds():
    assert workers.GRACE_SECONDS + 1 <= command_line._PATIENCE < 3


@pytest.mark.parametrize("times", [1, 2])
def test_while_it_loads(start, times):
    process = start(LOADING, "explain", "song.mp3")
    wait_for(process)
    assert stop(process, times) == "Stopped.\n"


@pytest.mark.parametrize("times", [1, 2])
def test_while_songs_are_heard(start, folder, tmp_path, times):
    out = tmp_path / "out.csv"
    process = start(HEARING, "scan", str(folder), "--out", str(out), "--workers", "1")
    wait_for(process)
    assert f"What is done is in {out}" in stop(process, times)
    assert set(pandas.read_csv(out).file) <= {"a.wav"}
    assert {path.name for path in tmp_path.iterdir()} == {"music", "out.csv", "out.columns.csv"}


def test_while_ffmpeg_decodes_for_a_scan(start, tmp_path, slow_ffmpeg):
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "a.m4a").write_bytes(b"no sound" * 99)
    out = tmp_path / "out.csv"
    process = start(DECODING, "scan", str(tmp_path / "music"), "--out", str(out), **slow_ffmpeg)
    wait_for_ffmpeg(process, tmp_path)
    assert f"What is done is in {out}" in stop(process, 1)
    assert_ffmpeg_is_gone(tmp_path)


def test_while_ffmpeg_decodes_for_an_explanation(start, tmp_path, slow_ffmpeg):
    (tmp_path / "a.m4a").write_bytes(b"no sound" * 99)
    process = start("", "explain", str(tmp_path / "a.m4a"), **slow_ffmpeg)
    wait_for_ffmpeg(process, tmp_path)
    assert stop(process, 2).endswith("Stopped.\n")
    assert_ffmpeg_is_gone(tmp_path)


def wait_for_ffmpeg(process: subprocess.Popen[str], folder: Path) -> None:
    for _ in range(20 * STUCK):
        if (folder / "waits").exists():
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    pytest.fail("ffmpeg was not called")


def has_ended(pid: int) -> bool:
    """Whether a process is no more, or nobody has asked yet how it ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def assert_ffmpeg_is_gone(folder: Path) -> None:
    pid = int((folder / "pid").read_text())
    # Who killed it may be gone before the system has cleared it away.
    for _ in range(20 * GONE):
        if has_ended(pid):
            break
        time.sleep(0.05)
    else:
        pytest.fail(f"ffmpeg still runs after {GONE} s")
    assert list((folder / "scratch").glob("earmark-*")) == []
