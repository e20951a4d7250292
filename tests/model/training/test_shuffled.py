"""A decoder taught on shuffled labels: read from its folder, and asked for any genre."""

import shutil

import numpy as np
import pytest

from model.audio.spectrogram import log_mel
from model.explain.door import Target
from model.explain.fine import log_odds_weights
from model.networks.assembled import load_classifier
from model.networks.shipped import DEFAULT_MODEL, decoder_name, weights_path
from model.training.shuffled import DECODER_FILE, EAR_FILE, ShuffledDecoder


@pytest.fixture
def folder(tmp_path):
    """The networks that ship, under the names of those that learned shuffled labels."""
    eyes = load_classifier().eyes
    assert eyes is not None
    for name, file in (
        (eyes.name, "shuffled.keras"),
        (DEFAULT_MODEL, EAR_FILE),
        (decoder_name(DEFAULT_MODEL), DECODER_FILE),
    ):
        shutil.copy(weights_path(name), tmp_path / file)
    return tmp_path


def test_it_keeps_what_its_own_network_has_for_the_genre_that_is_asked_for(folder, music):
    found = ShuffledDecoder.read(folder)
    shipped = load_classifier()
    levels = log_mel(music)
    prediction = shipped.hear(music, levels)
    np.testing.assert_allclose(
        found.network.hear(music, levels).logits, prediction.logits, atol=1e-4
    )
    for index in (0, 9):
        target = Target.single(index, len(shipped.genres))
        weights = log_odds_weights(prediction.logits, target.members, 1.0)
        wanted = shipped.decoder.decode(prediction, weights).values
        np.testing.assert_allclose(found.keep(music, levels, target).values, wanted, atol=1e-4)


@pytest.mark.parametrize("missing", ["shuffled.keras", EAR_FILE, DECODER_FILE])
def test_what_is_missing_is_named_with_the_command_that_makes_it(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(FileNotFoundError, match=f"no {missing} .*shuffled_decoder"):
        ShuffledDecoder.read(folder)
