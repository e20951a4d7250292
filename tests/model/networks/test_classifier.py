"""The shipped network: checked on load, in safe mode, usable from several threads."""

import hashlib
import inspect
import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest

from model.audio.spectrogram import log_mel
from model.constants import GENRES
from model.networks import shipped
from model.networks.assembled import load_classifier
from model.networks.classifier import softmax
from model.networks.shipped import DEFAULT_MODEL, WEIGHTS_FOLDER, WeightsError, read_card

ALL_WEIGHTS = WEIGHTS_FOLDER
# Past what remembers a network, which all other tests share.
load_anew = inspect.unwrap(load_classifier)


@pytest.fixture
def weights_copy(tmp_path, monkeypatch):
    """A folder of its own with the default model."""
    for ending in ("keras", "json"):
        shutil.copy(WEIGHTS_FOLDER / f"{DEFAULT_MODEL}.{ending}", tmp_path)
    monkeypatch.setattr(shipped, "WEIGHTS_FOLDER", tmp_path)
    return tmp_path


def test_the_shipped_weights_are_those_of_their_card():
    classifier = load_classifier()
    weights = WEIGHTS_FOLDER / f"{DEFAULT_MODEL}.keras"
    assert classifier.sha256 == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert classifier.genres == GENRES
    assert classifier.kernel.shape == (classifier.kernel.shape[0], 10)
    assert load_classifier() is classifier


def test_changed_weights_are_refused(weights_copy):
    weights = weights_copy / f"{DEFAULT_MODEL}.keras"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    with pytest.raises(WeightsError, match="SHA-256"):
        load_anew()


def test_missing_weights_and_cards_are_named(weights_copy):
    (weights_copy / f"{DEFAULT_MODEL}.keras").unlink()
    with pytest.raises(WeightsError, match=f"{DEFAULT_MODEL}.keras"):
        load_anew()
    with pytest.raises(WeightsError, match="nothing.json"):
        read_card("nothing")


@pytest.mark.parametrize(
    ("name", "message"),
    [("pictures-random", r"[Ll]ambda"), (DEFAULT_MODEL, "an ear has the layers")],
)
def test_weights_that_carry_code_are_refused(weights_copy, name, message):
    """A network on pictures by Keras' safe mode; of an ear's file nothing but weights is read."""
    pixels = keras.Input((4,))
    network = keras.Model(pixels, keras.layers.Lambda(lambda x: x * 2)(pixels))
    weights = weights_copy / f"{name}.keras"
    network.save(weights)
    described = json.loads((ALL_WEIGHTS / f"{name}.json").read_text(encoding="utf-8"))
    described["sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
    (weights_copy / f"{name}.json").write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load_anew(name)


def test_a_prediction_belongs_together(music):
    classifier = load_classifier()
    prediction = classifier.predict(log_mel(music))
    pooled = prediction.feature_maps.mean(axis=(0, 1))
    np.testing.assert_allclose(
        pooled @ classifier.kernel + classifier.bias, prediction.logits, atol=1e-4
    )
    assert prediction.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert prediction.probabilities.argmax() == prediction.logits.argmax()


def test_threads_get_the_same_answer(music):
    classifier = load_classifier()
    level = log_mel(music)
    alone = classifier.predict(level).logits
    with ThreadPoolExecutor(4) as pool:
        for logits in pool.map(lambda _: classifier.predict(level).logits, range(8)):
            np.testing.assert_allclose(logits, alone, atol=1e-4)


def test_softmax_is_stable_and_a_temperature_makes_it_less_sure():
    logits = np.array([1000.0, 1001.0, 0.0], np.float32)
    sure, unsure = softmax(logits), softmax(logits, temperature=2.0)
    np.testing.assert_allclose(sure, [1 / (1 + np.e), np.e / (1 + np.e), 0], atol=1e-6)
    assert unsure.max() < sure.max()
    assert unsure.sum() == pytest.approx(1.0)
