"""The Dockerfile, as far as it goes without an engine."""

import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from model.constants import GENRES
from tools.image_steps import (
    ROOT,
    Stage,
    Step,
    carry_out,
    debian_packages,
    parts,
    reaches_image,
    read_steps,
)

STEPS = read_steps((ROOT / "Dockerfile").read_text(encoding="utf-8"))
START_SECONDS = 180
BASE = "music/earmark"


def test_instructions_are_read_across_lines_and_comments():
    text = '# a comment\nRUN one \\\n    && two\n# another\nCMD ["three"]\n'
    assert read_steps(text) == [Step("RUN", "one && two"), Step("CMD", '["three"]')]
    assert parts(read_steps(text)[0]) == ["one", "two"]


def test_the_last_line_that_fits_decides_what_reaches_the_image():
    ignore = ["*", "!model", "model/data", "**/__pycache__", "!*.txt"]
    assert reaches_image("model/a.py", ignore)
    assert not reaches_image("model/data/b.npz", ignore)
    assert not reaches_image("model/deep/__pycache__/c.pyc", ignore)
    assert reaches_image("requirements.txt", ignore)
    assert not reaches_image("deep/requirements.txt", ignore)
    assert not reaches_image("tests/test_a.py", ignore)


def test_every_command_of_the_image_is_one_for_the_shell():
    commands = [step.text for step in STEPS if step.keyword == "RUN"]
    assert commands
    for command in commands:
        subprocess.run(["sh", "-n", "-c", command], check=True)


def test_packages_of_the_image_are_those_of_the_community_cloud():
    packages = debian_packages(STEPS)
    assert packages
    assert packages == (ROOT / "packages.txt").read_text(encoding="utf-8").split()


@pytest.mark.long
@pytest.mark.skipif(shutil.which("apt-cache") is None, reason="needs Debian's apt-cache")
def test_packages_of_the_image_are_known_to_debian():
    for name in debian_packages(STEPS):
        shown = subprocess.run(["apt-cache", "policy", name], check=True, capture_output=True)
        assert b"Candidate: " in shown.stdout, name


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The image as a folder, with our own environment in place of its own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        stage, _ = carry_out(Path(folder))
        for place in (stage.place("/tmp"), Path(stage.env["HOME"])):
            place.chmod(0o777)
        yield stage


def as_user(stage: Stage) -> dict[str, Any]:
    """How programs become the image's user, where that is possible."""
    other: dict[str, Any] = {"user": int(stage.user), "group": int(stage.user), "extra_groups": ()}
    python = [str(stage.place("/opt/venv/bin/python")), "-c", "import streamlit"]
    if os.geteuid() != 0:
        return {}
    try:
        subprocess.run(python, check=True, env={}, **other)
    except (OSError, subprocess.CalledProcessError):  # our own Python may be ours alone
        return {}
    return other


def test_what_reaches_the_image_is_what_the_app_needs(stage: Stage):
    app = stage.place("/app")
    assert {path.name for path in app.iterdir()} == {
        ".streamlit", "LICENSE", "app.py", "assets", "model", "pages",
    }  # fmt: skip
    assert not (app / "model" / "sample_clips").exists()
    assert list((app / "model" / "weights").glob("*.keras"))
    assert not [path for path in app.rglob("*") if path.is_symlink()]
    assert stage.user.isdecimal()
    assert stage.user != "0"


@pytest.mark.long
def test_the_image_has_all_that_its_network_needs(stage: Stage):
    code = "from model.networks.assembled import load_classifier as load; print(*load().genres)"
    command = [str(stage.place("/opt/venv/bin/python")), "-c", f"import model.__main__; {code}"]
    where: dict[str, Any] = {"cwd": stage.place("."), "env": stage.environment()}
    done = subprocess.run(command, check=True, capture_output=True, **where, **as_user(stage))
    assert done.stdout.decode().split() == list(GENRES)


@pytest.mark.long
def test_the_image_s_server_starts_and_answers_for_its_health(stage: Stage, tmp_path: Path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    # On this machine alone; and it runs the first page once, when it is asked to.
    start = [word.replace("0.0.0.0", "127.0.0.1") for word in stage.start]
    assert start != stage.start
    environment = {
        **stage.environment(),
        "PORT": str(port),
        "STREAMLIT_SERVER_BASE_URL_PATH": BASE,
        "STREAMLIT_SERVER_SCRIPT_HEALTH_CHECK_ENABLED": "true",
    }
    where: dict[str, Any] = {"cwd": stage.place("."), "env": environment, **as_user(stage)}
    log = (tmp_path / "log").open("wb")
    with log, subprocess.Popen(start, stdout=log, stderr=log, **where) as server:
        try:
            deadline = time.monotonic() + START_SECONDS
            while subprocess.run(stage.health, check=False, stderr=log, **where).returncode:
                assert server.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.5)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
            connection.request("GET", f"/{BASE}/_stcore/script-health-check")
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (200, b"ok")
            connection.close()
        finally:
            server.terminate()
