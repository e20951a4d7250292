"""What is published is what was trained, and the card says so."""

import hashlib
import json

import keras
import pytest

from model.networks.flagship import flagship
from model.networks.shipped import read_card
from model.training import publish as module
from model.training.augment import Augmentation
from model.training.config import Stage, TrainingConfig, write_config
from model.training.publish import publish
from model.training.variation import Variation


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> bytes:
    """The file of a flagship that has not learned anything."""
    keras.utils.set_random_seed(5)
    path = tmp_path_factory.mktemp("weights") / "flagship.keras"
    flagship().save(path)
    return path.read_bytes()


@pytest.fixture
def run(weights, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    config = TrainingConfig(
        name="earmark",
        protocol="x",
        stages=(Stage(1, 1e-3),),
        augmentation=Augmentation(),
        seed=5,
    )
    write_config(config, folder / "config.json")
    (folder / "earmark-x.keras").write_bytes(weights)
    result = {
        "command": "python -m x",
        "tracks": {"train": "0a", "valid": "0b"},
        "valid_accuracy": 0.75,
        "temperature": 0.9,
    }
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    return folder


def test_the_card_belongs_to_the_weights(run, tmp_path):
    card = json.loads(publish(run, tmp_path).read_text(encoding="utf-8"))
    weights = tmp_path / "earmark-x.keras"
    assert card["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert card["bytes"] == weights.stat().st_size
    assert card["training"]["valid_accuracy"] == 0.75
    assert card["training"]["command"] == "python -m x"
    assert card["training"]["tracks"] == {"train": "0a", "valid": "0b"}
    assert card["temperature"] == 0.9
    assert card["map_cell"]["mel_bands"] == 4
    assert card["map_cell"]["seconds"] == pytest.approx(0.31, abs=0.01)
    assert card["starting_weights"]["licence"] == "ISC"


def test_the_card_lists_what_ran_and_no_more(run, tmp_path):
    def config(*stages: Stage) -> dict:
        config = TrainingConfig(
            name="earmark", protocol="x", stages=stages, variations=(Variation(pitch=1.1),)
        )
        write_config(config, run / "config.json")
        card = json.loads(publish(run, tmp_path).read_text(encoding="utf-8"))
        return card["training"]["config"]

    stored = config(Stage(1, 1e-3, head_only=True))
    assert stored["augmentation"] == {"frames": 129}
    assert stored["variations"][0]["pitch"] == 1.1
    excerpts = config(Stage(1, 1e-3, head_only=False))
    assert excerpts["augmentation"]["masks"] == 2
    assert excerpts["variations"] == []
    both = config(Stage(1, 1e-3, head_only=True), Stage(1, 1e-4))
    assert both["augmentation"]["masks"] == 2
    assert both["variations"]
    plain = config(Stage(1, 1e-3, plain=True))
    assert plain["augmentation"] == {"frames": 129}


@pytest.mark.parametrize("protocol", ["random", "filtered"])
def test_the_shipped_cards_list_no_augmentation_that_never_ran(protocol):
    training = read_card(f"earmark-{protocol}")["training"]["config"]
    assert all(stage["head_only"] for stage in training["stages"])
    assert training["augmentation"] == {"frames": 129}
    assert len(training["variations"]) == 4


def test_weights_too_large_for_the_repository_stay_out(run, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_BYTES", 1000)
    with pytest.raises(ValueError, match="MB"):
        publish(run, tmp_path)
    assert not (tmp_path / "earmark-x.json").exists()
