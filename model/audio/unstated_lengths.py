"""Lengths that a writer left open, filled in.

A program that writes into a pipe cannot go back to state how much it wrote. It
leaves a placeholder: all bits set, or the most that a signed number holds, or zero.
Decoders take that for a promise, and call a complete file incomplete, or refuse it.

Layouts: RIFF (Multimedia Programming Interface 1.0, chapter 2), RF64 (EBU Tech 3306),
AIFF (Apple, 1989), CAF (Apple Core Audio Format Specification 1.0), W64 (Sony).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

# Players that write WAV into a pipe promise from 2 GiB - 64 KiB (sox) to 4 GiB - 1
# (ffmpeg); nothing of that size is read here, so it cannot be a promise.
PLACEHOLDER_32: Final = 2**31 - 2**16
PLACEHOLDER_64: Final = 2**62

# A header has a dozen chunks; made-up ones must not cost time.
MAX_CHUNKS: Final = 1_000


@dataclass(frozen=True)
class Layout:
    """How one container writes its chunks."""

    first_chunk: int  # bytes before it
    id_bytes: int
    size_bytes: int
    byte_order: Literal["little", "big"]
    sound: bytes  # what the chunk with the samples is called
    alignment: int = 1  # chunks begin at multiples of it
    size_of_header_counts: bool = False

    @property
    def placeholder(self) -> int:
        """The least number that states no length."""
        return PLACEHOLDER_32 if self.size_bytes == 4 else PLACEHOLDER_64

    @property
    def uncounted_bytes(self) -> int:
        """How much of a chunk its stated size leaves out."""
        return 0 if self.size_of_header_counts else self.id_bytes + self.size_bytes


RIFF: Final = Layout(12, 4, 4, "little", b"data", 2)
W64_DATA: Final = b"data\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"
LAYOUTS: Final = {
    b"RIFF": RIFF,
    b"RF64": RIFF,
    b"RIFX": Layout(12, 4, 4, "big", b"data", 2),
    b"FORM": Layout(12, 4, 4, "big", b"SSND", 2),
    b"caff": Layout(8, 4, 8, "big", b"data"),
    b"riff": Layout(40, 16, 8, "little", W64_DATA, 8, size_of_header_counts=True),
}


def fill_in_lengths(data: bytes) -> bytes:
    """State the length of the samples where the file leaves it open.

    Parameters
    ----------
    data : bytes
        A whole file, without tags before it.

    Returns
    -------
    bytes
        `data` itself where there is nothing to fill in.
    """
    layout, chunk, size = _find_samples(data)
    if layout is not None and size >= layout.placeholder:
        if data.startswith(b"RF64"):
            data = b"RIFF" + data[4:]
        return _with_size(data, chunk, layout)
    return data


def lacks_samples(data: bytes) -> bool:
    """Whether a file states more bytes of samples than it has.

    Parameters
    ----------
    data : bytes
        A whole file, as `fill_in_lengths` returns it.
    """
    layout, chunk, size = _find_samples(data)
    return layout is not None and size > len(data) - chunk - layout.uncounted_bytes


def _find_samples(data: bytes) -> tuple[Layout | None, int, int]:
    """Layout of a file, offset of the chunk with its samples, and the size it states."""
    layout = LAYOUTS.get(data[:4])
    if layout is None:
        return None, 0, 0
    for chunk, size in _chunks(data, layout):
        if data.startswith(layout.sound, chunk):
            return layout, chunk, size
    return None, 0, 0


def _chunks(data: bytes, layout: Layout) -> Iterator[tuple[int, int]]:
    """Offset and stated size of each chunk, in the order of the file."""
    size_64 = _size_of_rf64(data) if data.startswith(b"RF64") else None
    offset = layout.first_chunk
    header_bytes = layout.id_bytes + layout.size_bytes
    for _ in range(MAX_CHUNKS):
        size_field = data[offset + layout.id_bytes : offset + header_bytes]
        if len(size_field) < layout.size_bytes:
            return
        size = int.from_bytes(size_field, layout.byte_order)
        if size_64 is not None and data.startswith(layout.sound, offset):
            size = size_64
        yield offset, size
        content = max(size - header_bytes, 0) if layout.size_of_header_counts else size
        offset += header_bytes + content
        offset += -offset % layout.alignment


def _size_of_rf64(data: bytes) -> int:
    """Size of the samples that the ds64 chunk states, or the placeholder."""
    if data[12:16] != b"ds64" or len(data) < 36:
        return PLACEHOLDER_64
    (size,) = struct.unpack_from("<Q", data, 28)
    return size or PLACEHOLDER_64


def _with_size(data: bytes, chunk: int, layout: Layout) -> bytes:
    """Return the file with all that follows in the chunk that holds the samples."""
    header_bytes = layout.id_bytes + layout.size_bytes
    size = len(data) - chunk - layout.uncounted_bytes
    field = size.to_bytes(layout.size_bytes, layout.byte_order)
    return b"".join((data[: chunk + layout.id_bytes], field, data[chunk + header_bytes :]))
