"""MPEG audio (MP3 and its elder layers), counted frame by frame.

An MP3 file has no length: it is a row of frames of a few hundred bytes, each with
a header of its own. What a first frame announces (Xing, VBRI) is the work of one
encoder and wrong once files are joined or cut, and what a decoder estimates from
size and bit rate is wrong wherever the bit rate varies. So the frames are counted.

Layouts: ISO/IEC 11172-3, section 2.4.1.3, and 13818-3, section 2.4.1.3 (header,
frame length); Xing and Info as LAME writes them, VBRI as Fraunhofer's encoder does.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from model.audio.decoders import LENGTH_TOLERANCE_SECONDS
from model.audio.tags import ID3V2, TAG_START, end_of_tag
from model.constants import MAX_SECONDS

# kbit/s for the indices 1 to 14, by (MPEG-1 or not, layer).
_LOW_LAYERS_2_3: Final = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
BIT_RATES: Final = {
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): _LOW_LAYERS_2_3,
    (False, 3): _LOW_LAYERS_2_3,
}

# Hz, by the two bits of the version: MPEG-2.5, (reserved), MPEG-2, MPEG-1.
SAMPLE_RATES: Final = {
    0: (11_025, 12_000, 8_000),
    2: (22_050, 24_000, 16_000),
    3: (44_100, 48_000, 32_000),
}

# Bytes between header and Xing's mark, by (MPEG-1 or not, channels).
SIDE_INFORMATION_BYTES: Final = {(True, 1): 17, (True, 2): 32, (False, 1): 9, (False, 2): 17}

# Where a header may begin: eleven bits set, no reserved version, layer or bit rate.
HEADER_START: Final = rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x10-\xef]"
LANDMARK: Final = re.compile(HEADER_START + rb"|" + TAG_START)

# One place in four thousand of random data looks like a header, so a row of frames
# is believed only after this many of one kind, each beginning where the last one ends.
FRAMES_TO_LOCK: Final = 4

# Sound begins this near the start, or the file is of another kind and holds MPEG audio.
MAX_LEADING_JUNK: Final = 2**16  # bytes

# So many places that look like a header or a tag are tried. Random data of the largest
# size has a third of it; a file made to look so everywhere costs no more than this.
MAX_TRIES: Final = 20_000


class Frame(NamedTuple):
    """What the four bytes of a header state; `kind` holds version, layer and rate."""

    length: int  # bytes, with the header
    samples: int  # in each channel
    sample_rate: int  # Hz
    channels: int
    kind: int

    @property
    def bytes_per_second(self) -> float:
        """Size of a second of such frames."""
        return self.length * self.sample_rate / self.samples


@dataclass
class MpegAudio:
    """Where the frames of a file lie, and what they add up to.

    Attributes
    ----------
    runs : list of (int, int)
        First byte and end of each unbroken row of frames; tags and junk lie between.
    sample_rate : int
        Hz, the highest of all frames.
    is_mono : bool
        Some frames are, or all: then there is no telling where the others belong.
    changes : bool
        Rate, layer or number of channels is not the same all through a run.
    seconds : float
        Length of all frames together; counting stops a little behind `MAX_SECONDS`.
    incomplete : bool
        Frames are missing at the end, or from the middle.
    """

    runs: list[tuple[int, int]] = field(default_factory=list)
    sample_rate: int = 0
    is_mono: bool = False
    changes: bool = False
    seconds: float = 0.0
    incomplete: bool = False

    def pieces(self, data: bytes) -> Iterator[memoryview]:
        """Return the bytes of the frames alone."""
        view = memoryview(data)
        return (view[start:end] for start, end in self.runs)


@functools.lru_cache(maxsize=4_096)
def parse_header(header: bytes) -> Frame | None:
    """Read the four bytes of a frame's header.

    ``length = samples / 8 * bit_rate / sample_rate``, in whole slots of one byte (of
    four in layer I), and one slot of padding more where the header states so. The
    "free" bit rate, which states no length, is not read.

    Parameters
    ----------
    header : bytes
        Four of them.

    Returns
    -------
    Frame or None
        None if they are no header.
    """
    bits = int.from_bytes(header, "big")
    version, layer = bits >> 19 & 3, 4 - (bits >> 17 & 3)
    bit_rate_index, rate_index = bits >> 12 & 15, bits >> 10 & 3
    if len(header) < 4 or bits >> 21 != 0x7FF or version == 1 or layer == 4:
        return None
    if bit_rate_index in (0, 15) or rate_index == 3:
        return None
    sample_rate = SAMPLE_RATES[version][rate_index]
    bit_rate = 1_000 * BIT_RATES[version == 3, layer][bit_rate_index - 1]
    samples = 384 if layer == 1 else 576 if layer == 3 and version != 3 else 1_152
    slot = 4 if layer == 1 else 1
    slots = samples * bit_rate // (8 * slot * sample_rate) + (bits >> 9 & 1)
    channels = 1 if bits >> 6 & 3 == 3 else 2
    return Frame(slots * slot, samples, sample_rate, channels, bits >> 17 << 2 | rate_index)


def find_mpeg_audio(data: bytes, start: int = 0) -> MpegAudio | None:
    """Walk over all frames of a file.

    Parameters
    ----------
    data : bytes
        The whole file.
    start : int
        Where to begin, behind the tags at the start.

    Returns
    -------
    MpegAudio or None
        None if no row of frames begins near `start`.
    """
    walk = _Walk(data)
    first = walk.find_run(start, start + MAX_LEADING_JUNK)
    if first is None:
        return None
    announced = _announced_frames(data, first)
    lost_seconds = 0.0
    run: int | None = first
    while run is not None and not walk.reached_limit:
        end = walk.follow(run)
        run = walk.find_run(end, len(data))
        if run is not None:
            lost_seconds += walk.junk_bytes / walk.last.bytes_per_second
    frames = walk.frames - (announced is not None)  # the one that announces has no sound
    missing = 0 if announced is None else announced - frames
    missing_seconds = missing * walk.last.samples / walk.last.sample_rate
    ends_inside = walk.ends_inside and (announced is None or missing < 0)
    walk.found.incomplete = not walk.reached_limit and (
        ends_inside or max(missing_seconds, lost_seconds) > LENGTH_TOLERANCE_SECONDS
    )
    return walk.found


class _Walk:
    """One pass over the frames of a file.

    `frames` were counted, the `last` of them last; `junk_bytes` lay before the latest
    run, tags not among them; `ends_inside` a frame says that the file is cut.
    """

    def __init__(self, data: bytes) -> None:
        self.found = MpegAudio()
        self.frames = 0
        self.last: Frame
        self.junk_bytes = 0
        self.ends_inside = False
        self._data = data
        self._tries = MAX_TRIES
        self._tag = -1

    @property
    def reached_limit(self) -> bool:
        """Whether there is more sound than the app reads."""
        return self.found.seconds > MAX_SECONDS + 1

    def find_run(self, start: int, limit: int) -> int | None:
        """First byte of the next row of frames that begins before `limit`, tags left out."""
        self.junk_bytes = 0
        offset = start
        while offset < limit and self._tries > 0:
            landmark = LANDMARK.search(self._data, offset, limit + 2)
            if landmark is None:
                return None
            self.junk_bytes += landmark.start() - offset
            offset = end_of_tag(self._data, landmark.start())
            if offset == landmark.start():
                if self._locks(offset):
                    return offset
                self.junk_bytes += 1
                offset += 1
            self._tries -= 1
        return None

    def follow(self, start: int) -> int:
        """Count frame after frame from a run's first; return where the run ends."""
        data, found, offset = self._data, self.found, start
        kind = None
        tag = self._next_tag(start)
        while not self.reached_limit:
            frame = parse_header(data[offset : offset + 4])
            if frame is None:
                self.ends_inside = offset + 4 > len(data) and data.startswith(b"\xff", offset)
                break
            if frame.kind != kind:
                if not self._locks(offset):
                    break
                found.changes = found.changes or kind is not None
                kind = frame.kind
                found.sample_rate = max(found.sample_rate, frame.sample_rate)
            if offset + frame.length > len(data):
                self.ends_inside = True
                break
            if offset + frame.length > tag:  # the end of a recording behind which another begins
                found.runs.append((start, offset))
                return tag
            if self.frames and frame.channels != self.last.channels:
                found.changes = True
            found.is_mono = found.is_mono or frame.channels == 1
            found.seconds += frame.samples / frame.sample_rate
            self.frames += 1
            self.last = frame
            offset += frame.length
        found.runs.append((start, offset))
        return offset

    def _next_tag(self, offset: int) -> int:
        """Where the next ID3v2 tag begins, or the end of the file; found once for all runs."""
        if offset > self._tag:
            tags = (tag.start() for tag in ID3V2.finditer(self._data, offset))
            whole = (start for start in tags if end_of_tag(self._data, start) > start)
            self._tag = next(whole, len(self._data))
        return self._tag

    def _locks(self, start: int) -> bool:
        """Whether enough frames of one kind follow each other here, or up to the end."""
        offset, kind = start, None
        for count in range(FRAMES_TO_LOCK):
            frame = parse_header(self._data[offset : offset + 4])
            if frame is None or kind not in (None, frame.kind):
                return count > 0 and offset == len(self._data)
            kind = frame.kind
            offset += frame.length
        return True


def _announced_frames(data: bytes, first: int) -> int | None:
    """Frames that a Xing, Info or VBRI header promises behind the frame that holds it."""
    frame = parse_header(data[first : first + 4])
    assert frame is not None  # a run begins with a frame
    at = first + 4 + SIDE_INFORMATION_BYTES[frame.sample_rate >= 32_000, frame.channels]
    if data[at : at + 4] in (b"Xing", b"Info"):
        has_count = data[at + 7 : at + 8] and data[at + 7] & 1
        return int.from_bytes(data[at + 8 : at + 12], "big") if has_count else None
    at = first + 4 + 32
    if data[at : at + 4] == b"VBRI":
        return int.from_bytes(data[at + 14 : at + 18], "big")
    return None
