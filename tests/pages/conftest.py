"""The app under AppTest, with a small network in place of the real one."""

import inspect
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from model.audio.excerpt import Excerpt
from model.audio.song_statistics import SONG_STATISTICS
from model.constants import GENRES, MIN_SECONDS
from model.explain.door import Prediction
from model.explain.grid import MapGrid, RelevanceMap
from model.export.example import Example
from model.networks.classifier import Classifier
from model.other_sounds import OtherSounds
from model.second_opinion import SecondOpinion
from pages.session import cached, example, network
from tests.pages.driving import ROCK, tone_wav, upload

APP = Path(__file__).parents[2] / "app.py"
BANDS, FRAMES = 8, 8  # of the spectrogram in one cell of the small network's map


def in_background(thread: threading.Thread) -> bool:
    """Whether a thread is one that loads and warms a network."""
    return thread.name.startswith("load-network")


PACK_EXAMPLE = inspect.unwrap(example._payload)
EXAMPLE_PAYLOADS: dict[str, bytes] = {}


def example_payload(sha256: str, data: bytes, shown: Example) -> bytes:
    """Make what the player gets of the first page's example, once for all tests."""
    if sha256 not in EXAMPLE_PAYLOADS:
        EXAMPLE_PAYLOADS[sha256] = PACK_EXAMPLE(sha256, data, shown)
    return EXAMPLE_PAYLOADS[sha256]


def start_on(name: str) -> AppTest:
    """Open the app on one of its pages: a run less than by way of the first page."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    return app.switch_page(f"pages/{name}.py").run()


class SmallNetwork:
    """Hears one genre in each of ten ranges of frequency, and nothing that is blues.

    Channel k of its map is the loudness in range k where the loudest range is k, and 0
    elsewhere.
    """

    def __init__(self) -> None:
        self.verdicts = 0  # that a page asked for

    def predict_on_batch(self, batch: np.ndarray) -> list[np.ndarray]:
        self.verdicts += not in_background(threading.current_thread())
        maps = self.maps(batch[0, :, :, 0])
        return [maps[np.newaxis], (maps.mean(axis=(0, 1)) @ KERNEL)[np.newaxis]]

    @staticmethod
    def maps(levels: np.ndarray) -> np.ndarray:
        """The last map, (rows, columns, genres), of levels in dB, (mels, frames)."""
        loudness = np.maximum(levels / 80 + 1, 0)
        rows, columns = loudness.shape[0] // BANDS, loudness.shape[1] // FRAMES
        cells = loudness[: rows * BANDS, : columns * FRAMES]
        cells = cells.reshape(rows, BANDS, columns, FRAMES).mean(axis=(1, 3))
        maps = np.zeros((rows, columns, len(GENRES)), np.float32)
        for row in range(rows):
            maps[row, :, row * len(GENRES) // rows] = cells[row]
        return maps


KERNEL = 100 * np.eye(len(GENRES), dtype=np.float32)
KERNEL[:, 0] = -1  # nothing ever speaks for blues


class SmallClassifier(Classifier):
    """One whose small network is differentiated by hand, with a decoder of half the contrast."""

    decodes = True

    def decoded(self, prediction: Prediction, weights: np.ndarray) -> RelevanceMap:
        contrast = np.maximum(prediction.feature_maps @ (self.kernel @ weights), 0)
        return RelevanceMap((contrast / 2).astype(np.float32), self.grid)

    def gradients(
        self, levels: np.ndarray, weights: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows = levels.shape[1] // BANDS
        genre_of_row = np.arange(rows) * len(GENRES) // rows
        slopes = np.repeat((KERNEL @ weights)[genre_of_row], BANDS) / (80 * levels[0].size)
        by_input = np.where(levels > -80, slopes[:, np.newaxis], 0).astype(np.float32)
        maps = np.stack([SmallNetwork.maps(one) for one in levels])
        by_map = np.broadcast_to(KERNEL @ weights, maps.shape) / maps[0, ..., 0].size
        return by_input, by_map.astype(np.float32), maps


class QuickStatistician:
    """Calls everything country, or what else it is told, because of its tempo."""

    def __init__(self) -> None:
        self.hears = "country"
        self.asked = 0

    def __call__(self, excerpt: Excerpt) -> SecondOpinion:
        self.asked += 1
        probabilities = np.full(len(GENRES), 0.02, np.float32)
        probabilities[GENRES.index("jazz")] = 0.26
        probabilities[GENRES.index(self.hears)] = 0.58
        deviations = np.zeros(len(SONG_STATISTICS), np.float32)
        without = np.tile(probabilities, (len(SONG_STATISTICS), 1))
        deviations[TEMPO], without[TEMPO] = -1.0, 0.1
        return SecondOpinion(GENRES, probabilities, deviations, without)


TEMPO = SONG_STATISTICS.index("tempo")


@pytest.fixture
def statistician(monkeypatch: pytest.MonkeyPatch) -> QuickStatistician:
    """A second opinion that takes no time."""
    quick = QuickStatistician()
    monkeypatch.setattr(cached, "second_opinion", quick)
    monkeypatch.setattr(cached, "hear_sounds", lambda _: OtherSounds((), music=1.0, other=0.0))
    return quick


@pytest.fixture
def small_network(
    monkeypatch: pytest.MonkeyPatch, statistician: QuickStatistician
) -> Iterator[SmallNetwork]:
    """Load a small network where the app would load the real one."""
    small = SmallNetwork()
    classifier = SmallClassifier(
        card={"name": "small", "classes": list(GENRES)},
        sha256="0" * 64,
        kernel=KERNEL,
        bias=np.zeros(len(GENRES), np.float32),
        grid=MapGrid((BANDS - 1) / 2, BANDS, (FRAMES - 1) / 2, FRAMES),
        _network=small,
    )
    monkeypatch.setattr(network, "load_classifier", lambda: classifier)
    # Each test warms it anew, on less than the 30 s of the app, and the example stays the same.
    monkeypatch.setattr(network, "WINDOW_SECONDS", MIN_SECONDS)
    monkeypatch.setattr(example, "_payload", example_payload)
    st.cache_resource.clear()
    yield small
    for thread in filter(in_background, threading.enumerate()):
        thread.join(timeout=120)
    st.cache_resource.clear()


@pytest.fixture
def app(small_network: SmallNetwork) -> AppTest:
    """The app as it opens, on the Listen page."""
    return AppTest.from_file(str(APP), default_timeout=120).run()


@pytest.fixture
def opened(small_network: SmallNetwork) -> Callable[[str], AppTest]:
    """Opens the app on one of its pages, as a link to the page does."""
    return start_on


@pytest.fixture
def listening(app: AppTest) -> AppTest:
    """The Listen page with a clip that the small network calls rock."""
    return upload(app, tone_wav(ROCK))
