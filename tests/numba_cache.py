"""What numba compiles for librosa, once for all processes of the tests.

Compiling takes 40 s of CPU in a fresh clone. Numba keeps the result in files, but two processes
that write the same ones at the same time can crash each other. So one process fills a folder
before the tests begin, and each process of the tests works on a copy.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".pytest_cache" / "numba"
FILLED = FOLDER / "filled"
VARIABLE = "NUMBA_CACHE_DIR"


def use_copy(worker: str) -> None:
    """Give this process, a worker of pytest-xdist, a folder of its own."""
    own = FOLDER / worker
    if FILLED.is_dir():
        shutil.copytree(FILLED, own, dirs_exist_ok=True)
    os.environ[VARIABLE] = str(own)


def fill() -> None:
    """Fill the folder in a process of its own, unless that has happened."""
    if not FILLED.is_dir():
        command = [sys.executable, "-m", "tests.numba_cache"]
        subprocess.run(command, cwd=ROOT, check=True)


def _compile() -> None:
    """Call what the app calls of librosa; numba compiles what it meets."""
    # It reads the folder when it is imported.
    part = FOLDER / f"part-{os.getpid()}"
    os.environ[VARIABLE] = str(part)
    import numpy as np  # noqa: PLC0415

    from model.audio.song_statistics import song_statistics  # noqa: PLC0415
    from model.audio.spectrogram import istft, stft  # noqa: PLC0415
    from model.constants import SAMPLE_RATE  # noqa: PLC0415

    noise = np.random.default_rng(0).normal(scale=0.1, size=5 * SAMPLE_RATE).astype(np.float32)
    istft(stft(noise), len(noise))
    song_statistics(noise)
    if FILLED.is_dir():
        shutil.rmtree(part)
    else:
        part.rename(FILLED)


if __name__ == "__main__" and not FILLED.is_dir():
    _compile()
