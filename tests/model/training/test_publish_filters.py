"""Filters are trained on a network below them, and what is published can be chosen in the app."""

import hashlib
import json

import keras
import numpy as np
import pytest

from model.constants import GENRES
from model.networks import shipped
from model.networks.assembled import load_classifier
from model.networks.filter_network import mixing_trunk
from model.networks.flagship import flagship
from model.networks.loading import load_network, with_feature_maps
from model.training import publish as publishing
from model.training.filters import FilterRecipe, Material, run
from model.training.publish_filters import publish
from model.training.stored_maps import StoredMaps

COMMAND = "python -m model.training.filters --protocol random --form rows"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What a training of a few filters on a few made up maps wrote."""
    keras.utils.set_random_seed(3)
    below = flagship(units=16)
    rows, _, channels = mixing_trunk(below).output_shape[1:]
    maps = np.random.default_rng(3).uniform(size=(6, rows, 8, channels)).astype(np.float16)
    names = tuple(f"rock.0000{index}" for index in range(6))
    tracks = StoredMaps(names, np.arange(6, dtype=np.int64), maps)
    material = Material(
        below,
        {"name": "toy", "sha256": "0" * 64},
        "random",
        {"train": list(names), "valid": list(names)},
        tracks,
        tracks,
        None,
    )
    recipe = FilterRecipe("rows", 3.0, filters=5, columns=4, epochs=1, batch_size=2)
    made = tmp_path_factory.mktemp("runs") / "filters-rows-random-seed0"
    run(recipe, material, made, COMMAND)
    return made


def test_the_card_belongs_to_the_weights_and_says_how_they_were_made(folder, tmp_path):
    path = publish(folder, tmp_path)
    assert path.name == "filters-rows-random.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    weights = (tmp_path / "filters-rows-random.keras").read_bytes()
    assert weights == (folder / "filters-rows-random.keras").read_bytes()
    assert card["sha256"] == hashlib.sha256(weights).hexdigest()
    # What the list of networks in the app asks for.
    assert (card["architecture"], card["classes"]) == ("filters", list(GENRES))
    training = card["training"]
    assert training["command"] == COMMAND
    assert training["config"]["trunk"]["name"] == "toy"
    assert training["config"]["recipe"]["form"] == "rows"
    assert training["config"]["recipe"]["strength"] == 3.0
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert training["valid_accuracy"] == result["valid_accuracy"]
    assert card["temperature"] == result["temperature"] > 0


def test_what_is_published_gives_the_verdict_of_what_was_trained(folder, tmp_path, monkeypatch):
    publish(folder, tmp_path)
    monkeypatch.setattr(shipped, "WEIGHTS_FOLDER", tmp_path)
    loaded = load_classifier.__wrapped__("filters-rows-random")
    levels = np.random.default_rng(1).uniform(-80, 0, (128, 60)).astype(np.float32)
    trained = with_feature_maps(load_network(folder / "filters-rows-random.keras"))
    maps, scores = trained.predict_on_batch(levels[np.newaxis, ..., np.newaxis])
    found = loaded.predict(levels)
    np.testing.assert_allclose(found.logits, scores[0], atol=1e-3)
    np.testing.assert_allclose(found.feature_maps, maps[0], atol=1e-3)
    assert found.feature_maps.shape[-1] == 5


def test_weights_too_large_for_the_repository_stay_out(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "LARGEST_BYTES", 10)
    with pytest.raises(ValueError, match="MB"):
        publish(folder, tmp_path)
    assert not list(tmp_path.iterdir())
