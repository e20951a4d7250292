"""File names as text: told apart, and found again."""

import os
from pathlib import Path

import pytest

from model.songs.names import path_of, text_of

NAMES = [
    b"plain.mp3",
    "Björk/Jóga.flac".encode(),
    b"caf\xe9.mp3",
    b"caf\xe8.mp3",
    rb"caf\xe9.mp3",
    rb"caf\x5cxe9.mp3",
    rb"back\slash.mp3",
    rb"\x\xe9",
    b"\\\xe9",
    b"\xed\xb3\xa9",  # what Python's surrogate for E9 would be in UTF-8
    b"new\nline",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_again(name):
    text = text_of(os.fsdecode(name))
    assert text.encode()  # no surrogates
    assert os.fsencode(path_of(text)) == name


def test_no_two_names_have_one_text():
    assert len({text_of(os.fsdecode(name)) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", ["plain.mp3", "Jóga.flac", "back\\slash", "カフェ", "\\xyz"])
def test_a_name_that_is_text_stays_as_it_is(name):
    assert text_of(Path(name)) == name
