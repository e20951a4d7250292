"""Whether the sound that a CAM keeps carries the verdict of a network with filters."""

import numpy as np

from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.evaluation.filters.comparison import faithfulness
from model.evaluation.maps.probe import Probe
from model.evaluation.maps.subjects import Subject
from model.explain.door import Prediction
from model.types import Float32
from tests.model.evaluation.maps.conftest import HALF, listening_network


def test_a_map_of_the_right_places_is_told_from_a_rearranged_one_in_few_runs(monkeypatch):
    rng = np.random.default_rng(3)
    subjects = []
    for index in range(3):
        levels = rng.uniform(-DYNAMIC_RANGE_DB, -40, (N_MELS, 40)).astype(np.float32)
        # What the network hears of its first class, at some times.
        levels[:HALF, 5:15] = -3
        subjects.append(Subject(f"rock.0000{index}", levels))
    runs: list[str] = []
    usual = Probe.predict

    def predict(self: Probe, levels: Float32) -> Prediction:
        runs.append("one")
        return usual(self, levels)

    monkeypatch.setattr(Probe, "predict", predict)
    found = faithfulness(listening_network(), subjects)
    assert found["n"] == 3
    assert found["cam"]["FF"] > found["random"]["FF"] + 0.01
    assert len(runs) == 3, "the whole is heard once a track"
