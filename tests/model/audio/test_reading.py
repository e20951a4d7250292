"""Files, pipes and devices, bounded."""

import os
import threading
from pathlib import Path

import pytest

from model.audio import reading
from model.audio.clip import AudioError
from model.audio.reading import read_file
from model.constants import MAX_UPLOAD_BYTES


def test_a_file_is_read_whole(tmp_path):
    data = os.urandom(3 * 2**20 + 1)
    (tmp_path / "a").write_bytes(data)
    assert read_file(tmp_path / "a") == data


def test_the_size_of_a_file_is_looked_at_before_it_is_read(tmp_path, monkeypatch):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(50 * 2**30)
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("was read"))
    with pytest.raises(AudioError, match=r"has 51200\.0 MB; at most 25 MB") as caught:
        read_file(tmp_path / "large")
    assert caught.value.code == "too-large"


def test_a_device_without_end_is_bounded():
    with pytest.raises(AudioError, match="more than 25 MB") as caught:
        read_file(Path("/dev/zero"))
    assert caught.value.code == "too-large"
    assert read_file(Path("/dev/null")) == b""


def test_a_pipe_is_read_to_its_end(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    data = os.urandom(300_000)
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(data,))
    writer.start()
    assert read_file(tmp_path / "pipe") == data
    writer.join()


@pytest.mark.parametrize(("limit", "words"), [("QUIET", "Nothing came"), ("TOTAL", "did not end")])
def test_a_pipe_into_which_nobody_writes_is_given_up(tmp_path, monkeypatch, limit, words):
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(reading, f"{limit}_SECONDS", 0.1)
    with pytest.raises(AudioError, match=words) as caught:
        read_file(tmp_path / "pipe")
    assert caught.value.code == "timeout"


def test_a_pipe_that_never_ends_is_bounded(tmp_path):
    reader, writer = os.pipe()
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            os.write(writer, bytes(2**16))

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    with pytest.raises(AudioError, match="more than 25 MB"):
        read_file(Path(f"/dev/fd/{reader}"))
    ended.set()
    os.read(reader, 2**16)  # lets a write go on that waits
    thread.join()
    os.close(reader)
    os.close(writer)


def test_a_folder_and_a_missing_file_are_named(tmp_path):
    for path, error in ((tmp_path, IsADirectoryError), (tmp_path / "none", FileNotFoundError)):
        with pytest.raises(error) as caught:
            read_file(path)
        assert caught.value.filename == str(path) or caught.value.filename == path


def test_a_file_at_the_limit_is_read(tmp_path):
    with (tmp_path / "limit").open("wb") as file:
        file.truncate(MAX_UPLOAD_BYTES)
    assert len(read_file(tmp_path / "limit")) == MAX_UPLOAD_BYTES
