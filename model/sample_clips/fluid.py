"""Notes to sound: FluidSynth plays one part on the sound font Fluid R3."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from model.sample_clips.filters import RATE, Stereo
from model.sample_clips.midi import midi_file
from model.sample_clips.score import PlayedNote

SOUND_FONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")  # where Debian installs it
TIMEOUT_SECONDS = 120


class MissingToolError(RuntimeError):
    """A program or file that a Debian package brings is not there."""


def check_tools() -> None:
    """Raise MissingToolError unless FluidSynth and the sound font are installed."""
    if shutil.which("fluidsynth") is None or not SOUND_FONT.is_file():
        raise MissingToolError(
            "FluidSynth and the sound font Fluid R3 are needed: "
            "apt-get install fluidsynth fluid-soundfont-gm"
        )


def render(notes: list[PlayedNote], program: int, drums: bool, seconds: float) -> Stereo:
    """Return the dry sound of one part; shape (samples, 2) at RATE.

    The synthesiser's own reverb and chorus are off: rooms are the mixer's task,
    and without them the same notes give the same samples each time.
    """
    with tempfile.TemporaryDirectory() as folder:
        score, sound = Path(folder) / "part.mid", Path(folder) / "part.wav"
        score.write_bytes(midi_file(notes, program, drums))
        subprocess.run(
            ["fluidsynth", "-ni", "-q", "-R", "0", "-C", "0", "-g", "0.6", "-r", str(RATE)]
            + ["-O", "float", "-T", "wav", "-F", str(sound), str(SOUND_FONT), str(score)],
            check=True,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
        )
        samples, rate = soundfile.read(sound, dtype="float64", always_2d=True)
    if rate != RATE:
        raise RuntimeError(f"FluidSynth wrote {rate} Hz instead of {RATE}")
    length = int(seconds * RATE)
    fitted: Stereo = np.zeros((length, 2))
    fitted[: min(length, len(samples))] = samples[:length]
    return fitted
