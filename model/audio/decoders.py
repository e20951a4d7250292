"""What a decoder hands over, and the decoder inside this process: soundfile.

`model.audio.routes` states what it reads, and what is for `model.audio.ffmpeg`.
"""

import importlib
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from types import ModuleType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.audio.coded_sound import SAMPLES_NEEDED, is_coded_sound
from model.constants import MAX_CHANNELS, MAX_SAMPLE_RATE, MIN_SAMPLE_RATE

# Short blocks: a damaged file loses at most the one in which decoding fails
# (93 ms at 44.1 kHz), and no header decides how much memory is taken.
BLOCK_FRAMES: Final = 4_096

# libsndfile also opens raw data tables (MATLAB, HTK, ...), which are not songs.
SOUND_FORMATS: Final = frozenset(
    {"AIFF", "AU", "CAF", "FLAC", "MP3", "OGG", "RF64", "VOC", "W64", "WAV", "WAVEX"}
)

# libsndfile's frame count for a FLAC stream whose encoder did not know it.
UNKNOWN_FRAMES: Final = 2**63 - 1

# Encoders round the length they announce (delay, padding); less is no damage.
LENGTH_TOLERANCE_SECONDS: Final = 0.05

# So far the first sound is looked for to see whether it is sound: 6 s at 44.1 kHz.
MAX_SILENT_BLOCKS: Final = 64


class AudioError(ValueError):
    """A file that cannot be used; its text is written for the user.

    Parameters
    ----------
    code : str
        Which case it is, as a short slug such as ``"silent"``.
    message : str
        What is wrong and what to do, in whole sentences.
    detail : str, optional
        What the decoder said, for diagnosis only.
    """

    def __init__(self, code: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.detail = detail


@dataclass(eq=False)
class AudioStream:
    """Decoded sound, block by block.

    Attributes
    ----------
    sample_rate : int
        Hz, as the decoder states it; not checked.
    channels : int
        As the decoder states it; not checked.
    blocks : iterator of ndarray, shape (frames, channels), float32
        Full scale is 1.
    incomplete : bool
        Known once `blocks` is used up: the file is damaged, or its header
        promises more sound than there is.
    notes : list of str
        Known once `blocks` is used up: what the user should know, in sentences.
    announced_seconds : float, optional
        Length that the decoder expects, before anything is read.
    """

    sample_rate: int
    channels: int
    blocks: Iterator[npt.NDArray[np.float32]]
    incomplete: bool = False
    notes: list[str] = field(default_factory=list)
    announced_seconds: float | None = None


@contextmanager
def open_checked(
    opener: Callable[[], AbstractContextManager[AudioStream]],
) -> Iterator[AudioStream]:
    """Open with one decoder; check what the header states before reading any sound.

    Parameters
    ----------
    opener : callable
        Opens a file with `open_soundfile` or `model.audio.ffmpeg.open_ffmpeg`.

    Yields
    ------
    AudioStream
        With at least one block, at a rate and with channels within the bounds.

    Raises
    ------
    AudioError
        ``sample-rate``, ``channels``, ``no-frames``, ``damaged``,
        ``surround``, or what `opener` raises.
    """
    with opener() as stream:
        if not MIN_SAMPLE_RATE <= stream.sample_rate <= MAX_SAMPLE_RATE:
            raise AudioError(
                "sample-rate",
                f"This file states a sample rate of {stream.sample_rate / 1000:g} kHz; "
                f"{MIN_SAMPLE_RATE / 1000:g} to {MAX_SAMPLE_RATE / 1000:g} kHz can be read. "
                "Save it again at 44.1 kHz.",
            )
        if stream.channels > MAX_CHANNELS:
            raise AudioError(
                "channels",
                f"This file states {stream.channels} channels; at most {MAX_CHANNELS} can be "
                "read. Save it again in stereo or mono.",
            )
        first = next(stream.blocks, None)
        if first is None and stream.incomplete:
            raise AudioError(
                "damaged",
                "This file is damaged or cut off: none of its sound can be read. "
                "Try another copy, or save it again as WAV or MP3.",
            )
        if first is None:
            raise AudioError(
                "no-frames",
                "This is an audio file, but there is no sound in it: its length is zero. "
                "Record or export it again, or choose another file.",
            )
        stream.blocks = chain([first], stream.blocks)
        _refuse_coded_sound(stream)
        yield stream


def _refuse_coded_sound(stream: AudioStream) -> None:
    """Look at the first samples that are not silent, and leave them in the stream."""
    looked_at: list[npt.NDArray[np.float32]] = []
    sound: list[npt.NDArray[np.float32]] = []
    for block in islice(stream.blocks, MAX_SILENT_BLOCKS):
        looked_at.append(block)
        if sound or _is_loud(block):
            sound.append(block)
        if sum(map(len, sound)) >= SAMPLES_NEEDED or stream.channels != 2:
            break
    stream.blocks = chain(looked_at, stream.blocks)
    if sound and is_coded_sound(np.concatenate(sound)):
        raise AudioError(
            "surround",
            "This file holds coded surround sound (Dolby Digital or DTS) in the place of "
            "samples, and it cannot be decoded here. Save its sound as a stereo WAV or MP3.",
        )


def _is_loud(block: npt.NDArray[np.float32]) -> bool:
    with np.errstate(invalid="ignore"):  # what is no number is refused when it is mixed
        return bool(block.any())


class _QuietFile(io.BytesIO):
    """Bytes that answer any request of libsndfile.

    What a file object raises under soundfile cannot reach the caller: it is printed
    on the terminal, and a damaged header may well ask for a place before the start.
    """

    def seek(self, offset: int, whence: int = 0, /) -> int:
        base = (0, self.tell(), len(self.getbuffer()))[whence]
        return super().seek(min(max(base + offset, 0), len(self.getbuffer())))


@contextmanager
def open_soundfile(data: bytes) -> Iterator[AudioStream]:
    """Open a file with soundfile.

    Parameters
    ----------
    data : bytes
        The whole file, without tags before it.

    Yields
    ------
    AudioStream
        Valid inside the ``with`` block.

    Raises
    ------
    AudioError
        ``no-decoder`` or ``not-audio``; another decoder may still know the file.
    """
    soundfile = _import_soundfile()
    try:
        file = soundfile.SoundFile(_QuietFile(data))
    except soundfile.LibsndfileError as error:
        raise not_audio(str(error)) from error
    # After every block soundfile would seek to where it already is, and that makes MP3
    # and Opus decoders start afresh: audible gaps. A file that cannot seek is spared.
    file.seekable = lambda: False
    with file:
        if file.format not in SOUND_FORMATS:
            raise not_audio(f"libsndfile opened it as {file.format}")
        stream = AudioStream(file.samplerate, file.channels, iter(()))
        stream.announced_seconds = file.frames / max(file.samplerate, 1)
        stream.blocks = _read_blocks(file, stream, soundfile.LibsndfileError)
        yield stream


def _import_soundfile() -> ModuleType:
    """Load soundfile late: its C library may be missing, and ffmpeg can do its work."""
    try:
        return importlib.import_module("soundfile")
    except (ImportError, OSError) as error:
        raise AudioError(
            "no-decoder",
            "No audio decoder is installed here. Install the packages of requirements.txt "
            "(soundfile reads WAV, FLAC, MP3, Ogg and Opus), or ffmpeg.",
            str(error),
        ) from error


def not_audio(detail: str) -> AudioError:
    """Build the error for content that no decoder recognises."""
    return AudioError(
        "not-audio",
        "This does not look like an audio file. "
        "Choose a WAV, FLAC, MP3, Ogg, Opus, M4A or WebM file.",
        detail,
    )


def _read_blocks(
    file: Any, stream: AudioStream, decoding_error: type[Exception]
) -> Iterator[npt.NDArray[np.float32]]:
    """Yield (frames, channels) float32 until the end or the first damaged block."""
    length_known = file.frames != UNKNOWN_FRAMES
    frames = 0
    while True:
        try:
            block = file.read(BLOCK_FRAMES, dtype="float32", always_2d=True)
        except decoding_error:
            # With an unknown length libsndfile reports the plain end as an error.
            stream.incomplete = stream.incomplete or length_known
            return
        if not len(block):
            break
        frames += len(block)
        yield block
    if length_known and file.frames - frames > LENGTH_TOLERANCE_SECONDS * file.samplerate:
        stream.incomplete = True
