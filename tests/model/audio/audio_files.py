"""Audio files for the tests, all made on the spot."""

import io
import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from model.audio.ffmpeg import find_ffmpeg

# Every format that soundfile writes: name -> (container, subtype).
SOUNDFILE_FORMATS = {
    "wav": ("WAV", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "ogg": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
}

# Every format that takes ffmpeg: name -> options of its encoder.
FFMPEG_FORMATS = {
    "m4a": ("-c:a", "aac", "-b:a", "128k", "-f", "ipod"),
    "fast.m4a": ("-c:a", "aac", "-b:a", "128k", "-movflags", "faststart", "-f", "ipod"),
    "aac": ("-c:a", "aac", "-b:a", "128k", "-f", "adts"),
    "webm": ("-c:a", "libopus", "-b:a", "96k", "-f", "webm"),
}


def tone(
    seconds: float = 4.0, sample_rate: int = 44_100, frequency: float = 440.0, level: float = 0.5
) -> npt.NDArray[np.float32]:
    """Return a sine wave of shape (samples,)."""
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    return (level * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def soundfile_bytes(
    waveform: npt.NDArray[np.float32],
    sample_rate: int = 44_100,
    container: str = "WAV",
    subtype: str = "PCM_16",
) -> bytes:
    """Return a file; `waveform` has shape (samples,) or (samples, channels)."""
    buffer = io.BytesIO()
    soundfile.write(buffer, waveform, sample_rate, format=container, subtype=subtype)
    return buffer.getvalue()


def run_ffmpeg(folder: Path, *options: str) -> bytes:
    """Return what ffmpeg writes with these options, to which the output is added."""
    executable = find_ffmpeg()
    assert executable is not None, "the tests need the imageio-ffmpeg wheel or ffmpeg itself"
    target = folder / "made"
    command = [executable, "-nostdin", "-y", "-v", "error", *options, str(target)]
    subprocess.run(command, check=True, timeout=60)
    return target.read_bytes()


def encoded(
    format_name: str, waveform: npt.NDArray[np.float32], folder: Path, sample_rate: int = 44_100
) -> bytes:
    """Return `waveform` in one of `SOUNDFILE_FORMATS` or `FFMPEG_FORMATS`."""
    if format_name in SOUNDFILE_FORMATS:
        if format_name == "opus":
            sample_rate = 48_000  # the only rate of Opus files
        return soundfile_bytes(waveform, sample_rate, *SOUNDFILE_FORMATS[format_name])
    source = folder / "source.wav"
    source.write_bytes(soundfile_bytes(waveform, sample_rate))
    return run_ffmpeg(folder, "-i", str(source), *FFMPEG_FORMATS[format_name])
