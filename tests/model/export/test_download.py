"""What is taken along of one explanation: every file is opened again and looked into."""

import io
import json
import wave
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest
from PIL import Image

from model.analysis import Analysis, analyse
from model.audio.box import Region
from model.audio.clip import Clip, decode
from model.audio.excerpt import prepare
from model.constants import SAMPLE_RATE
from model.export.download import COLUMNS, Download
from model.networks.assembled import load_classifier

ROOT = Path(__file__).resolve().parents[3]
BOX = Region(20, 60, 30, 120)


@pytest.fixture(scope="module")
def analysis(wav_bytes) -> Analysis:
    return analyse(prepare(decode(wav_bytes, "six seconds.wav")), load_classifier())


@pytest.fixture(scope="module")
def taken(analysis) -> Download:
    return Download(analysis, "cam", analysis.verdict.top, 0.3)


def waveform(data: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(data)) as file:
        assert file.getframerate() == SAMPLE_RATE
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(int)


def test_the_zip_holds_all_of_it(taken, wav_bytes):
    data = taken.zip()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    assert set(files) == {
        "README.txt",
        "kept.wav",
        "rest.wav",
        "original.wav",
        "picture.png",
        "numbers.json",
        "numbers.csv",
        "labels.txt",
        "layer.svl",
    }
    original, kept, rest = (waveform(files[f"{part}.wav"]) for part in ("original", "kept", "rest"))
    assert np.abs(kept + rest - original).max() <= 2  # of 32768: each is rounded by itself
    scaled = taken.analysis.excerpt.waveform * json.loads(files["numbers.json"])["gain"]
    assert np.abs(kept + rest - 32768 * scaled).max() <= 2
    assert np.abs(kept).max() > 100
    np.testing.assert_allclose(original, waveform(wav_bytes), atol=2)
    assert files["numbers.json"] == taken.json()
    assert files["numbers.csv"] == taken.csv()
    assert files["picture.png"] == taken.picture()
    told = files["README.txt"].decode()
    assert told.startswith(f"six seconds.wav: CAM for {taken.genre}, threshold 0.30\n")
    assert "{" not in told
    assert all(name in told for name in set(files) - {"README.txt"})
    assert all(name in told for name in json.loads(files["numbers.json"]))
    assert "box.wav" not in told
    again = Download(taken.analysis, taken.method, taken.genre, taken.threshold)
    assert again.zip() == data


def test_a_box_comes_along(taken):
    boxed = replace(taken, box=BOX)
    with zipfile.ZipFile(io.BytesIO(boxed.zip())) as archive:
        box, others, original = (
            waveform(archive.read(name))
            for name in ("box.wav", "all-but-the-box.wav", "original.wav")
        )
        assert b"box.wav" in archive.read("README.txt")
    assert np.abs(box + others - original).max() <= 2
    assert np.abs(box).max() > 100
    numbers = json.loads(boxed.json())["box"]
    share = BOX.share(taken.analysis.relevance("cam", taken.genre))
    assert numbers["relevance_share"] == pytest.approx(share)
    assert numbers["seconds"] == pytest.approx(BOX.seconds, abs=1e-3)
    rows = pandas.read_csv(io.BytesIO(boxed.csv()))
    (row,) = rows[rows.quantity == "box_relevance_share"].to_dict("records")
    assert row["value"] == pytest.approx(share)
    assert (row["from_hz"], row["to_hz"]) == pytest.approx(BOX.hertz, abs=0.1)
    with pytest.raises(ValueError, match="no box"):
        _ = taken.box_sounds


def test_the_numbers_are_those_of_the_analysis(taken, analysis):
    numbers = json.loads(taken.json())
    assert numbers["file"] == "six seconds.wav"
    assert numbers["file_sha256"] == analysis.excerpt.clip.sha256
    assert numbers["model"] == {
        "name": analysis.classifier.name,
        "sha256": analysis.classifier.sha256,
    }
    assert (numbers["method"], numbers["class"]) == ("cam", analysis.verdict.top)
    assert (numbers["threshold"], numbers["merged"]) == (0.3, False)
    assert list(numbers["probabilities"].values()) == pytest.approx(analysis.verdict.probabilities)
    kept_share = analysis.sounds("cam", analysis.verdict.top, 0.3).kept_share
    assert numbers["kept_energy_share"] == pytest.approx(kept_share)
    assert numbers["gain"] == pytest.approx(analysis.sounds("cam", analysis.verdict.top, 0.3).gain)
    assert set(numbers["columns"]) == set(numbers) - {"columns"}
    parts = numbers["parts"]
    assert len(parts["names"]) == len(parts["added"]) >= 4
    top = analysis.classifier.genres.index(analysis.verdict.top)
    assert parts["score"] == pytest.approx(float(analysis.prediction.logits[top]), abs=1e-3)
    total = sum(parts["added"]) + parts["against"] + parts["start"]
    assert total == pytest.approx(parts["score"], abs=2e-3)
    relevance = numbers["relevance"]
    share, mean = np.array(relevance["share"]), np.array(relevance["mask_mean"])
    assert share.shape == mean.shape == (len(relevance["hertz"]) - 1, len(relevance["seconds"]) - 1)
    assert relevance["seconds"] == pytest.approx(np.arange(7))
    assert share.sum() == pytest.approx(1, abs=1e-4)
    assert 0 <= mean.min() < mean.max() <= 1
    # One cell by hand: 500 Hz to 1 kHz, the third second
    excerpt = analysis.excerpt
    rows = (excerpt.frequencies >= 500) & (excerpt.frequencies < 1000)
    columns = (excerpt.times >= 2) & (excerpt.times < 3)
    speaking = np.maximum(analysis.relevance("cam", analysis.verdict.top), 0)
    cell = np.ix_(rows, columns)
    octave = relevance["hertz"].index(500)
    assert share[octave, 2] == pytest.approx(speaking[cell].sum() / speaking.sum(), abs=1e-5)
    mask = analysis.mask("cam", analysis.verdict.top, 0.3)
    assert mean[octave, 2] == pytest.approx(mask[cell].mean(), abs=1e-5)


def test_the_table_holds_one_number_a_row(taken):
    numbers = json.loads(taken.json())
    rows = pandas.read_csv(io.BytesIO(taken.csv()))
    assert list(rows.columns) == list(COLUMNS)
    assert not rows.isna().any(axis=None)
    assert rows.groupby("quantity").meaning.nunique().eq(1).all()
    assert rows.meaning.nunique() == rows.quantity.nunique()
    probabilities = rows[rows.quantity == "probability"].set_index("class").value
    assert probabilities.to_dict() == pytest.approx(numbers["probabilities"])
    (kept,) = rows[rows.quantity == "kept_energy_share"].value
    assert kept == pytest.approx(numbers["kept_energy_share"])
    cells = rows[rows.quantity == "relevance_share"]
    share = np.array(numbers["relevance"]["share"])
    assert cells.value.sum() == pytest.approx(1, abs=1e-4)
    place = (cells.from_s == 2) & (cells.to_s == 3) & (cells.from_hz == 500)
    assert cells[place].value.to_list() == [share[numbers["relevance"]["hertz"].index(500), 2]]
    assert len(rows[rows.quantity == "mask_mean"]) == share.size


def test_merged_genres_and_a_start_are_in_the_numbers(music):
    clip = Clip(np.tile(music, 2)[: round(9.5 * SAMPLE_RATE)], "long", "0" * 64)
    merged = analyse(prepare(clip, start=2.25), load_classifier()).merged
    numbers = json.loads(Download(merged, "crm-class", "disco+pop").json())
    assert numbers["merged"] is True
    assert set(numbers["probabilities"]) == set(merged.classes)
    edges = numbers["relevance"]["seconds"]
    assert edges == pytest.approx([*np.arange(2.25, 9.5), 9.5])
    assert np.shape(numbers["relevance"]["share"])[1] == len(edges) - 1


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    return picture


def test_the_picture_is_large_enough_to_be_printed(taken):
    picture = opened(taken.picture())
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    millimetres = np.array(picture.size) / 300 * 25.4
    np.testing.assert_allclose(millimetres, (180, 100), atol=0.2)


def test_the_picture_shows_what_is_set(taken):
    def drawn(**changes) -> np.ndarray:
        return np.asarray(opened(replace(taken, **changes).picture()).convert("RGB"), int)

    def count(colour: np.ndarray) -> int:
        """Pixels much more orange than blue, or the other way round for a negative image."""
        return int((colour[..., 0] - colour[..., 2] > 60).sum())

    usual = drawn()
    assert count(usual) > 10_000
    assert count(drawn(opacity=0.0)) == 0
    assert count(-usual) < 1_000
    assert count(-drawn(against=True)) > 10_000
    assert (drawn(threshold=0.8) != usual).any()


@pytest.mark.filterwarnings("error")
def test_any_file_name_can_be_its_title(taken, analysis):
    clip = replace(analysis.excerpt.clip, name="$x_{$ 楽 " + 200 * "long ")
    named = replace(analysis, excerpt=replace(analysis.excerpt, clip=clip))
    assert opened(replace(taken, analysis=named).picture()).size == opened(taken.picture()).size


def test_a_class_that_nothing_speaks_for_has_a_picture_and_numbers(analysis, monkeypatch):
    relevance = np.full_like(analysis.excerpt.log_mel, -1)
    monkeypatch.setattr(Analysis, "relevance", lambda *_: relevance)
    taken = Download(analysis, "cam", "jazz", against=True)
    numbers = json.loads(taken.json())
    assert numbers["kept_energy_share"] == 0
    assert not np.any(numbers["relevance"]["share"])
    opened(taken.picture())


def test_a_bed_comes_along_and_is_told(analysis):
    alone = Download(analysis, "cam", analysis.verdict.top)
    bedded = Download(analysis, "cam", analysis.verdict.top, bed=True)
    assert alone.numbers["bed_db"] is None
    assert bedded.numbers["bed_db"] == -30
    waveform = analysis.excerpt.waveform
    np.testing.assert_allclose(bedded.sounds.kept + bedded.sounds.rest, waveform, atol=1e-6)
    louder = np.square(bedded.sounds.rest).sum() / np.square(alone.sounds.rest).sum()
    assert 10 * np.log10(louder) == pytest.approx(20 * np.log10(1 - 10**-1.5), abs=0.01)
