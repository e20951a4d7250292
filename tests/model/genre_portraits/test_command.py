"""The command that makes portraits and sounds, on a small data set and without a climb."""

import json
from pathlib import Path

import numpy as np
import pytest

from model.cli import figures, genre_sounds, main
from model.constants import GENRES, N_MELS, SAMPLE_RATE
from model.explain.grid import MapGrid
from model.genre_portraits.sounds import TAKES, MadeSound, encode_ogg, levelled
from model.gtzan.fingerprint import record
from model.networks.classifier import Classifier

ROWS, FRAMES = 32, 96  # of the map and of the pictures


class Stripes:
    """Hears the genre whose stripe is loudest; each of its channels is the loudness of a stripe."""

    def predict_on_batch(self, batch: np.ndarray) -> list[np.ndarray]:
        loudness = batch[0, :, :, 0] / 80 + 1
        cells = loudness.reshape(ROWS, N_MELS // ROWS, -1, 4).mean(axis=(1, 3))
        maps = np.zeros((*cells.shape, len(GENRES)), np.float32)
        for index in range(len(GENRES)):
            maps[3 * index : 3 * index + 3, :, index] = cells[3 * index : 3 * index + 3]
        return [maps[np.newaxis], 100 * maps.mean(axis=(0, 1))[np.newaxis]]


@pytest.fixture
def classifier(monkeypatch) -> Classifier:
    tracks = record({"train": [f"{genre}.00002" for genre in GENRES]})
    heard = Classifier(
        card={
            "name": "earmark-random",
            "classes": list(GENRES),
            "training": {"tracks": tracks},
        },
        sha256="0" * 64,
        kernel=np.eye(len(GENRES), dtype=np.float32),
        bias=np.zeros(len(GENRES), np.float32),
        grid=MapGrid(1.5, 4.0, 1.5, 4.0),
        _network=Stripes(),
    )
    monkeypatch.setattr(figures, "load_classifier", lambda name: heard)
    return heard


@pytest.fixture
def data(tmp_path) -> Path:
    """Two test tracks and one to learn from of each genre, with a loud stripe of its own."""
    folder = tmp_path / "data"
    (folder / "splits").mkdir(parents=True)
    rng = np.random.default_rng(0)
    names, codes = [], []
    for label, genre in enumerate(GENRES):
        for number in range(3):
            picture = rng.integers(0, 40, (N_MELS, FRAMES), dtype=np.uint8)
            picture[12 * label : 12 * label + 12] += 150
            names.append(f"{genre}.{number:05d}")
            codes.append(picture)
    np.savez(folder / "mel128.npz", mel=np.stack(codes), names=np.array(names))
    for part, numbers in {"test": (0, 1), "train": (2,)}.items():
        lines = "\n".join(f"{genre}.{number:05d}" for genre in GENRES for number in numbers)
        (folder / "splits" / f"random_{part}.txt").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture
def sounds(monkeypatch) -> list[int]:
    """Tones in place of climbs; the seeds that they were asked for with."""
    asked: list[int] = []

    def make(classifier: Classifier, seed: int):
        asked.append(seed)
        time = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
        tone = np.sin(2 * np.pi * 220 * time).astype(np.float32)
        for genre in GENRES:
            heard = np.full(len(GENRES), 0.1, np.float32)
            ogg = encode_ogg(levelled(tone))
            yield MadeSound(genre, TAKES[0], seed, ogg, 0.9, heard, levelled(tone))

    monkeypatch.setattr(genre_sounds, "_make", make)
    return asked


def made(out: Path) -> dict:
    return json.loads((out / "genres.json").read_text(encoding="utf-8"))


def test_the_file_names_model_seed_and_command_and_holds_both_parts(
    data, classifier, sounds, tmp_path
):
    out = tmp_path / "out"
    assert main(["genre-sounds", "--data", str(data), "--seed", "3", "--out", str(out)]) == 0
    content = made(out)
    assert content["command"] == "python -m model genre-sounds --data PATH/TO/GTZAN --seed 3"
    assert content["model"] == {"name": "earmark-random", "sha256": "0" * 64}
    assert sounds == [content["seed"]] == [3]
    portraits = content["portraits"]
    assert len(portraits["rows_hz"]) == ROWS == len(portraits["genres"]["jazz"]["profile"])
    assert portraits["genres"]["jazz"]["tracks"] == portraits["genres"]["jazz"]["right"] == 2
    # Each genre's evidence lies in its own stripe.
    peaks = [int(np.argmax(portraits["genres"][genre]["profile"])) // 3 for genre in GENRES]
    assert peaks == list(range(len(GENRES)))
    (sound,) = content["sounds"]["rock"]
    assert (out / sound["file"]).read_bytes()[:4] == b"OggS"
    assert sound["level_dbfs"] == pytest.approx(-20.0, abs=0.3)
    assert sound["peak_dbfs"] <= -2.5


def test_one_part_can_be_made_anew(data, classifier, sounds, tmp_path):
    out = tmp_path / "out"
    command = ["genre-sounds", "--data", str(data), "--out", str(out)]
    assert main(command) == 0
    before = made(out)
    assert main([*command, "--only", "portraits"]) == 0
    assert made(out) == before
    assert len(sounds) == 1


def test_parts_of_different_weights_or_seeds_are_not_mixed(
    data, classifier, sounds, tmp_path, capsys
):
    out = tmp_path / "out"
    command = ["genre-sounds", "--data", str(data), "--out", str(out)]
    assert main([*command, "--only", "sounds"]) == 2
    assert "Omit --only" in capsys.readouterr().err
    assert main(command) == 0
    assert main([*command, "--only", "sounds", "--seed", "1"]) == 2
    assert "both belong together" in capsys.readouterr().err
