"""Many songs into one table: resuming, broken files, and both engines."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas
import pyarrow.parquet
import pytest

from model.analysis import analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.cli import main
from model.constants import GENRES, MAX_UPLOAD_BYTES
from model.networks.assembled import load_classifier
from model.networks.shipped import DEFAULT_MODEL, read_card
from model.songs import files, resume
from model.songs.meanings import MEANINGS
from model.songs.names import path_of
from model.songs.row import row_of_song
from model.songs.table import COLUMNS, only_writer
from tests.model.songs.conftest import SOUNDS
from tests.model.songs.scanning import scan, table


def test_every_song_gets_a_row(network, folder, out, capsys):
    rows = scan(folder, out)
    assert list(rows.index) == ["B side/d.wav", "B side/é.wav", "a.wav", "b.WAV", "c.wav"]
    assert [rows.index.name, *rows.columns] == list(COLUMNS)
    assert rows.genre.to_dict() == dict.fromkeys(rows.index, "rock") | {"b.WAV": "metal"}
    np.testing.assert_allclose(rows[list(GENRES)].sum(axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(rows.probability, rows[list(GENRES)].max(axis=1))
    assert (rows.second_probability < rows.probability).all()
    assert rows.seconds.to_list() == [4.0] * 5
    assert rows.windows.to_list() == [1] * 5
    assert rows.bytes["b.WAV"] == len(SOUNDS["metal"])
    assert rows.error.isna().all()
    assert set(rows.model_sha256) == {read_card(DEFAULT_MODEL)["sha256"]}
    said = capsys.readouterr()
    assert said.out == f"Rows in {out}: 5. Songs that could not be heard: 0.\n"
    assert said.err.startswith("Songs found: 5, of which are done already: 0\n")
    assert said.err.endswith("5 of 5, 0 min 0 s left\n")


def test_a_row_says_what_the_network_says(tmp_path, wav_bytes):
    (tmp_path / "song.wav").write_bytes(wav_bytes)
    rows = scan(tmp_path, tmp_path / "out.parquet")
    analysis = analyse(prepare(decode(wav_bytes)), load_classifier())
    np.testing.assert_allclose(
        rows.loc["song.wav", list(GENRES)].astype(float), analysis.verdict.probabilities, atol=1e-4
    )
    assert rows.genre["song.wav"] == analysis.verdict.top


def test_csv_and_parquet_say_the_same(network, folder, tmp_path):
    (folder / 'broken, "new" line.wav').write_bytes(b"no sound")
    parquet = scan(folder, tmp_path / "rows.parquet")
    csv = scan(folder, tmp_path / "rows.csv")
    pandas.testing.assert_frame_equal(csv, parquet, check_dtype=False)
    verdicts = network.verdicts
    assert scan(folder, tmp_path / "rows.csv").equals(csv), "a CSV is resumed too"
    assert network.verdicts == verdicts


def test_a_table_says_what_its_columns_hold(network, folder, tmp_path):
    scan(folder, tmp_path / "rows.parquet")
    schema = pyarrow.parquet.read_schema(tmp_path / "rows.parquet")
    told = {field.name: field.metadata[b"description"].decode() for field in schema}
    assert list(told) == list(COLUMNS) == list(MEANINGS)
    assert all(told.values())
    # CSV has no place for that: a file beside it has.
    rows = scan(folder, tmp_path / "rows.csv")
    beside = tmp_path / "rows.columns.csv"
    assert dict(pandas.read_csv(beside).to_numpy()) == told
    beside.write_text("mine")
    assert scan(folder, tmp_path / "rows.csv").equals(rows)
    assert beside.read_text() == "mine"


def test_a_broken_file_costs_one_row(network, folder, out, capsys):
    (folder / "broken.mp3").write_bytes(b"these are words, not sounds" * 99)
    (folder / "empty.flac").touch()
    (folder / "nowhere.ogg").symlink_to(folder / "missing.ogg")
    with (folder / "long.wav").open("wb") as file:
        file.truncate(MAX_UPLOAD_BYTES + 1)
    os.mkfifo(folder / "pipe.wav")
    (folder / ".hidden.mp3").write_bytes(b"")
    (folder / "notes.txt").write_text("no song")
    rows = scan(folder, out)
    errors = rows.error.dropna()
    assert len(rows) == 9
    assert set(errors.index) == {"broken.mp3", "empty.flac", "nowhere.ogg", "long.wav"}
    assert "empty" in errors["empty.flac"]
    assert "audio" in errors["broken.mp3"]
    assert "No such file" in errors["nowhere.ogg"]
    assert "25 MB" in errors["long.wav"]
    assert rows.genre[errors.index].isna().all()
    assert rows.genre.notna().sum() == network.verdicts == 5
    assert "could not be heard: 4, and the column error says why." in capsys.readouterr().out


def test_a_fault_of_ours_costs_one_row_and_is_tried_again(network, folder, out, monkeypatch):
    def fail(data, classifier):
        if data == SOUNDS["metal"]:
            raise RuntimeError("out of luck")
        return row_of_song(data, classifier)

    monkeypatch.setattr(files, "row_of_song", fail)
    rows = scan(folder, out)
    assert rows.error.dropna().to_dict() == {
        "b.WAV": "This file could not be heard (RuntimeError: out of luck)."
    }
    monkeypatch.setattr(files, "row_of_song", row_of_song)
    rows = scan(folder, out)
    assert rows.error.isna().all()
    assert network.verdicts == 5


def test_only_what_is_new_or_has_changed_is_heard(network, folder, out):
    (folder / "broken.mp3").write_bytes(b"no sound" * 99)
    before = scan(folder, out)
    assert scan(folder, out).equals(before)
    assert network.verdicts == 5
    (folder / "a.wav").write_bytes(SOUNDS["metal"])  # of the same size
    (folder / "c.wav").unlink()
    (folder / "new.wav").write_bytes(SOUNDS["rock"])
    after = scan(folder, out)
    assert network.verdicts == 7
    assert after.genre["a.wav"] == "metal"
    assert set(after.index) == set(before.index) - {"c.wav"} | {"new.wav"}


def test_another_network_hears_everything_again(classifier, network, folder, out, monkeypatch):
    scan(folder, out)
    other = replace(classifier, sha256="f" * 64)
    monkeypatch.setattr(files, "load_classifier", lambda _: other)
    monkeypatch.setattr(resume, "read_card", lambda _: {"sha256": "f" * 64})
    assert set(scan(folder, out).model_sha256) == {"f" * 64}
    assert network.verdicts == 10


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Let Ctrl-C be heard, which a shell makes those ignore that it starts in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_an_interrupted_run_keeps_its_rows_and_goes_on(network, folder, out, monkeypatch, capsys):
    predict, stopped = network.predict_on_batch, threading.Event()
    main_thread = threading.get_ident()

    def interrupt_at_the_third(batch):
        if network.verdicts == 2:
            # As Ctrl-C does, to a main thread that waits; and no song is done before it wakes.
            signal.pthread_kill(main_thread, signal.SIGINT)
            stopped.wait(10)
        return predict(batch)

    monkeypatch.setattr(network, "predict_on_batch", interrupt_at_the_third)
    with pytest.raises(SystemExit) as ended:
        main(["scan", str(folder), "--out", str(out), "--workers", "1"])
    stopped.set()
    assert ended.value.code == 130
    assert "goes on from there" in capsys.readouterr().err
    kept = table(out)
    assert len(kept) in {2, 3}
    monkeypatch.setattr(network, "predict_on_batch", predict)
    for thread in threading.enumerate():
        if thread.name.startswith("ThreadPool"):
            thread.join(timeout=0.5)  # the song that was being heard
    network.verdicts = 0
    rows = scan(folder, out)
    assert len(rows) == 5
    assert network.verdicts == 5 - len(kept)
    assert rows.loc[kept.index].equals(kept)


def test_rows_are_saved_on_the_way(network, folder, out, monkeypatch):
    """So that a process that is killed loses little."""
    monkeypatch.setattr(resume, "SAVE_SECONDS", 0.0)
    predict, lengths = network.predict_on_batch, []

    def look(batch):
        lengths.append(len(table(out)))
        return predict(batch)

    monkeypatch.setattr(network, "predict_on_batch", look)
    scan(folder, out, "--workers", "1")
    assert lengths[0] == 0
    assert lengths[-1] >= 3
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_two_workers_find_what_one_finds(network, folder, tmp_path):
    one = scan(folder, tmp_path / "one.parquet", "--workers", "1")
    two = scan(folder, tmp_path / "two.parquet", "--workers", "2")
    pandas.testing.assert_frame_equal(one, two)


def test_a_cluster_finds_what_threads_find(network, folder, tmp_path):
    distributed = pytest.importorskip("distributed")
    (folder / "broken.mp3").write_bytes(b"no sound" * 99)
    threads = scan(folder, tmp_path / "threads.parquet")
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address=None,
    ) as cluster:
        rows = scan(folder, tmp_path / "cluster.parquet", "--cluster", cluster.scheduler_address)
    pandas.testing.assert_frame_equal(rows, threads)
    assert network.verdicts == 10


def test_a_cluster_without_its_package_says_what_to_install(
    network, folder, out, monkeypatch, capsys
):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["scan", str(folder), "--out", str(out), "--cluster", "tcp://127.0.0.1:1"]) == 2
    assert "pip install distributed==" in capsys.readouterr().err


def test_what_is_there_already_is_not_overwritten(network, folder, out, tmp_path, capsys):
    scan(folder, out)
    other = tmp_path / "other"
    other.mkdir()
    (other / "z.wav").write_bytes(SOUNDS["rock"])
    mine = tmp_path / "mine.csv"
    mine.write_text("name,price\nbread,2\n")
    no_table = tmp_path / "no.parquet"
    no_table.write_bytes(b"PAR")
    for path in (out, mine, no_table):
        before = path.read_bytes()
        assert main(["scan", str(other), "--out", str(path)]) == 2
        assert "It is left as it is" in capsys.readouterr().err
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "words"), [("missing", "No such file"), ("", "There are no audio files")]
)
def test_a_folder_without_songs_is_said(tmp_path, capsys, name, words):
    assert main(["scan", str(tmp_path / name), "--out", str(tmp_path / "out.csv")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("options", [("--out", "x.xlsx"), ("--out", "x.csv", "--workers", "0")])
def test_options_out_of_range_end_with_2(tmp_path, options):
    with pytest.raises(SystemExit) as ended:
        main(["scan", str(tmp_path), *options])
    assert ended.value.code == 2


def test_rows_of_a_missing_folder_are_kept(network, folder, out, capsys):
    before = scan(folder, out)
    away = folder.parent / "away"
    (folder / "B side").rename(away)
    capsys.readouterr()
    (folder / "c.wav").unlink()
    assert scan(folder, out).equals(before.drop(index="c.wav")), "only what is known to be gone"
    assert "kept as they were: 2, in B side." in capsys.readouterr().out
    (folder / "B side").mkdir()  # as the place of a disk that is not attached
    assert scan(folder, out).equals(before.drop(index="c.wav"))
    (folder / "B side").rmdir()
    away.rename(folder / "B side")
    assert scan(folder, out).equals(before.drop(index="c.wav"))
    assert network.verdicts == 5, "nothing was heard twice"
    (folder / "B side" / "d.wav").unlink()
    assert "B side/d.wav" not in scan(folder, out).index


def test_a_row_that_was_not_finished_is_not_kept(network, folder, out, monkeypatch):
    def fail(data, classifier):
        raise RuntimeError("out of luck")

    monkeypatch.setattr(files, "row_of_song", fail)
    scan(folder, out)
    (folder / "B side").rename(folder.parent / "away")
    monkeypatch.setattr(files, "row_of_song", row_of_song)
    assert set(scan(folder, out).index) == {"a.wav", "b.WAV", "c.wav"}


def test_the_second_scan_into_one_table_is_refused(network, folder, out, capsys):
    before = scan(folder, out)
    (folder / "new.wav").write_bytes(SOUNDS["rock"])
    capsys.readouterr()
    with only_writer(out):
        assert main(["scan", str(folder), "--out", str(out)]) == 2
        assert "Another scan is writing to" in capsys.readouterr().err
        assert table(out).equals(before)
        # Another table in the same folder is free.
        scan(folder, out.with_name("other.parquet"))
    assert "new.wav" in scan(folder, out).index
    assert {path.name for path in out.parent.iterdir()} == {out.name, "other.parquet"}


def test_a_lock_that_a_killed_scan_left_behind_holds_nobody_up(network, folder, out):
    out.parent.mkdir()
    (out.parent / f".{out.name}.lock").touch()
    scan(folder, out)
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_files_are_songs_by_their_content(network, folder, out, capsys):
    (folder / "no ending").write_bytes(SOUNDS["rock"])
    (folder / "take 3.part").write_bytes(SOUNDS["metal"])
    (folder / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(400))
    (folder / "notes.txt").write_text("no song")
    (folder / ".hidden.wav").write_bytes(SOUNDS["rock"])
    os.mkfifo(folder / "pipe.wav")
    rows = scan(folder, out)
    assert rows.genre["no ending"] == "rock"
    assert rows.genre["take 3.part"] == "metal"
    assert len(rows) == 7
    assert (
        "Files left out: 4 (hidden 1, pipes and devices 1, without sound 2)\n"
        in capsys.readouterr().err
    )


def test_folders_that_are_not_looked_into_are_named(network, folder, out, monkeypatch, capsys):
    (folder / "again").symlink_to(folder / "B side")
    (folder / "locked").mkdir()
    (folder / "locked" / "z.wav").write_bytes(SOUNDS["rock"])
    scandir = os.scandir

    def refuse(place):  # as for a user who may not enter; these tests may run as root
        if os.fspath(place).endswith("locked"):
            raise PermissionError(13, "Permission denied", os.fspath(place))
        return scandir(place)

    monkeypatch.setattr(os, "scandir", refuse)
    rows = scan(folder, out)
    said = capsys.readouterr().err
    assert f"Not looked into: {folder / 'again'} (a link to a folder)\n" in said
    assert f"Not looked into: {folder / 'locked'} (Permission denied)\n" in said
    assert len(rows) == 5
    monkeypatch.setattr(os, "scandir", scandir)
    assert "locked/z.wav" in scan(folder, out).index
    monkeypatch.setattr(os, "scandir", refuse)
    assert "locked/z.wav" in scan(folder, out).index, "a finished row stays"
    assert network.verdicts == 6


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_names_that_are_not_utf_8_are_told_apart(network, folder, out, ending):
    names = [b"caf\xe9.wav", b"caf\xe8.wav", "café.wav".encode(), rb"caf\xe9.wav", b"\xff/a.wav"]
    (folder / os.fsdecode(b"\xff")).mkdir()
    for name in names:
        (folder / os.fsdecode(name)).write_bytes(SOUNDS["rock"])
    out = out.with_suffix(ending)
    rows = scan(folder, out)
    assert len(rows) == 10
    assert {os.fsencode(path_of(file)) for file in rows.index} >= set(names)
    assert rows.genre.notna().all()
    assert scan(folder, out).equals(rows)
    assert network.verdicts == 10, "the second run finds every row again"
