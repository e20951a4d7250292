"""Variations of a recording, as they happen to songs before the app gets them.

Everything is drawn from a given generator, anew for every version of every recording. What
changes the spectrum (equaliser, tilt, band limit, room) is one curve in the frequency domain.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.fft
import soundfile
import soxr
from scipy.signal import butter, sosfiltfilt

from model.constants import SAMPLE_RATE
from model.types import Float32

_KNOTS_HZ: Final = np.array([60.0, 150.0, 400.0, 1_000.0, 2_500.0, 6_000.0, 10_000.0])
_BLOCK: Final = 441  # samples, 20 ms, of the compressor's envelope
_OPUS_RATE: Final = 24_000  # Hz
# Container, codec, sampling rate and range of the compression level: MP3 from 65 down to 24
# kbit/s, Opus from 30 down to 9.
_CODECS: Final = (
    ("MP3", "MPEG_LAYER_III", SAMPLE_RATE, (0.0, 0.95)),
    ("OGG", "OPUS", _OPUS_RATE, (0.9, 0.98)),
)


@dataclass(frozen=True)
class SoundVariation:
    """How likely and how strong each change is.

    Attributes
    ----------
    speed : float
        Largest change of speed, and with it of pitch, as a share; on half of the versions.
    equaliser_db : float
        Standard deviation of a smooth random equaliser, in dB.
    tilt_db : float
        Standard deviation of a slope, in dB an octave.
    compression, band_limit, phone, noise, room, codec, silence, click, offset : float
        Probability of each change.
    """

    speed: float = 0.08
    equaliser_db: float = 3.0
    tilt_db: float = 1.0
    compression: float = 0.3
    band_limit: float = 0.25
    phone: float = 0.15
    noise: float = 0.35
    room: float = 0.25
    codec: float = 0.3
    silence: float = 0.1
    click: float = 0.1
    offset: float = 0.1


def changed_speed(waveform: Float32, factor: float) -> Float32:
    """Play faster or slower by resampling: pitch and tempo move together."""
    return soxr.resample(waveform, SAMPLE_RATE * factor, SAMPLE_RATE)


def compressed(waveform: Float32, ratio: float, threshold_db: float) -> Float32:
    """Turn down what is louder than a threshold, as a broadcast compressor does.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio.
    ratio : float
        What exceeds the threshold is divided by this, in dB.
    threshold_db : float
        Below the loudest 20 ms.

    Returns
    -------
    ndarray of float32, shape (samples,)
        At the same peak level as before.
    """
    blocks = -(-len(waveform) // _BLOCK)
    padded = np.pad(waveform, (0, blocks * _BLOCK - len(waveform))).reshape(blocks, _BLOCK)
    power = np.square(padded).mean(axis=1)
    level = 10 * np.log10(np.maximum(power / max(float(power.max()), 1e-12), 1e-8))
    gain_db = np.minimum(0.0, (threshold_db - level) * (1 - 1 / ratio))
    centres = (np.arange(blocks) + 0.5) * _BLOCK
    gain = np.interp(np.arange(len(waveform)), centres, 10 ** (gain_db / 20))
    out = waveform * gain.astype(np.float32)
    peak = float(np.abs(out).max(initial=0.0))
    return out * np.float32(float(np.abs(waveform).max()) / peak) if peak > 0 else out


def room_response(seconds: float, ratio_db: float, rng: np.random.Generator) -> Float32:
    """Impulse response of a room: the direct sound and a decaying tail of noise.

    Parameters
    ----------
    seconds : float
        Reverberation time, in which the tail falls by 60 dB.
    ratio_db : float
        Power of the tail relative to the direct sound.
    rng : numpy.random.Generator
        Where the tail comes from.

    Returns
    -------
    ndarray of float32, shape (samples,)
        Beginning with 1.
    """
    t = np.arange(1, int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tail = rng.standard_normal(len(t)) * 10 ** (-3 * t / seconds)
    tail *= 10 ** (ratio_db / 20) / np.sqrt(np.square(tail).sum())
    return np.concatenate([[1.0], tail]).astype(np.float32)


def spectral_curve(hertz: Float32, how: SoundVariation, rng: np.random.Generator) -> Float32:
    """Draw an equaliser, a tilt and maybe a band limit: a factor for every frequency.

    Parameters
    ----------
    hertz : ndarray of float32, shape (bins,)
        Frequencies, not negative.
    how : SoundVariation
        How strongly.
    rng : numpy.random.Generator
        Source of the random draws.

    Returns
    -------
    ndarray of float32, shape (bins,)
        Of the amplitude.
    """
    octave = np.log2(np.maximum(hertz, 30.0) / 1_000.0)
    knots = how.equaliser_db * rng.standard_normal(len(_KNOTS_HZ))
    curve = np.interp(octave, np.log2(_KNOTS_HZ / 1_000.0), knots)
    curve = curve + how.tilt_db * rng.standard_normal() * octave
    factor = 10 ** (curve / 20)
    if rng.random() < how.band_limit:
        # A Butterworth filter of order 8: a telephone, a small loudspeaker, an old MP3.
        limit = np.exp(rng.uniform(np.log(3_000.0), np.log(8_000.0)))
        factor = factor / np.sqrt(1 + (hertz / limit) ** 16)
        if rng.random() < 0.3:
            factor = factor / np.sqrt(1 + (300.0 / np.maximum(hertz, 1.0)) ** 8)
    return factor.astype(np.float32)


def telephoned(waveform: Float32, band: tuple[float, float]) -> Float32:
    """Pass on as a telephone does: one band, in 256 steps of the mu-law.

    Butterworth filters of order 4, forwards and backwards, and the mu-law of ITU-T G.711,
    ``y = sign(x) ln(1 + 255 |x|) / ln 256``, rounded to 8 bits and undone.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE; what exceeds full scale is clipped.
    band : tuple of float
        Its lower and upper end, in Hz.

    Returns
    -------
    ndarray of float32, shape (samples,)
        At the same level.
    """
    sections = butter(4, band, "bandpass", fs=SAMPLE_RATE, output="sos")
    narrow = np.clip(sosfiltfilt(sections, waveform), -1.0, 1.0)
    steps = np.round(127 * np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256)) / 127
    heard: Float32 = (np.sign(steps) * (256 ** np.abs(steps) - 1) / 255).astype(np.float32)
    return heard


def noise_like(waveform: Float32, ratio_db: float, rng: np.random.Generator) -> Float32:
    """Draw noise, white or falling by up to 6 dB an octave, `ratio_db` below a waveform."""
    noise = rng.standard_normal(len(waveform), np.float32)
    slope = rng.uniform(0.0, 1.0)
    if rng.random() < 0.5:
        spectrum = scipy.fft.rfft(noise)
        hertz = np.arange(len(spectrum)) * (SAMPLE_RATE / len(waveform))
        spectrum *= (np.maximum(hertz, 50.0) / 50.0).astype(np.float32) ** np.float32(-slope)
        noise = scipy.fft.irfft(spectrum, len(waveform))
    wanted = float(np.square(waveform).mean()) * 10 ** (-ratio_db / 10)
    return noise * np.float32(np.sqrt(wanted / max(float(np.square(noise).mean()), 1e-20)))


def coded(waveform: Float32, codec: int, level: float) -> Float32:
    """Encode at a low rate and decode: MP3, or Opus.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    codec : int
        0 for MP3, 1 for Opus.
    level : float
        libsndfile's compression level, 0 to 1.

    Returns
    -------
    ndarray of float32, shape (about samples,)
        At SAMPLE_RATE.
    """
    container, subtype, rate, _ = _CODECS[codec]
    samples = np.clip(waveform, -1.0, 1.0)
    if rate != SAMPLE_RATE:
        samples = soxr.resample(samples, SAMPLE_RATE, rate)
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", rate, 1, subtype, format=container, compression_level=level
    ) as sink:
        sink.write(samples)
    file.seek(0)
    decoded, decoded_rate = soundfile.read(file, dtype="float32")
    if decoded_rate != SAMPLE_RATE:
        decoded = soxr.resample(decoded, decoded_rate, SAMPLE_RATE)
    return decoded


def vary_sound(waveform: Float32, how: SoundVariation, rng: np.random.Generator) -> Float32:
    """Make another version of a recording.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    how : SoundVariation
        How likely and how strongly.
    rng : numpy.random.Generator
        Source of the random draws. The order of the draws is fixed, so a seed says it all.

    Returns
    -------
    ndarray of float32, shape (other samples,)
        Another length where the speed changed or silence was added.
    """
    sound = waveform
    if rng.random() < 0.5:
        sound = changed_speed(sound, float(np.exp(rng.uniform(-how.speed, how.speed))))
    if rng.random() < how.compression:
        sound = compressed(sound, rng.uniform(2.0, 6.0), rng.uniform(-30.0, -10.0))
    size = scipy.fft.next_fast_len(len(sound) + SAMPLE_RATE, real=True)
    spectrum = scipy.fft.rfft(sound, size)
    hertz = (np.arange(len(spectrum)) * (SAMPLE_RATE / size)).astype(np.float32)
    spectrum *= spectral_curve(hertz, how, rng)
    if rng.random() < how.room:
        response = room_response(rng.uniform(0.2, 1.0), rng.uniform(-15.0, 0.0), rng)
        spectrum *= scipy.fft.rfft(response, size)
    sound = scipy.fft.irfft(spectrum, size)[: len(sound)]
    if rng.random() < how.noise:
        sound = sound + noise_like(sound, rng.uniform(10.0, 30.0), rng)
    peak = float(np.abs(sound).max(initial=0.0))
    if peak > 0:
        sound = sound * np.float32(rng.uniform(0.1, 1.0) / peak)
    if rng.random() < how.codec:
        codec = int(rng.integers(len(_CODECS)))
        sound = coded(sound, codec, rng.uniform(*_CODECS[codec][3]))
    if rng.random() < how.phone:
        sound = telephoned(sound, (rng.uniform(200.0, 400.0), rng.uniform(2_800.0, 3_800.0)))
    for probability, disturb in (
        (how.silence, _with_silence),
        (how.click, _with_click),
        (how.offset, _with_offset),
    ):
        if rng.random() < probability:
            sound = disturb(sound, rng)
    return sound.astype(np.float32, copy=False)


_Disturbance = Callable[[Float32, np.random.Generator], Float32]


def _with_silence(sound: Float32, rng: np.random.Generator) -> Float32:
    """Put up to half of the recording's length of silence before and behind it."""
    before, behind = (int(rng.uniform(0.0, 0.5) * len(sound)) for _ in range(2))
    return np.pad(sound, (before, behind))


def _with_click(sound: Float32, rng: np.random.Generator) -> Float32:
    """Add one click at full scale."""
    clicked = sound.copy()
    clicked[int(rng.integers(len(sound)))] = 1.0
    return clicked


def _with_offset(sound: Float32, rng: np.random.Generator) -> Float32:
    """Add a constant."""
    return sound + np.float32(rng.uniform(-0.3, 0.3))
