"""Bytes to waveform and back, with every limit and error of a foreign file."""

import hashlib
import io
import wave
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.cancellation import cancellation_note
from model.audio.decoders import AudioError
from model.audio.mixdown import Mix, mix_to_mono
from model.audio.reading import too_large
from model.audio.routes import open_audio
from model.constants import (
    MAX_SECONDS,
    MAX_UPLOAD_BYTES,
    MIN_SECONDS,
    SAMPLE_RATE,
)

__all__ = ["AudioError", "Clip", "decode", "encode_wav"]

# A recording that never swings further than this is taken for silence. It is
# 16 dB above the last bit of 16-bit sound: dither and hiss stay below, and even
# a very quiet recording is above.
SILENCE_DBFS: Final = -80.0

# Lossy decoders overshoot full scale (1.0) a little; beyond this the samples are
# on another scale, such as that of 16-bit integers stored as floats.
MAX_OVERSHOOT: Final = 8.0


@dataclass(frozen=True, eq=False)
class Clip:
    """A decoded recording.

    Attributes
    ----------
    waveform : ndarray, shape (samples,), float32
        Mono at `SAMPLE_RATE` Hz, read-only; full scale is 1.
    name : str
        What the user calls it.
    sha256 : str
        Hexadecimal SHA-256 of the file's bytes.
    notes : tuple of str
        What the user should know about how it was read, in whole sentences.
    """

    waveform: npt.NDArray[np.float32]
    name: str
    sha256: str
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.waveform) / SAMPLE_RATE


def decode(data: bytes, name: str = "clip") -> Clip:
    """Read an audio file, or the sound of a video, of any common format.

    The content alone decides how it is read, never the name.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What the user calls it.

    Returns
    -------
    Clip
        At least `MIN_SECONDS` and at most `MAX_SECONDS` long.

    Raises
    ------
    AudioError
        With a sentence for the user and one of these codes: ``too-large``,
        ``empty``, ``not-audio``, ``damaged``, ``no-decoder``,
        ``no-audio-track``, ``no-frames``, ``sample-rate``, ``channels``,
        ``surround``, ``not-finite``, ``too-short``, ``silent``, ``timeout``.

    Examples
    --------
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE)
    >>> decode(encode_wav(tone.astype(np.float32))).seconds
    4.0
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise too_large(len(data))
    if not data:
        raise AudioError("empty", "This file is empty (0 bytes). Choose another file.")

    notes = []
    with open_audio(data) as stream:
        mix = mix_to_mono(stream)
    notes.extend(stream.notes)
    if mix.cancelled:
        notes.append(cancellation_note(mix.cancelled))
        with open_audio(data) as stream:
            mix = mix_to_mono(stream, channel=mix.loudest_channel)
    _check(mix)
    waveform = mix.waveform
    if mix.peak > MAX_OVERSHOOT:
        waveform = waveform / np.float32(mix.peak)
        notes.append(
            "The samples were far beyond full scale, so the recording was scaled down to it."
        )
    if mix.longer:
        limit = f"{MAX_SECONDS / 60:g} minutes"
        notes.append(f"The recording is longer than {limit}: only the first {limit} were read.")
    elif mix.incomplete:
        notes.append(
            "The file is incomplete, or its header is wrong: "
            f"{mix.seconds:.1f} s of sound could be read and are used."
        )
    waveform.flags.writeable = False  # clips are cached and shared
    return Clip(waveform, name, hashlib.sha256(data).hexdigest(), tuple(notes))


def encode_wav(waveform: npt.NDArray[np.floating], sample_rate: int = SAMPLE_RATE) -> bytes:
    """Write a mono WAV file with 16-bit samples, without normalising.

    Parameters
    ----------
    waveform : ndarray, shape (samples,)
        Full scale is 1; what lies beyond is clipped.
    sample_rate : int
        Hz.

    Returns
    -------
    bytes
        The whole file.

    Raises
    ------
    ValueError
        If the waveform is not one-dimensional, or holds NaN or infinity.
    """
    if waveform.ndim != 1:
        raise ValueError(f"expected a waveform of shape (samples,), got {waveform.shape}")
    if not np.isfinite(waveform).all():
        raise ValueError("the waveform holds NaN or infinity")
    samples = np.clip(np.round(waveform * 2.0**15), -(2**15), 2**15 - 1).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


def _check(mix: Mix) -> None:
    if mix.seconds < MIN_SECONDS:
        raise AudioError(
            "too-short",
            f"This recording has {mix.seconds:.2f} s of sound; at least {MIN_SECONDS:g} s are "
            "needed. Choose or record a longer one.",
        )
    if mix.peak < 10 ** (SILENCE_DBFS / 20):
        raise AudioError(
            "silent",
            f"This recording is silent: its level stays below {SILENCE_DBFS:g} dB of full scale. "
            "Check the microphone or the export, or choose another file.",
        )
