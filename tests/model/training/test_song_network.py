"""Training on song statistics: learns what can be learned, and nothing else."""

import hashlib
import json
from dataclasses import replace

import keras
import numpy as np
import pytest

from model.audio.song_statistics import SONG_STATISTICS
from model.constants import GENRES
from model.gtzan.statistics_table import SongTable, load_song_table
from model.networks.loading import load_network
from model.training import song_network as module
from model.training.song_network import (
    SongTraining,
    accuracy,
    fit_song_network,
    main,
)

QUICK = SongTraining("random", seed=3, epochs=12)
BRIEF = SongTraining("random", seed=3, epochs=1)


def songs(n: int = 300, shuffled: bool = False, seed: int = 1) -> SongTable:
    """Ten genres, each with a few statistics of its own; variances over orders of magnitude."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % len(GENRES)
    values = rng.normal(size=(n, len(SONG_STATISTICS)))
    for index, label in enumerate(labels):
        values[index, 5 * label : 5 * label + 5] += 2.0
    variances = [name.endswith("_var") for name in SONG_STATISTICS]
    values[:, variances] = np.exp(2 * values[:, variances])
    names = tuple(f"{GENRES[label]}.{index:05d}" for index, label in enumerate(labels))
    return SongTable(
        names, values.astype(np.float32), rng.permutation(labels) if shuffled else labels
    )


@pytest.fixture(scope="module")
def learned() -> keras.Model:
    """A network that has learned from songs of all genres."""
    return fit_song_network(QUICK, songs())


def test_what_can_be_learned_is_learned(learned):
    assert accuracy(learned, songs(seed=2)) > 0.9


@pytest.mark.long
def test_shuffled_labels_teach_nothing():
    network = fit_song_network(QUICK, songs(shuffled=True))
    assert accuracy(network, songs(seed=2)) < 0.25


@pytest.mark.long
def test_the_same_seed_gives_the_same_network():
    other = replace(BRIEF, seed=4)
    one, two, three = (
        fit_song_network(how, songs(60)).get_weights() for how in (BRIEF, BRIEF, other)
    )
    for first, second in zip(one, two, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-3, atol=1e-4)
    assert max(np.abs(a - b).max() for a, b in zip(one, three, strict=True)) > 0.01


def test_statistics_are_standardised_by_the_training_tracks(learned):
    layer = learned.get_layer("standardise")
    tempo = SONG_STATISTICS.index("tempo")
    expected = songs().statistics[:, tempo]
    assert np.asarray(layer.mean).ravel()[tempo] == pytest.approx(expected.mean(), abs=1e-4)
    assert np.asarray(layer.variance).ravel()[tempo] == pytest.approx(expected.var(), rel=1e-3)


@pytest.fixture
def data(tmp_path):
    """A folder with a table and lists, as GTZAN's."""
    folder = tmp_path / "data"
    (folder / "splits").mkdir(parents=True)
    table = songs(60)
    lines = [",".join(["filename", "length", *SONG_STATISTICS, "label"])]
    for name, row in zip(table.names, table.statistics, strict=True):
        cells = [f"{name}.wav", "661794", *map(str, row.tolist()), name.split(".")[0]]
        lines.append(",".join(cells))
    (folder / "features_30_sec.csv").write_text("\n".join(lines) + "\n")
    (folder / "splits" / "random_train.txt").write_text("\n".join(table.names[:40]))
    (folder / "splits" / "random_valid.txt").write_text("\n".join(table.names[40:]))
    return folder


def test_the_command_trains_writes_what_belongs_together_and_says_what_is_missing(
    data, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(module, "SongTraining", lambda *_: BRIEF)
    out = tmp_path / "out"
    monkeypatch.setattr("sys.argv", ["train", "--data", str(data), "--out", str(out)])
    main()
    card = json.loads((out / "song-statistics-random.json").read_text(encoding="utf-8"))
    weights = out / "song-statistics-random.keras"
    assert card["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    valid = accuracy(load_network(weights), songs(60).of(list(songs(60).names[40:])))
    assert card["training"]["valid_accuracy"] == pytest.approx(valid, abs=1e-4)
    assert "--protocol random --seed 3" in card["training"]["command"]
    assert card["classes"] == list(GENRES)
    assert json.loads((out / "config.json").read_text())["name"] == card["name"]
    assert f"{100 * valid:.1f} % of random_valid right" in capsys.readouterr().out

    (data / "features_30_sec.csv").unlink()
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert "--data" in capsys.readouterr().err


def test_a_table_is_read_by_name_and_a_wrong_one_is_refused(data):
    table = load_song_table(data)
    chosen = table.of(["pop.00007", "blues.00000"])
    assert chosen.labels.tolist() == [GENRES.index("pop"), GENRES.index("blues")]
    np.testing.assert_allclose(chosen.statistics[1], songs(60).statistics[0], rtol=1e-5)
    path = data / "features_30_sec.csv"
    path.write_text(path.read_text().replace("tempo", "speed"))
    with pytest.raises(ValueError, match="no column tempo"):
        load_song_table(data)
