"""Alterations of a recording, such as MP3, noise or another speed.

Each turns a waveform at SAMPLE_RATE into a file's bytes, so that the app's whole path is
measured.
"""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import soxr
from scipy.signal import butter, sosfiltfilt

from model.audio.clip import AudioError, encode_wav
from model.audio.ffmpeg import find_ffmpeg
from model.constants import SAMPLE_RATE
from model.training.sound_variation import telephoned
from model.types import Float32

MP3_BITRATE: Final = 64  # kbit/s
BAND_LIMIT: Final = 4_000.0  # Hz
_FILTER_ORDER: Final = 8  # run forwards and backwards: 96 dB an octave, no phase
PHONE_BAND: Final = (300.0, 3_400.0)  # Hz
SIGNAL_TO_NOISE: Final = 20.0  # dB
GAIN: Final = 12.0  # dB
SPEEDS: Final = (0.9, 1.1)


def as_mp3(waveform: Float32) -> bytes:
    """Encode as MP3 at MP3_BITRATE, mono.

    Raises
    ------
    AudioError
        ``no-encoder``, without ffmpeg.
    """
    executable = find_ffmpeg()
    if executable is None:
        raise AudioError(
            "no-encoder",
            "MP3 cannot be written here, because ffmpeg is not installed. Install the packages "
            "of requirements.txt (imageio-ffmpeg brings it), or ffmpeg.",
        )
    with warnings.catch_warnings():
        # pydub looks for ffmpeg on the path alone, and warns; it is told where below.
        warnings.filterwarnings("ignore", "Couldn't find ffmpeg", RuntimeWarning)
        from pydub import AudioSegment  # noqa: PLC0415
    AudioSegment.converter = executable
    samples = np.clip(np.round(waveform * 2.0**15), -(2**15), 2**15 - 1).astype("<i2")
    segment = AudioSegment(
        samples.tobytes(), frame_rate=SAMPLE_RATE, sample_width=samples.itemsize, channels=1
    )
    file = io.BytesIO()
    segment.export(file, format="mp3", bitrate=f"{MP3_BITRATE}k")
    return file.getvalue()


def band_limited(waveform: Float32, limit: float = BAND_LIMIT) -> Float32:
    """Cut off what lies above `limit` Hz, as a telephone does.

    A Butterworth filter of order 8, forwards and backwards: -6 dB at the limit.
    """
    sections = butter(_FILTER_ORDER, limit, fs=SAMPLE_RATE, output="sos")
    filtered: Float32 = sosfiltfilt(sections, waveform).astype(np.float32)
    return filtered


def by_phone(waveform: Float32) -> Float32:
    """Pass on as a telephone does: PHONE_BAND alone, in 256 steps of the mu-law."""
    return telephoned(waveform, PHONE_BAND)


def with_noise(
    waveform: Float32, rng: np.random.Generator, ratio_db: float = SIGNAL_TO_NOISE
) -> Float32:
    """Add white noise, `ratio_db` below the mean power of the whole waveform."""
    power = float(np.mean(np.square(waveform, dtype=np.float64)))
    deviation = np.sqrt(power * 10 ** (-ratio_db / 10))
    noise = rng.standard_normal(len(waveform), np.float32)
    return waveform + np.float32(deviation) * noise


def amplified(waveform: Float32, gain_db: float) -> Float32:
    """Change the level, clipping at full scale."""
    return np.clip(waveform * np.float32(10 ** (gain_db / 20)), -1.0, 1.0)


def played_at(waveform: Float32, speed: float) -> Float32:
    """Play faster or slower by resampling, which changes pitch and tempo together."""
    return soxr.resample(waveform, SAMPLE_RATE * speed, SAMPLE_RATE)


@dataclass(frozen=True)
class Alteration:
    """One alteration of a recording.

    Attributes
    ----------
    key, name, what : str
        For JSON, for a table, and in a sentence.
    encode : callable
        From a waveform and a random generator to a file's bytes.
    """

    key: str
    name: str
    what: str
    encode: Callable[[Float32, np.random.Generator], bytes]


def _wav(change: Callable[[Float32], Float32]) -> Callable[..., bytes]:
    return lambda waveform, _rng: encode_wav(change(waveform))


def _gain(gain_db: float) -> Alteration:
    clipped = "; samples beyond full scale are clipped" if gain_db > 0 else ""
    words = f"{gain_db:+g} dB".replace("-", "\u2212")
    return Alteration(
        f"gain{gain_db:+g}",
        f"Gain {words}",
        f"{words}, as a 16-bit file{clipped}",
        _wav(partial(amplified, gain_db=gain_db)),
    )


def _speed(speed: float) -> Alteration:
    return Alteration(
        f"speed{speed:g}",
        f"Speed {speed:g}",
        f"resampled to {speed:g} times the speed: tempo and pitch move together",
        _wav(partial(played_at, speed=speed)),
    )


ALTERATIONS: Final = (
    Alteration(
        "mp3",
        f"MP3, {MP3_BITRATE} kbit/s",
        f"encoded as MP3 at {MP3_BITRATE} kbit/s, mono at {SAMPLE_RATE} Hz",
        lambda waveform, _rng: as_mp3(waveform),
    ),
    Alteration(
        "band-limit",
        f"Nothing above {BAND_LIMIT / 1000:g} kHz",
        f"low-passed at {BAND_LIMIT:g} Hz (Butterworth, order {_FILTER_ORDER}, forwards and "
        "backwards)",
        _wav(band_limited),
    ),
    Alteration(
        "noise",
        f"Noise at {SIGNAL_TO_NOISE:g} dB",
        f"white noise, {SIGNAL_TO_NOISE:g} dB below the clip's mean power",
        lambda waveform, rng: encode_wav(with_noise(waveform, rng)),
    ),
    Alteration(
        "phone",
        "Telephone",
        f"{PHONE_BAND[0]:g} to {PHONE_BAND[1]:g} Hz alone, in 8 bits by the mu-law (G.711)",
        _wav(by_phone),
    ),
    _gain(GAIN),
    _gain(-GAIN),
    *map(_speed, SPEEDS),
)
