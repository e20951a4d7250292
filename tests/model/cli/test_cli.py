"""The command line, as a user meets it."""

import io
import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from matplotlib import image

from model.audio.clip import encode_wav
from model.cli import _COMMANDS, main
from model.cli.explain import kept_in_words
from model.constants import GENRES, SAMPLE_RATE

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def song(tmp_path, wav_bytes):
    path = tmp_path / "song.wav"
    path.write_bytes(wav_bytes)
    return path


def waveform(path) -> np.ndarray:
    with wave.open(io.BytesIO(path.read_bytes())) as file:
        assert file.getframerate() == SAMPLE_RATE
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 2**15


@pytest.mark.parametrize("method", ["fine", "cam", "crm"])
def test_explain_writes_the_verdict_and_its_evidence(song, tmp_path, capsys, method):
    out = tmp_path / "out"
    arguments = ["explain", str(song), "--method", method, "--class", "jazz", "--out", str(out)]
    assert main([*arguments, "--threshold", "0.3"]) == 0
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert result["file"] == str(song)
    assert result["seconds"] == pytest.approx(6.0)
    assert result["sample_rate"] == SAMPLE_RATE
    assert set(result["probabilities"]) == set(GENRES)
    assert sum(result["probabilities"].values()) == pytest.approx(1.0, abs=1e-5)
    assert result["top"] == max(result["probabilities"], key=result["probabilities"].get)
    assert (result["class"], result["method"], result["threshold"]) == ("jazz", method, 0.3)
    assert set(result["model"]) == {"name", "sha256"}

    relevance = np.load(out / "relevance.npy")
    assert relevance.dtype == np.float32
    assert relevance.shape == (128, 259)
    kept, rest = waveform(out / "kept.wav"), waveform(out / "rest.wav")
    np.testing.assert_allclose(kept + rest, waveform(song), atol=3 / 2**15)
    assert image.imread(out / "picture.png").shape[:2] == (1181, 2125)
    assert result["top"] in capsys.readouterr().out


def test_without_a_class_the_winner_is_explained(song, tmp_path):
    assert main(["explain", str(song), "--out", str(tmp_path)]) == 0
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert result["class"] == result["top"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"these are words, not sounds" * 99, "audio"),
        (None, "No such file"),
    ],
)
def test_bad_input_ends_with_2_and_a_message(tmp_path, capsys, content, words):
    path = tmp_path / "bad.mp3"
    if content is not None:
        path.write_bytes(content)
    assert main(["explain", str(path), "--out", str(tmp_path / "out")]) == 2
    message = capsys.readouterr().err
    assert words in message
    assert "Traceback" not in message
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", [("--threshold", "2"), ("--method", "x"), ("--class", "polka")])
def test_options_out_of_range_end_with_2(song, option):
    with pytest.raises(SystemExit) as caught:
        main(["explain", str(song), *option])
    assert caught.value.code == 2


def test_what_is_hardly_to_be_heard_is_said():
    little = kept_in_words(0.0009)
    assert little.startswith("kept under 1 % of the energy")
    assert "A lower --threshold keeps more" in little
    assert kept_in_words(0.0).startswith("kept 0 % of the energy, which is hardly to be heard")
    assert kept_in_words(0.314) == "kept 31 % of the energy."


def test_a_start_behind_the_end_is_refused(song, tmp_path, capsys):
    assert main(["explain", str(song), "--start", "60", "--out", str(tmp_path)]) == 2
    assert "Choose a start" in capsys.readouterr().err


def test_where_the_beginning_is_silent_the_message_names_a_start(tmp_path, capsys, music):
    silence = np.zeros(40 * SAMPLE_RATE, np.float32)
    path = tmp_path / "late.wav"
    path.write_bytes(encode_wav(np.concatenate([silence, music])))
    arguments = ["explain", str(path), "--out", str(tmp_path / "out")]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "only silence from 0.0 s to 30.0 s" in said
    assert "add --start 40." in said
    assert not (tmp_path / "out").exists()
    assert main([*arguments, "--start", "40"]) == 0


def test_a_large_file_and_a_device_without_end_are_refused(tmp_path, capsys):
    with (tmp_path / "large.wav").open("wb") as file:
        file.truncate(30 * 2**30)
    for path, words in ((tmp_path / "large.wav", "30720.0 MB"), ("/dev/zero", "more than 25 MB")):
        assert main(["explain", str(path), "--out", str(tmp_path / "out")]) == 2
        assert words in capsys.readouterr().err


# Runs the command line with a network that takes no time to load.
QUICK = """
import runpy
from model.cli import explain
from tests.model.evaluation.listeners import listener
explain.load_classifier = lambda: listener(lambda levels: 0)
runpy.run_module("model", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        pytest.param({"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, marks=pytest.mark.long),
    ],
)
def test_a_name_that_is_no_text_on_an_ascii_terminal(tmp_path, wav_bytes, environment):
    name = "Jóga ".encode() + b"caf\xe9.wav"
    (tmp_path / os.fsdecode(name)).write_bytes(wav_bytes)
    out = tmp_path / os.fsdecode(b"out\xff")
    command = [sys.executable, "-c", QUICK, "explain", str(tmp_path / os.fsdecode(name))]
    done = subprocess.run(
        [*command, "--method", "cam", "--out", str(out)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert rb"Written to " in done.stdout
    assert rb"out\xff" in done.stdout
    assert done.stdout.isascii()
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert result["file"] == str(tmp_path / "Jóga caf\\xe9.wav")


def test_a_missing_file_whose_name_is_no_text_is_named(tmp_path, capsys):
    assert main(["explain", os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.wav")]) == 2
    assert capsys.readouterr().err == (
        f"python -m model: {tmp_path}/caf\\xe9.wav: No such file or directory\n"
    )


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_answers_to_help(name, capsys):
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert f"usage: python -m model {name}" in capsys.readouterr().out


def test_help_loads_no_command():
    code = (
        "import sys; from model.cli import main\ntry: main(['--help'])\n"
        "finally: sys.exit(bool({'numpy', 'model.cli.explain'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0
    assert b"scan" in done.stdout


def test_a_folder_that_cannot_be_written_to_is_named_without_a_number(song, tmp_path, capsys):
    out = tmp_path / "taken"
    out.write_text("a file, no folder", encoding="utf-8")
    assert main(["explain", str(song), "--out", str(out)]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"python -m model: {out}: File exists"


def test_evaluate_without_data_says_what_is_missing(tmp_path, capsys):
    assert main(["evaluate", "--data", str(tmp_path)]) == 2
    message = capsys.readouterr().err
    assert "random_test" in message
    assert "--data" in message


@pytest.mark.long
@pytest.mark.data
def test_evaluate_writes_the_figures_it_prints(gtzan, tmp_path, capsys):
    report = tmp_path / "valid.json"
    arguments = ["--data", str(gtzan), "--split", "random_valid", "--json", str(report)]
    assert main(["evaluate", *arguments]) == 0
    figures = json.loads(report.read_text(encoding="utf-8"))
    assert figures["split"] == "random_valid"
    assert figures["n"] == np.sum(figures["confusion"]) == 150
    assert figures["interval"][0] < figures["accuracy"] < figures["interval"][1]
    assert f"{100 * figures['accuracy']:.1f} %" in capsys.readouterr().out


@pytest.mark.data
def test_an_unknown_split_is_refused_with_those_that_exist(gtzan, capsys):
    assert main(["evaluate", "--data", str(gtzan), "--split", "random_tset"]) == 2
    assert "random_test" in capsys.readouterr().err
