"""``python -m model bench FILE --decode``: what each decoder takes for common formats."""

import io
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Final

import numpy as np
import soundfile
import soxr

from model.audio.clip import Clip
from model.audio.decoders import AudioError, AudioStream, open_soundfile
from model.audio.ffmpeg import open_ffmpeg
from model.audio.mixdown import mix_to_mono
from model.audio.routes import open_audio
from model.constants import MAX_UPLOAD_BYTES, SAMPLE_RATE

# What soundfile writes: name -> container, subtype and rate in Hz.
FORMATS: Final = {
    "WAV": ("WAV", "PCM_16", 44_100),
    "FLAC": ("FLAC", "PCM_16", 44_100),
    "MP3": ("MP3", "MPEG_LAYER_III", 44_100),
    "Ogg Vorbis": ("OGG", "VORBIS", 44_100),
    "Opus": ("OGG", "OPUS", 48_000),
}

Opener = Callable[[bytes], AbstractContextManager[AudioStream]]
OPENERS: Final[dict[str, Opener]] = {
    "app": open_audio,
    "soundfile": open_soundfile,
    "ffmpeg": open_ffmpeg,
}


def time_decoders(clip: Clip, runs: int) -> None:
    """Print the median time from bytes to waveform, by format and by way of reading.

    The ways take turns in every run, so that what else the machine does falls on all
    alike; their ratios mean more than their milliseconds.

    Parameters
    ----------
    clip : Clip
        The sound to write in each format, in stereo.
    runs : int
        How often; one run more is not counted.
    """
    print(f"{clip.seconds:.1f} s of sound, stereo, median of {runs} runs")
    print(f"{'':12}" + "".join(f"{way:>14}" for way in OPENERS) + "   app / soundfile")
    for name, (container, subtype, rate) in FORMATS.items():
        data = _written(clip, container, subtype, rate)
        if len(data) > MAX_UPLOAD_BYTES:
            print(f"{name:12} is larger than the app reads")
            continue
        seconds: dict[str, list[float]] = {way: [] for way in OPENERS}
        for _ in range(runs + 1):
            for way, opener in OPENERS.items():
                begin = time.perf_counter()
                _read(partial(opener, data))
                seconds[way].append(time.perf_counter() - begin)
        medians = {way: statistics.median(taken[1:]) for way, taken in seconds.items()}
        cells = "".join(f"{1_000 * median:11.0f} ms" for median in medians.values())
        print(f"{name:12}{cells}{medians['app'] / medians['soundfile']:18.2f}")


def _read(opener: Callable[[], AbstractContextManager[AudioStream]]) -> None:
    with opener() as stream:
        if mix_to_mono(stream).seconds == 0:
            raise AudioError("no-frames", "Nothing was read of what was written.")


def _written(clip: Clip, container: str, subtype: str, rate: int) -> bytes:
    mono = soxr.resample(clip.waveform, SAMPLE_RATE, rate)
    buffer = io.BytesIO()
    stereo = np.stack([mono, mono], axis=1)
    soundfile.write(buffer, stereo, rate, format=container, subtype=subtype)
    return buffer.getvalue()
