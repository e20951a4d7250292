"""What filters answer to the sounds that are made of them."""

from dataclasses import replace

import numpy as np
import pytest

from model.audio.clip import Clip
from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.evaluation.filters.own_sounds import own_sounds
from model.evaluation.maps.subjects import Subject, subject_from_clip
from model.explain.deconvolution import Scaling
from model.networks.layer_steps import DECONVOLVED
from model.types import Float32

HALF = N_MELS // 2


class Halves:
    """Filters of the lower and of the upper bands, which hear how far they are above silence."""

    def __init__(self, deaf: bool = False) -> None:
        self._deaf = deaf

    def answers(self, levels: Float32) -> dict[str, Float32]:
        height = levels + DYNAMIC_RANGE_DB
        both = np.stack([height, height], axis=-1)
        if not self._deaf:
            both[HALF:, :, 0] = 0
            both[:HALF, :, 1] = 0
        return dict.fromkeys(DECONVOLVED, both)

    def steps_below(self, layer: str, levels: Float32) -> tuple[Float32, list[Scaling]]:
        return self.answers(levels)[layer], [Added()]


class Added(Scaling):
    """Both filters laid on top of each other."""

    def __init__(self) -> None:
        super().__init__(np.ones(2, np.float32))

    def back(self, maps: Float32) -> Float32:
        return maps.sum(axis=-1, keepdims=True)


@pytest.fixture
def subjects(music) -> list[Subject]:
    noise = np.random.default_rng(1).normal(scale=0.05, size=len(music)).astype(np.float32)
    clip = Clip(music + noise, name="rock.00001", sha256="")
    one = subject_from_clip(clip, 4.0)
    return [one, replace(one, name="rock.00002"), Subject("rock.00003", one.levels)]


def test_filters_of_their_own_places_answer_to_their_own_sound(subjects):
    rows = own_sounds(Halves(), subjects, ["a", "a", "b"], seed=0)
    assert [row["layer"] for row in rows] == list(DECONVOLVED)
    for row in rows:
        assert row["tracks"] == 2, "a stored picture has no sound"
        assert row["stronger"]["value"] == 1
        assert row["stronger"]["clusters"] == 1
        assert row["own"] > 0.8
        assert row["other"] < 0.5 * row["own"]


def test_filters_that_hear_the_same_are_told_by_nothing(subjects):
    for row in own_sounds(Halves(deaf=True), subjects, ["a", "b", "c"], seed=0):
        assert row["own"] == pytest.approx(row["other"], rel=1e-3)
        assert row["stronger"]["value"] == 0
