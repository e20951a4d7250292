"""The command line, as a user meets it."""

import io
import json
import wave

import numpy as np
import pytest
from matplotlib import image

from model.cli import main
from model.constants import GENRES, SAMPLE_RATE


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


def test_a_start_behind_the_end_is_refused(song, tmp_path, capsys):
    assert main(["explain", str(song), "--start", "60", "--out", str(tmp_path)]) == 2
    assert "Choose a start" in capsys.readouterr().err


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
