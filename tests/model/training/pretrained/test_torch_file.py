"""Old PyTorch files are read as they are, and nothing in them is run."""

import os
import pickle

import numpy as np
import pytest

from model.training.pretrained.torch_file import read_state_dict
from tests.model.training.pretrained.torch_bytes import MAGIC, torch_bytes


def test_weights_are_read_with_their_names_and_shapes():
    rng = np.random.default_rng(0)
    weights = {
        "a.weight": rng.normal(size=(2, 3, 4)).astype(np.float32),
        "a.bias": np.arange(3, dtype=np.float32),
        "turned": rng.normal(size=(4, 5)).astype(np.float32).T,
    }
    read = read_state_dict(torch_bytes(weights))
    assert list(read) == list(weights)
    for name, values in weights.items():
        np.testing.assert_array_equal(read[name], values)


class Harmful:
    def __reduce__(self):
        return os.mkdir, ("harm",)


def test_a_pickle_that_would_run_code_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parts: list[object] = [MAGIC, 1001, {}, Harmful()]
    data = b"".join(pickle.dumps(part, 2) for part in parts)
    with pytest.raises(ValueError, match="no part of a file of weights"):
        read_state_dict(data)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 a newer file", torch_bytes({}, magic=1)])
def test_another_file_is_refused(data):
    with pytest.raises(ValueError, match="weights"):
        read_state_dict(data)


def test_weights_beyond_the_end_of_the_file_are_refused():
    weights = {"a": np.ones(4, np.float32)}
    for data in (torch_bytes(weights, beyond=2), torch_bytes(weights)[:-4]):
        with pytest.raises(ValueError, match="breaks off"):
            read_state_dict(data)
