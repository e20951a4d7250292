"""What every test may use: quiet libraries, synthetic sound, the data set where there is one."""

import io
import os
from pathlib import Path

from tests import numba_cache

# Set before the first import of TensorFlow: it reads them once.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
# Before the first import of numba and NumPy, too.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    numba_cache.use_copy(worker)
    # There is a process for every core already, and threads wait for each other by spinning.
    for library in ("OPENBLAS_NUM", "OMP_NUM", "TF_NUM_INTRAOP", "TF_NUM_INTEROP"):
        os.environ.setdefault(f"{library}_THREADS", "1")

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling, Scheduling

from model.constants import SAMPLE_RATE

ROOT = Path(__file__).resolve().parents[1]


def shared(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Keep a sound that all tests use from being changed by one of them."""
    sound.flags.writeable = False
    return sound


class OneBrowser(LoadFileScheduling):
    """The tests of a file run in one process, and all that share the browser in the same one.

    Most long tests are those of one file. Where only they run, each may go to any process.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/browser/"):
            return "tests/browser"
        only_long = self.config.getoption("markexpr") == "long"
        return nodeid if only_long else nodeid.split("::")[0]


def pytest_configure(config: pytest.Config) -> None:
    """Compile for all workers before they start."""
    if not worker and config.getoption("numprocesses", None):
        numba_cache.fill()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    return OneBrowser(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def gtzan() -> Path:
    """The folder of the GTZAN data set, which lies beside the repository."""
    folder = ROOT.parent / "shared" / "gtzan"
    if not (folder / "mel128.npz").is_file():
        pytest.skip("needs the GTZAN data in ../shared/gtzan, which is not there")
    return folder


@pytest.fixture(scope="session")
def tone() -> NDArray[np.float32]:
    """Five seconds of a 440 Hz sine at half of full scale; shape (samples,)."""
    t = np.arange(5 * SAMPLE_RATE) / SAMPLE_RATE
    return shared((0.5 * np.sin(2 * np.pi * 440.0 * t)).astype(np.float32))


@pytest.fixture(scope="session")
def music() -> NDArray[np.float32]:
    """Six seconds of chords, drums and a little noise, the same each time; shape (samples,)."""
    beat = 0.5  # s
    chords_hz = [(220.0, 277.2, 329.6), (146.8, 185.0, 220.0), (164.8, 207.7, 246.9)] * 4
    rng = np.random.default_rng(20260101)
    t = np.arange(int(beat * SAMPLE_RATE)) / SAMPLE_RATE

    beats = []
    for index, chord in enumerate(chords_hz):
        # A falling series of harmonics, as strings have, decaying over the beat
        harmonics = [
            np.sin(2 * np.pi * k * f * t) / k**1.5 * np.exp(-2.0 * t)
            for f in chord
            for k in range(1, 7)
        ]
        kick = np.sin(2 * np.pi * 90.0 * t * np.exp(-6.0 * t)) * np.exp(-12.0 * t)
        snare = rng.standard_normal(t.size) * np.exp(-25.0 * t) * (index % 2)
        beats.append(0.1 * sum(harmonics) + 0.6 * kick + 0.25 * snare)

    mix = np.concatenate(beats)
    mix += 0.003 * rng.standard_normal(mix.size)
    mix -= mix.mean()  # which decoding would take away
    return shared((0.8 * mix / np.abs(mix).max()).astype(np.float32))


@pytest.fixture(scope="session")
def wav_bytes(music: NDArray[np.float32]) -> bytes:
    """The bytes of a 16-bit mono WAV file of `music`."""
    file = io.BytesIO()
    soundfile.write(file, music, SAMPLE_RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()
