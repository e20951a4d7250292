"""Excerpts of free recordings that come in a Debian package."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from model.sample_clips.dynamics import fade, normalise
from model.sample_clips.filters import RATE, Stereo
from model.sample_clips.fluid import MissingToolError

TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class Excerpt:
    """Where an excerpt comes from, and what is done to it."""

    package: str
    files: tuple[str, ...]  # inside the package; played together
    start: float  # seconds
    seconds: float
    fade_in: float = 0.15
    fade_out: float = 1.2


def _unpacked(package: str, folder: Path) -> Path:
    """Return a folder with the package's files: the installed ones, or a fresh download."""
    if Path(f"/usr/share/doc/{package}/copyright").is_file():
        return Path("/")
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise MissingToolError(f"the Debian package {package} is needed, and apt-get to fetch it")
    subprocess.run(
        ["apt-get", "-qq", "download", package],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=TIMEOUT_SECONDS,
    )
    archive = next(folder.glob(f"{package}_*.deb"))
    subprocess.run(
        ["dpkg-deb", "-x", str(archive), str(folder)], check=True, timeout=TIMEOUT_SECONDS
    )
    return folder


def cut(excerpt: Excerpt) -> Stereo:
    """Return the excerpt: its files summed, faded and at the samples' common level."""
    with tempfile.TemporaryDirectory() as folder:
        root = _unpacked(excerpt.package, Path(folder))
        tracks = []
        for name in excerpt.files:
            with soundfile.SoundFile(root / name) as track:
                if track.samplerate != RATE or track.channels != 2:
                    raise RuntimeError(f"{name} is not {RATE} Hz stereo")
                track.seek(int(excerpt.start * RATE))
                tracks.append(track.read(int(excerpt.seconds * RATE), dtype="float64"))
    mixed: Stereo = np.sum(tracks, axis=0)
    return normalise(fade(mixed, excerpt.fade_in, excerpt.fade_out))
