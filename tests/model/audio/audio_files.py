"""Audio files for the tests, all made on the spot."""

import hashlib
import io
import struct
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

# Every kind of container that the app reads: name -> options of ffmpeg's encoder.
CONTAINERS = {
    "wav": ("-c:a", "pcm_s16le", "-f", "wav"),
    "wav with ADPCM": ("-c:a", "adpcm_ms", "-f", "wav"),
    "wav with MP3": ("-c:a", "libmp3lame", "-f", "wav"),
    "rf64": ("-c:a", "pcm_s16le", "-rf64", "always", "-f", "wav"),
    "w64": ("-c:a", "pcm_s16le", "-f", "w64"),
    "aiff": ("-c:a", "pcm_s16be", "-f", "aiff"),
    "au": ("-c:a", "pcm_s16be", "-f", "au"),
    "caf": ("-c:a", "pcm_s16be", "-f", "caf"),
    "voc": ("-c:a", "pcm_s16le", "-f", "voc"),
    "flac": ("-c:a", "flac", "-f", "flac"),
    "ogg": ("-c:a", "libvorbis", "-f", "ogg"),
    "opus": ("-c:a", "libopus", "-ar", "48000", "-f", "ogg"),
    "ogg with FLAC": ("-c:a", "flac", "-f", "ogg"),
    "mp3": ("-c:a", "libmp3lame", "-b:a", "128k", "-f", "mp3"),
    "mp3, VBR": ("-c:a", "libmp3lame", "-q:a", "4", "-f", "mp3"),
    "mp3, VBR without Xing": ("-c:a", "libmp3lame", "-q:a", "4", "-write_xing", "0", "-f", "mp3"),
    "mp3, 22 kHz": ("-c:a", "libmp3lame", "-ar", "22050", "-ac", "1", "-f", "mp3"),
    "mp2": ("-c:a", "mp2", "-f", "mp2"),
    "m4a": ("-c:a", "aac", "-f", "ipod"),
    "m4a with ALAC": ("-c:a", "alac", "-f", "ipod"),
    "aac": ("-c:a", "aac", "-f", "adts"),
    "webm": ("-c:a", "libopus", "-ar", "48000", "-f", "webm"),
    "matroska": ("-c:a", "libvorbis", "-f", "matroska"),
    "avi": ("-c:a", "libmp3lame", "-f", "avi"),
    "mpeg": ("-c:a", "mp2", "-f", "mpeg"),
    "mpegts": ("-c:a", "aac", "-f", "mpegts"),
    "flv": ("-c:a", "aac", "-f", "flv"),
    "wma": ("-c:a", "wmav2", "-f", "asf"),
    "ac3": ("-c:a", "ac3", "-f", "ac3"),
    "dts": ("-c:a", "dca", "-strict", "-2", "-f", "dts"),
    "wavpack": ("-c:a", "wavpack", "-f", "wv"),
    "tta": ("-c:a", "tta", "-f", "tta"),
}


# What ffmpeg has made of which sound.
_ENCODED: dict[tuple[str, bytes], bytes] = {}


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


def run_ffmpeg(folder: Path, *options: str, piped: bool = False) -> bytes:
    """Return what ffmpeg writes with these options, into a file or into a pipe."""
    executable = find_ffmpeg()
    assert executable is not None, "the tests need the imageio-ffmpeg wheel or ffmpeg itself"
    target = folder / "made"
    command = [executable, "-nostdin", "-y", "-v", "error", *options]
    if piped:
        return subprocess.run(
            [*command, "pipe:1"], check=True, timeout=60, stdout=subprocess.PIPE
        ).stdout
    subprocess.run([*command, str(target)], check=True, timeout=60)
    return target.read_bytes()


def seconds_by_ffmpeg(data: bytes, folder: Path) -> float:
    """Return the length of what ffmpeg decodes, in seconds."""
    source = folder / "to_measure"
    source.write_bytes(data)
    options = ("-i", str(source), "-vn", "-ac", "1", "-ar", "48000", "-f", "s16le")
    return len(run_ffmpeg(folder, *options)) / (2 * 48_000)


def encoded(
    format_name: str, waveform: npt.NDArray[np.float32], folder: Path, sample_rate: int = 44_100
) -> bytes:
    """Return `waveform` in one of `SOUNDFILE_FORMATS` or `FFMPEG_FORMATS`, made once."""
    if format_name in SOUNDFILE_FORMATS:
        if format_name == "opus":
            sample_rate = 48_000  # the only rate of Opus files
        return soundfile_bytes(waveform, sample_rate, *SOUNDFILE_FORMATS[format_name])
    wav = soundfile_bytes(waveform, sample_rate)
    made = (format_name, hashlib.sha256(wav).digest())
    if made not in _ENCODED:
        source = folder / "source.wav"
        source.write_bytes(wav)
        _ENCODED[made] = run_ffmpeg(folder, "-i", str(source), *FFMPEG_FORMATS[format_name])
    return _ENCODED[made]


def dsd_bits(waveform: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Return a first-order sigma-delta modulation: one 0 or 1 for each sample."""
    steps = np.floor(np.cumsum((waveform.astype(np.float64) + 1) / 2))
    return np.diff(steps, prepend=0).astype(np.uint8)


def dsf(waveform: npt.NDArray[np.float32], rate: int) -> bytes:
    """Return a mono DSF file (Sony, "DSF File Format Specification" 1.01)."""
    block = 4_096
    sound = np.packbits(dsd_bits(waveform), bitorder="little").tobytes()
    sound += b"\x69" * (-len(sound) % block)
    what = struct.pack("<4sQ6IQ2I", b"fmt ", 52, 1, 0, 1, 1, rate, 1, len(waveform), block, 0)
    start = struct.pack("<4s3Q", b"DSD ", 28, 28 + 52 + 12 + len(sound), 0)
    return start + what + struct.pack("<4sQ", b"data", 12 + len(sound)) + sound


def dsdiff(waveform: npt.NDArray[np.float32], rate: int) -> bytes:
    """Return a mono DSDIFF file (Philips, "DSDIFF File Format Specification" 1.5)."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack(">Q", len(content)) + content + b"\0" * (len(content) % 2)

    properties = (
        chunk(b"FS  ", struct.pack(">I", rate)),
        chunk(b"CHNL", struct.pack(">H", 1) + b"C   "),
        chunk(b"CMPR", b"DSD \x0enot compressed\0"),
    )
    return chunk(
        b"FRM8",
        b"DSD "
        + chunk(b"FVER", b"\x01\x05\0\0")
        + chunk(b"PROP", b"SND " + b"".join(properties))
        + chunk(b"DSD ", np.packbits(dsd_bits(waveform)).tobytes()),
    )
