"""What a decoder hands over, and the first of the two decoders: soundfile.

soundfile reads WAV, AIFF, FLAC, MP3, Ogg Vorbis and Opus and judges a file by
its content, never by its name. Everything else is for `model.audio.ffmpeg`.
"""

import importlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import chain
from types import ModuleType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

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
    """Sound as it leaves a decoder, block by block.

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
    """

    sample_rate: int
    channels: int
    blocks: Iterator[npt.NDArray[np.float32]]
    incomplete: bool = False


Opener = Callable[[bytes], AbstractContextManager[AudioStream]]


@contextmanager
def open_checked(opener: Opener, data: bytes) -> Iterator[AudioStream]:
    """Open with one decoder; check what the header states before reading any sound.

    Parameters
    ----------
    opener : callable
        `open_soundfile` or `model.audio.ffmpeg.open_ffmpeg`.
    data : bytes
        The whole file.

    Yields
    ------
    AudioStream
        With at least one block, at a rate and with channels within the bounds.

    Raises
    ------
    AudioError
        ``sample-rate``, ``channels``, ``no-frames``, ``damaged``, or what
        `opener` raises.
    """
    with opener(data) as stream:
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
        yield stream


@contextmanager
def open_soundfile(data: bytes) -> Iterator[AudioStream]:
    """Open a file with soundfile.

    Parameters
    ----------
    data : bytes
        The whole file.

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
        file = soundfile.SoundFile(io.BytesIO(data))
    except soundfile.LibsndfileError as error:
        raise not_audio(str(error)) from error
    # After every block soundfile would seek to where it already is, and that makes MP3
    # and Opus decoders start afresh: audible gaps. A file that cannot seek is spared.
    file.seekable = lambda: False
    with file:
        if file.format not in SOUND_FORMATS:
            raise not_audio(f"libsndfile opened it as {file.format}")
        stream = AudioStream(file.samplerate, file.channels, iter(()))
        stream.incomplete = _lacks_its_end(file, data)
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


def _lacks_its_end(file: Any, data: bytes) -> bool:
    """Whether a file whose frames libsndfile counted itself stops too early.

    For WAV and AIFF libsndfile corrects the length in silence and leaves only
    a line such as ``data : 5292000 (should be 2646000)`` in its log. The last
    page of an Ogg stream carries the flag 4 (RFC 3533, section 6).
    """
    if file.format == "OGG":
        flags = data.rfind(b"OggS") + 5
        return flags >= len(data) or not data[flags] & 4
    sizes = re.search(r"^\s*(?:data|SSND)\s*: (\d+) \(should be (\d+)\)", file.extra_info, re.M)
    return sizes is not None and int(sizes[1]) > int(sizes[2])
