"""A folder of songs, and a small network in place of the real one."""

import numpy as np
import pytest

from model.constants import GENRES
from model.explain.grid import MapGrid
from model.networks.classifier import Classifier
from model.networks.shipped import DEFAULT_MODEL, read_card
from model.songs import files
from tests.pages.conftest import BANDS, FRAMES, KERNEL, SmallNetwork
from tests.pages.driving import METAL, ROCK, tone_wav

SOUNDS = {"metal": tone_wav(METAL), "rock": tone_wav(ROCK)}


@pytest.fixture
def classifier(monkeypatch):
    """A small one in place of the real one, whose SHA-256 it claims."""
    small = Classifier(
        card={"name": DEFAULT_MODEL, "classes": list(GENRES)},
        sha256=read_card(DEFAULT_MODEL)["sha256"],
        kernel=KERNEL,
        bias=np.zeros(len(GENRES), np.float32),
        grid=MapGrid((BANDS - 1) / 2, BANDS, (FRAMES - 1) / 2, FRAMES),
        _network=SmallNetwork(),
    )
    monkeypatch.setattr(files, "load_classifier", lambda _: small)
    return small


@pytest.fixture
def network(classifier):
    """The small network, which counts its verdicts."""
    return classifier._network


@pytest.fixture
def folder(tmp_path):
    """Five files that can be heard, in two folders."""
    folder = tmp_path / "music"
    (folder / "B side").mkdir(parents=True)
    for name in ("a.wav", "b.WAV", "c.wav", "B side/d.wav", "B side/é.wav"):
        (folder / name).write_bytes(SOUNDS["metal" if name == "b.WAV" else "rock"])
    return folder


@pytest.fixture
def out(tmp_path):
    return tmp_path / "tables" / "results.parquet"
