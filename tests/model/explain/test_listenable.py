"""Listenable maps ask a decoder about the class's log-odds, and say where there is none."""

from typing import Any

import numpy as np
import pytest

from model.constants import N_MELS
from model.explain.door import Prediction, Target
from model.explain.fine import log_odds_weights
from model.explain.grid import RelevanceMap
from model.explain.listenable import METHOD

CLASSES = 4


class Network:
    """Answers with the weights that it was asked for."""

    temperature = 2.0

    def __init__(self, *, decodes: bool = True) -> None:
        self.decodes = decodes

    def decoded(self, prediction: Prediction, weights: np.ndarray) -> RelevanceMap:
        return RelevanceMap(weights[np.newaxis])


def toy(*, decodes: bool = True) -> Any:
    """No more of a network than the method asks for."""
    return Network(decodes=decodes)


LOGITS = np.array([1.0, 3.0, -1.0, 0.5], np.float32)
HEARD = Prediction(LOGITS, LOGITS, LOGITS.reshape(1, 1, -1), np.zeros((N_MELS, 8), np.float32))


def test_the_decoder_is_asked_about_the_log_odds_of_the_class():
    target = Target.single(2, CLASSES)
    asked = METHOD.explain(toy(), HEARD, target).values[0]
    np.testing.assert_array_equal(asked, log_odds_weights(LOGITS, target.members, 2.0))
    assert asked[2] == 1
    assert asked.sum() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("network", [toy(decodes=False), object()])
def test_a_network_without_a_decoder_has_no_such_map(network):
    assert not METHOD.offered_by(network)
    with pytest.raises(ValueError, match="no decoder was taught"):
        METHOD.explain(network, HEARD, Target.single(0, CLASSES))


def test_a_network_with_one_has():
    assert METHOD.offered_by(toy())
