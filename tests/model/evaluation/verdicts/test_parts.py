"""Tracks with and without sound are judged by what there is, and counted apart."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import soundfile

from model.constants import GENRES, N_MELS, SAMPLE_RATE
from model.evaluation.verdicts.parts import by_kind
from model.evaluation.verdicts.scoring import PICTURE, PIECE, WHOLE, Scores, score
from model.explain.door import Answers, Heard
from model.gtzan.pictures import Pictures
from model.networks.classifier import Classifier, softmax
from model.networks.ear import Evidence, Hearing
from model.networks.places import TOGETHER
from tests.model.evaluation.listeners import listener


class Humming:
    """An ear that hears pop, whatever sounds."""

    def scores(self, waveform: np.ndarray) -> np.ndarray:
        return self.hear(waveform).scores

    def hear(self, waveform: np.ndarray) -> Hearing:
        assert len(waveform) > SAMPLE_RATE
        scores = np.zeros((1, 3, len(GENRES)), np.float32)
        scores[..., GENRES.index("pop")] = 5.0
        heard = Heard(scores, np.ones(3, bool))
        return Hearing(Answers(heard), (Evidence(scores, TOGETHER),))


@pytest.fixture
def both() -> Classifier:
    humming: Any = Humming()
    eyes = listener(lambda _: GENRES.index("rock"))
    eyes.card["temperature"] = 0.5
    card = {**eyes.card, "temperature": 2.0}
    kernel = np.concatenate([eyes.kernel, np.eye(len(GENRES), dtype=np.float32)])
    return replace(eyes, card=card, kernel=kernel, ear=humming, eyes=eyes)


def test_a_track_is_judged_by_what_there_is_of_it(both, tmp_path):
    rng = np.random.default_rng(0)
    sounds = {}
    for name, seconds in (("rock.00001", 3), ("pop.00000", 30)):
        sounds[name] = tmp_path / f"{name}.wav"
        soundfile.write(sounds[name], 0.1 * rng.standard_normal(seconds * SAMPLE_RATE), SAMPLE_RATE)
    names = ("pop.00000", "rock.00000", "rock.00001")
    codes = rng.integers(100, 200, (3, N_MELS, 60)).astype(np.uint8)
    labels = np.array([GENRES.index(name.partition(".")[0]) for name in names])
    tracks = Pictures(codes=codes, names=names, labels=labels)
    found = score(both, tracks, sounds)
    assert found.kinds == (WHOLE, PICTURE, PIECE)
    assert [GENRES[verdict] for verdict in found.verdicts] == ["pop", "rock", "pop"]
    # A picture alone is as sure as the network on pictures is by itself.
    alone = both.predict(tracks.levels(1))
    np.testing.assert_allclose(found.probabilities[1], alone.probabilities, rtol=1e-4)
    np.testing.assert_allclose(alone.probabilities, softmax(alone.logits, 0.5), rtol=1e-5)
    without = score(both, tracks)
    assert without.kinds == ()
    assert [GENRES[verdict] for verdict in without.verdicts] == ["rock"] * 3


def test_figures_by_how_much_sound_there_was():
    labels = np.array([0, 0, 1, 1])
    logits = np.eye(2, dtype=np.float32)[[0, 1, 1, 1]]
    kinds = (WHOLE, PICTURE, PIECE, PICTURE)
    scores = Scores(("a", "b", "c", "d"), labels, ("x", "y"), logits, logits, kinds)
    parts = by_kind(scores, {"a": "one", "b": "one"})
    assert {words: (part["n"], part["share"]) for words, part in parts.items()} == {
        "all tracks": (4, 0.75),
        "with sound": (2, 1.0),
        "with 30 s of it": (1, 1.0),
        "picture alone": (2, 0.5),
    }
    assert parts["all tracks"]["mean_over_genres"] == 0.75
    assert parts["all tracks"]["by_artist"]["clusters"] == 3
    assert list(by_kind(replace(scores, kinds=()), {})) == ["all tracks"]
