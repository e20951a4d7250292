"""Networks that were trained for the comparison, asked as judges."""

import json

import keras
import numpy as np
import pytest

from model.audio.spectrogram import log_mel
from model.cli.judges import trained_judges
from model.constants import GENRES, N_MELS, SAMPLE_RATE
from model.networks.classifier import softmax

TEMPERATURE = 3.0


@pytest.fixture
def runs(tmp_path):
    """One finished training of the vanilla network: its scores are mean levels of bands."""
    pictures = keras.Input((N_MELS, None, 1))
    bands = keras.layers.GlobalAveragePooling2D()(keras.layers.Permute((3, 2, 1))(pictures))
    scores = keras.layers.Dense(len(GENRES), name="genre")(bands)
    network = keras.Model(pictures, scores)
    kernel = np.zeros((N_MELS, len(GENRES)), np.float32)
    kernel[np.arange(len(GENRES)) * 12, np.arange(len(GENRES))] = 1
    network.layers[-1].set_weights([kernel, np.zeros(len(GENRES), np.float32)])
    folder = tmp_path / "vanilla-random-seed0"
    folder.mkdir()
    network.save(folder / "vanilla-random.keras")
    (folder / "result.json").write_text(json.dumps({"temperature": TEMPERATURE}), "utf-8")
    return tmp_path


def test_a_finished_training_hears_a_sound_under_its_own_temperature(runs, capsys):
    (judge,) = trained_judges(runs, "random")
    assert judge.name == "vanilla"
    assert judge.slow
    t = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    sound = np.sin(2 * np.pi * 440 * t).astype(np.float32)
    levels = log_mel(sound).mean(axis=1)[np.arange(len(GENRES)) * 12]
    np.testing.assert_allclose(judge.probabilities(sound), softmax(levels, TEMPERATURE), rtol=1e-4)
    # What is not there is named with the command that makes it.
    assert "--config imagenet --protocol random" in capsys.readouterr().out


def test_trainings_of_another_protocol_are_no_judges(runs):
    assert trained_judges(runs, "filtered") == []
