"""The measuring commands on a small data set, with a network whose verdicts are known."""

import json
from pathlib import Path

import numpy as np
import pytest

from model.audio.clip import encode_wav
from model.cli import command as shared
from model.cli import figures, main
from model.constants import GENRES, N_MELS, SAMPLE_RATE
from model.gtzan.fingerprint import record
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from tests.model.evaluation.listeners import listener

# Tracks of each genre, by their numbers.
PARTS = {"train": range(4), "valid": range(4, 6), "test": range(6, 8)}
COMMANDS = ("evaluate", "calibration", "length", "robustness")


@pytest.fixture
def data(tmp_path) -> Path:
    """Ten genres, each with a loud stripe in bands of its own; rock.00006 has that of metal."""
    folder = tmp_path / "data"
    (folder / "splits").mkdir(parents=True)
    names, codes = [], []
    for label, genre in enumerate(GENRES):
        for number in range(8):
            stripe = 6 if (genre, number) == ("rock", 6) else label
            picture = np.zeros((N_MELS, 387), np.uint8)
            picture[12 * stripe : 12 * stripe + 8] = 255
            names.append(f"{genre}.{number:05d}")
            codes.append(picture)
    np.savez(folder / "mel128.npz", mel=np.stack(codes), names=np.array(names))
    for part, numbers in PARTS.items():
        lines = "\n".join(f"{genre}.{number:05d}" for genre in GENRES for number in numbers)
        (folder / "splits" / f"random_{part}.txt").write_text(lines, encoding="utf-8")
    artists = "rock.00000\t1\nrock.00006\t1\njazz.00006\t2\n"
    (folder / "splits" / "artist_groups.tsv").write_text(artists, encoding="utf-8")
    (folder / "clips").mkdir()
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(30 * SAMPLE_RATE) / SAMPLE_RATE)
    (folder / "clips" / "rock.00006.wav").write_bytes(encode_wav(tone))
    return folder


@pytest.fixture(autouse=True)
def network(monkeypatch) -> Classifier:
    """Hears the genre whose stripe is loudest."""
    heard = listener(lambda level: min(int(level.mean(axis=1).argmax()) // 12, 9))
    heard.card["name"] = "earmark-random"
    names = {part: [f"{g}.{n:05d}" for g in GENRES for n in PARTS[part]] for part in PARTS}
    heard.card["training"] = {"tracks": record(names)}
    for module in (figures, shared):
        monkeypatch.setattr(module, "load_classifier", lambda name: heard)
    return heard


def measured(command: str, data: Path, *options: str) -> dict:
    report = data.parent / "report.json"
    assert main([command, "--data", str(data), *options, "--json", str(report)]) == 0
    return json.loads(report.read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", COMMANDS)
def test_figures_name_the_model_the_tracks_and_the_command(data, command):
    result = measured(command, data)
    assert result["model"] == {"name": "earmark-random", "sha256": "0" * 64}
    assert result["split"] == "random_test"
    assert result["command"].startswith(
        f"python -m model {command} --split random_test",
    )
    assert "--data PATH/TO/GTZAN --model earmark-random --json report.json" in result["command"]
    assert str(data.parent) not in result["command"]


def test_a_file_in_the_project_is_named_by_its_place(data, monkeypatch):
    monkeypatch.setattr(figures, "_PROJECT", data.parent.resolve())
    report = data.parent / "results" / "a.json"
    assert main(["evaluate", "--data", str(data), "--json", str(report)]) == 0
    command = json.loads(report.read_text(encoding="utf-8"))["command"]
    assert command.endswith("--json results/a.json")


def test_without_json_nothing_is_written(data, capsys):
    assert main(["evaluate", "--data", str(data)]) == 0
    assert "95.0 % of 20 tracks" in capsys.readouterr().out
    assert [path.name for path in data.parent.iterdir()] == ["data"]


def test_evaluate_gives_every_tracks_verdict_and_the_artists(data):
    result = measured("evaluate", data)
    assert (result["n"], result["accuracy"]) == (20, 0.95)
    assert np.sum(result["confusion"]) == len(result["tracks"]) == 20
    wrong = [track for track in result["tracks"] if track["genre"] != track["verdict"]]
    assert [(track["name"], track["verdict"]) for track in wrong] == [("rock.00006", "metal")]
    assert (result["artists"]["familiar"]["n"], result["artists"]["familiar"]["share"]) == (1, 0)
    assert (result["artists"]["new"]["n"], result["artists"]["unknown"]) == (1, 18)
    whole = result["parts"]["all tracks"]
    assert (whole["n"], whole["share"], whole["mean_over_genres"]) == (20, 0.95, 0.95)
    assert whole["by_artist"]["clusters"] == 20


def test_calibration_measures_before_and_with_the_temperature_of_the_card(data, network):
    network.card["temperature"] = 0.5
    result = measured("calibration", data)
    assert result["fitted_on"] == "random_valid"
    assert result["temperature"] == 0.5
    assert result["before"]["temperature"] == 1.0
    assert result["after"]["temperature"] == 0.5
    sure = np.exp(2) / (np.exp(2) + 9)
    assert result["before"]["ece"] == pytest.approx(0.95 - sure, abs=1e-4)


def test_a_temperature_is_not_judged_where_it_was_fitted(data, capsys):
    assert main(["calibration", "--data", str(data), "--split", "random_valid"]) == 2
    assert "fitted on random_valid" in capsys.readouterr().err


def test_length_measures_four_lengths(data):
    lengths = measured("length", data)["lengths"]
    assert [entry["seconds"] for entry in lengths] == [3, 5, 10, 30]
    for entry in lengths:
        assert entry["centre"]["share"] == entry["all"]["share"] == 0.95


def test_robustness_says_how_many_tracks_have_audio(data):
    result = measured("robustness", data, "--seed", "3")
    assert (result["n"], result["tracks_in_split"], result["seed"]) == (1, 20, 3)
    assert {genre: n for genre, n in result["genres"].items() if n} == {"rock": 1}
    assert len(result["conditions"]) == 9
    assert "--seed 3" in result["command"]


def test_robustness_without_audio_says_what_is_missing(data, capsys):
    (data / "clips" / "rock.00006.wav").unlink()
    assert main(["robustness", "--data", str(data)]) == 2
    assert "no full-length audio" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_tracks_that_were_learned_from_are_refused(data, capsys, command):
    assert main([command, "--data", str(data), "--split", "random_train"]) == 2
    assert "learned from 40 of the 40 tracks" in capsys.readouterr().err


def test_tracks_that_were_learned_from_are_refused_under_whatever_list(data, capsys):
    """Somebody else's lists: what they call test, the network may know."""
    (data / "splits" / "random_test.txt").write_text("pop.00006\npop.00003\n", encoding="utf-8")
    assert main(["evaluate", "--data", str(data)]) == 2
    assert "learned from 1 of the 2 tracks" in capsys.readouterr().err


def test_a_card_that_does_not_say_what_was_learned_from_is_refused(data, capsys, network):
    del network.card["training"]
    assert main(["evaluate", "--data", str(data)]) == 2
    assert "does not say which tracks" in capsys.readouterr().err


def test_the_model_follows_the_split_and_a_missing_one_is_named(data, capsys, monkeypatch):
    monkeypatch.setattr(figures, "load_classifier", load_classifier)
    (data / "splits" / "fourth_test.txt").write_text("rock.00006\n", encoding="utf-8")
    assert main(["evaluate", "--data", str(data), "--split", "fourth_test"]) == 2
    assert "no model card two-ears-fourth.json" in capsys.readouterr().err


def test_agreement_holds_audio_against_pictures(data, capsys):
    result = measured("agreement", data)
    # A low tone, where the picture has the stripe of metal.
    assert (result["n"], result["agreeing"], result["share"]) == (1, 0, 0.0)
    assert "rock.00006" in capsys.readouterr().out


def test_compare_leaves_out_what_was_not_trained_and_says_how(data, capsys):
    result = measured("compare", data, "--runs", str(data.parent / "runs"))
    assert result["protocol"] == "random"
    assert "model" not in result
    (row,) = result["rows"]
    assert (row["key"], row["n"], row["mean"], row["seeds"]) == ("linear", 20, 0.95, [])
    said = capsys.readouterr().out
    assert "Vanilla CNN: no finished training" in said
    assert "--config vanilla --protocol random --data PATH/TO/GTZAN --seed 0 1 2" in said
    assert "for seed in 0 1 2; do python -m model.training.song_network" in said


def test_compare_puts_trained_networks_beside_each_other(data):
    runs = data.parent / "runs"
    for name, seeds in (("vanilla", (0, 3)), ("flagship", (1,))):
        for seed in seeds:
            _save(runs / f"{name}-random-seed{seed}" / "a.keras", right=name == "flagship")
    rows = {row["key"]: row for row in measured("compare", data, "--runs", str(runs))["rows"]}
    assert list(rows) == ["linear", "vanilla", "flagship", "flagship-merged"]
    assert rows["flagship"]["mean"] == 0.95
    # The one wrong verdict, metal for rock, is right when the two are one class.
    assert rows["flagship-merged"]["mean"] == 1.0
    assert len(rows["flagship-merged"]["classes"]) == 8
    assert rows["vanilla"]["accuracies"] == [0.1, 0.1]
    assert rows["vanilla"]["spread"] == 0.0
    assert rows["vanilla"]["against_flagship"]["mean"] == pytest.approx(-0.85)
    assert "against_flagship" not in rows["flagship"]
    assert rows["vanilla"]["command"].endswith("--data PATH/TO/GTZAN --seed 0 3")
    assert "--config vanilla --protocol random" in rows["vanilla"]["command"]


def _save(path: Path, *, right: bool) -> None:
    """A network that hears the loudest stripe, or always blues."""
    import keras  # noqa: PLC0415  # seconds, for these two tests only

    level = keras.Input((N_MELS, None, 1))
    bands = keras.layers.GlobalAveragePooling1D()(
        keras.layers.Reshape((-1, N_MELS))(keras.layers.Permute((2, 1, 3))(level))
    )
    dense = keras.layers.Dense(len(GENRES))
    network = keras.Model(level, dense(bands))
    kernel = np.zeros((N_MELS, len(GENRES)), np.float32)
    for label in range(len(GENRES)):
        kernel[12 * label : 12 * label + 8, label if right else 0] = 0.01
    bias = np.full(len(GENRES), 10.0, np.float32)
    dense.set_weights([kernel, bias if right else bias + 100 * np.eye(len(GENRES))[0]])
    path.parent.mkdir(parents=True)
    network.save(path)


def test_what_is_played_is_heard_of_tracks_with_sound_and_of_maps_that_there_are(data, capsys):
    result = measured("played", data, "--methods", "cam", "listenable", "--seconds", "5")
    assert result["n"] == 1, "one track has sound"
    assert [each["name"] for each in result["methods"]] == ["cam"], "there is no decoder"
    assert [(row["test"], row["bed"]) for row in result["rows"]] == [
        ("own", "silent"),
        ("own", "-30 dB"),
        ("rearranged", "silent"),
        ("rearranged", "-30 dB"),
    ]
    assert "--methods cam listenable" in result["command"]
    assert "lost with the rest alone" in capsys.readouterr().out


def test_a_decoder_that_was_not_taught_is_asked_for_with_the_command_that_teaches_it(data, capsys):
    folder = data.parent / "run"
    assert main(["played", "--data", str(data), "--shuffled", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "There is no shuffled.keras in" in said
    assert "python -m model.training.shuffled_decoder" in said
