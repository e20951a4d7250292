"""The contributor docs name what there is."""

import re
from pathlib import Path

import pytest

from model.constants import (
    DECODER_TIMEOUT_SECONDS,
    MAX_CHANNELS,
    MAX_SAMPLE_RATE,
    MAX_SECONDS,
    MAX_UPLOAD_BYTES,
    MIN_SAMPLE_RATE,
    MIN_SECONDS,
)
from pages.session.song_list import KEPT_BYTES, LONGEST
from tools.rooms import LAYERS, PAGE_LAYERS

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted((ROOT / ".github").glob("*.md"))
# Places that a reader makes by following a recipe, or that a command writes.
TO_BE_MADE = re.compile(r"NAME|FOLDER|^(runs|out)/")


def words_in_code(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_the_files_and_folders_that_are_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    top = {entry.name for entry in ROOT.iterdir()} - {"out", "runs"}
    named = [
        word
        for word in words_in_code(text)
        if re.fullmatch(r"[\w.-]+(/[\w.*-]+)*/?", word)
        and word.split("/")[0] in top
        and not TO_BE_MADE.search(word)
    ]
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert named or links or path.name == "pull_request_template.md"
    assert not [word for word in named if not any(ROOT.glob(word))]
    assert not [link for link in links if not (path.parent / link).exists()]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_the_make_targets_that_are_named_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", path.read_text(), re.MULTILINE))
    assert named <= targets


def test_every_room_has_its_line() -> None:
    text = (ROOT / ".github" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (\d) \| `(model|pages)/(\w+)(?:\.py|/)` \|", text, re.MULTILINE)
    told = {(top, room): int(floor) for floor, top, room in lines}
    rooms = {("model", room): floor for room, floor in LAYERS.items() if not room.startswith("__")}
    assert told == rooms | {("pages", room): floor for room, floor in PAGE_LAYERS.items()}


def test_the_limits_are_those_of_the_code() -> None:
    text = (ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8")
    for limit in (
        f"| {MAX_UPLOAD_BYTES // 2**20} MB: ",
        f"| the first {MAX_SECONDS / 60:.0f} minutes are read; at least {MIN_SECONDS:.0f} s are",
        f"| {MIN_SAMPLE_RATE / 1000:g} to {MAX_SAMPLE_RATE / 1000:.1f} kHz, ",
        f"| Channels | {MAX_CHANNELS} |",
        f"| {DECODER_TIMEOUT_SECONDS:.0f} s |",
        f"| {LONGEST} songs a visitor; ",
        f"up to {KEPT_BYTES // 2**20} MB",
    ):
        assert limit in text, limit
