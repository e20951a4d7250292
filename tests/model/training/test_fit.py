"""Training learns what can be learned, nothing else, and the same thing twice."""

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from model.constants import GENRES, N_MELS
from model.gtzan.pictures import Pictures
from model.training import fit as module
from model.training import stored_features
from model.training.augment import Augmentation
from model.training.config import Stage, TrainingConfig, read_config, write_config
from model.training.fit import Excerpts, Material, Stored, WarmCosine, build, fit, predict_logits
from model.training.stored_features import FeatureExcerpts, StoredFeatures, head, score, store
from model.training.variation import Variation


def tiny(classes: int = len(GENRES)) -> keras.Model:
    """A network of the flagship's form, small enough to train in a test."""
    level = keras.Input((N_MELS, None, 1))
    hidden = keras.layers.Rescaling(1 / 40, 1)(level)
    hidden = keras.layers.Conv2D(16, (8, 3), strides=(8, 3), activation="relu", name="mix")(hidden)
    hidden = keras.layers.Conv2D(16, (16, 1), activation="relu", name="evidence")(hidden)
    pooled = keras.layers.GlobalAveragePooling2D(name="gap")(hidden)
    return keras.Model(level, keras.layers.Dense(classes, name="genre")(pooled))


@pytest.fixture
def config(monkeypatch) -> TrainingConfig:
    monkeypatch.setitem(module.ARCHITECTURES, "tiny", tiny)
    return TrainingConfig(
        name="tiny",
        architecture="tiny",
        start="random",
        stages=(Stage(epochs=12, learning_rate=5e-3),),
        batch_size=10,
        label_smoothing=0.0,
        augmentation=Augmentation(frames=24, masks=0, mixup=0.0),
        variations=(Variation(pitch=1.1),),
    )


def songs(shuffled: bool = False, n: int = 60, seed: int = 1) -> Pictures:
    """Ten genres, each with a loud stripe in bands of its own."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % len(GENRES)
    codes = rng.integers(0, 60, (n, N_MELS, 40), np.uint8)
    for picture, label in zip(codes, labels, strict=True):
        picture[4 + 12 * label : 10 + 12 * label] = rng.integers(200, 256, (6, 40))
    names = tuple(f"{GENRES[label]}.{index:05d}" for index, label in enumerate(labels))
    return Pictures(names, codes, rng.permutation(labels) if shuffled else labels)


def material(train: Pictures, copies: Pictures | None = None) -> Material:
    return Material(train, songs(), copies or songs(n=0))


def accuracy(network: keras.Model, pictures: Pictures) -> float:
    return float((predict_logits(network, pictures).argmax(axis=1) == pictures.labels).mean())


@pytest.mark.long
def test_what_can_be_learned_is_learned_and_logged(config, tmp_path):
    network = fit(config, material(songs()), tmp_path)
    assert accuracy(network, songs(seed=2)) > 0.9
    assert (tmp_path / "stage0.keras").is_file()
    assert not network.compiled
    log = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(log) == 12
    assert '"valid_accuracy"' in log[-1]


@pytest.mark.long
def test_shuffled_labels_teach_nothing_about_other_songs(config, tmp_path):
    network = fit(config, material(songs(shuffled=True)), tmp_path)
    assert accuracy(network, songs(seed=2)) < 0.25


@pytest.mark.long
def test_the_same_seed_gives_the_same_first_losses(config, tmp_path):
    short = replace(config, stages=(Stage(epochs=2, learning_rate=5e-3),))
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        fit(replace(short, seed=seed), material(songs()), tmp_path / name)
    a, b, c = (losses(tmp_path / name / "log.jsonl") for name in "abc")
    # Threads that share a sum do not always add it up in the same order.
    np.testing.assert_allclose(a, b, rtol=1e-3)
    assert not np.allclose(a, c, rtol=1e-2)


def losses(log: Path) -> list[float]:
    return [json.loads(line)["loss"] for line in log.read_text(encoding="utf-8").splitlines()]


def test_an_epoch_shows_every_track_once_in_a_new_order(config):
    class Watched(Pictures):
        seen: list[int] = []

        def levels(self, index):
            self.seen.append(int(index))
            return super().levels(index)

    pictures = songs()
    watched = Watched(pictures.names, pictures.codes, pictures.labels)
    excerpts = Excerpts(watched, config)
    assert len(excerpts) == 6
    for _ in range(2):
        for batch in range(len(excerpts)):
            levels, targets = excerpts[batch]
            assert levels.shape == (10, N_MELS, 24, 1)
            assert targets.shape == (10, 10)
        excerpts.on_epoch_end()
    first, second = watched.seen[:60], watched.seen[60:]
    assert sorted(first) == sorted(second) == list(range(60))
    assert first != second


@pytest.fixture
def head_only() -> TrainingConfig:
    return TrainingConfig(
        name="x",
        stages=(Stage(epochs=2, learning_rate=1e-2, head_only=True),),
        batch_size=5,
        augmentation=Augmentation(frames=40),
    )


@pytest.mark.long
def test_starting_weights_stay_as_they_are_while_the_head_learns(head_only, tmp_path):
    few = Material(songs(n=10), songs(n=10), songs(n=4))
    before, after = build(head_only), fit(head_only, few, tmp_path)
    for name in ("conv1", "norm3", "conv5", "timbre38", "norm_middle3"):
        for one, other in zip(
            before.get_layer(name).get_weights(), after.get_layer(name).get_weights(), strict=True
        ):
            np.testing.assert_array_equal(one, other)
    for name in ("mix", "gate", "genre"):
        changed = after.get_layer(name).get_weights()[0] - before.get_layer(name).get_weights()[0]
        assert np.abs(changed).max() > 0


@pytest.mark.long
def test_a_head_on_stored_features_is_the_same_network(head_only, tmp_path):
    """What the log says of the head holds for the whole network, but for half precision."""
    few = Material(songs(n=10), songs(n=10), songs(n=0))
    stored = Stored(few)
    network = fit(head_only, few, tmp_path, stored)
    whole = predict_logits(network, few.valid)
    features = stored.of(network)
    assert features.copies is None
    np.testing.assert_allclose(score(head(network), features.valid), whole, atol=0.05)


def test_two_versions_of_the_same_variation_are_two_draws(tmp_path, monkeypatch):
    level = keras.Input((N_MELS, None, 1))
    same = keras.Model(level, [level, keras.layers.Identity()(level)])
    monkeypatch.setattr(stored_features, "below", lambda _network: same)
    how, three = Variation(equaliser_db=3.0), songs(n=3)
    first, again, second = (
        store(same, three, tmp_path / str(place), how, version=version).layers[0]
        for place, version in enumerate((0, 0, 1))
    )
    np.testing.assert_array_equal(first, again)
    # What the equaliser adds is the same for all frames of a clip, and another for each.
    curves = (second - first).mean(axis=2)
    assert np.ptp(curves, axis=1).min() > 1
    assert np.abs(curves[0] - curves[1]).max() > 1


def test_tracks_with_real_audio_are_shown_in_both_versions(head_only):
    def features(value: float, n: int) -> StoredFeatures:
        names = tuple(f"rock.{index:05d}" for index in range(n))
        layers = tuple(np.full((n, rows, 12, 2), value, np.float16) for rows in (3, 1))
        return StoredFeatures(names, np.zeros(n, np.int64), layers)

    excerpts = FeatureExcerpts(features(1.0, 40), features(2.0, 20), head_only)
    seen = np.concatenate([excerpts[index][0][0][:, 0, 0, 0] for index in range(len(excerpts))])
    assert len(seen) == 40
    assert 4 <= (seen == 2.0).sum() <= 16
    (local, context), targets = excerpts[0]
    assert local.shape == (5, 3, 10, 2)
    assert context.shape == (5, 1, 10, 2)
    assert targets.shape == (5, len(GENRES))


def test_every_variation_is_shown_as_often_as_the_track_itself(head_only):
    def features(value: float, columns: int) -> StoredFeatures:
        names = tuple(f"rock.{index:05d}" for index in range(40))
        layers = tuple(np.full((40, rows, columns, 2), value, np.float16) for rows in (3, 1))
        return StoredFeatures(names, np.zeros(40, np.int64), layers)

    variations = (features(1.0, 9), features(2.0, 11))
    excerpts = FeatureExcerpts(features(0.0, 12), None, head_only, variations)
    seen = []
    for _ in range(10):
        for index in range(len(excerpts)):
            local = excerpts[index][0][0]
            assert local.shape == (5, 3, 9, 2), "as long as the shortest version"
            seen += local[:, 0, 0, 0].tolist()
        excerpts.on_epoch_end()
    assert len(seen) == 400
    assert all(seen.count(value) > 100 for value in (0, 1, 2))


@pytest.mark.long
def test_variations_are_other_features_of_the_same_tracks(head_only, tmp_path):
    few = Material(songs(n=10), songs(n=10), songs(n=0))
    how = replace(head_only, variations=(Variation(pitch=1.1, speed=0.8),))
    stored = Stored(few, how.variations)
    fit(how, few, tmp_path, stored)
    features = stored.of(build(how))
    (varied,) = features.variations
    assert varied.names == features.train.names
    assert varied.layers[0].shape[2] > features.train.layers[0].shape[2]
    columns = features.train.layers[0].shape[2]
    assert np.abs(varied.layers[0][:, :, :columns] - features.train.layers[0]).mean() > 0.01


def test_the_rate_rises_then_falls_to_zero():
    schedule = WarmCosine(0.1, warm_steps=10, steps=100)
    rates = [float(schedule(step)) for step in range(101)]
    assert rates[0] == pytest.approx(0.01)
    assert max(rates) == pytest.approx(0.1)
    assert np.argmax(rates) in (9, 10)
    assert rates[-1] == pytest.approx(0.0, abs=1e-6)


def test_an_unknown_start_or_setting_is_refused(config, tmp_path):
    with pytest.raises(ValueError, match="start"):
        build(replace(config, start="noise"))
    path = tmp_path / "odd.toml"
    path.write_text('name="a"\nspeed=3\nstages=[]\n', encoding="utf-8")
    with pytest.raises(TypeError, match="speed"):
        read_config(path)


def test_a_written_configuration_is_read_as_it_was(config, tmp_path):
    write_config(config, tmp_path / "config.json")
    assert read_config(tmp_path / "config.json") == config
