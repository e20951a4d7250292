"""Whether a file holds sound, by its first bytes: what `decode` may read, without decoding it.

For a folder full of files, among which are pictures, texts and songs without an ending. A
container counts whether or not there is sound in it; `decode` finds that out.
"""

import re
from typing import Final

# So much of a file decides.
HEAD_BYTES: Final = 8_192

# First bytes: of containers and of streams that begin with a mark of their own.
_BEGINNINGS: Final = (
    b"ID3",  # tag before MP3, AAC and others
    b"APETAGEX",
    b"fLaC",
    b"OggS",
    b"caff",
    b".snd",
    b"dns.",
    b"wvpk",
    b"MAC ",
    b"MP+",
    b"MPCK",
    b"TTA1",
    b"TTA2",
    b"tBaK",
    b"DSD ",
    b"FRM8",
    b"#!AMR",
    b"ADIF",
    b"FLV\x01",
    b"Creative Voice File",
    b"riff\x2e\x91\xcf\x11",  # Wave64
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF: WMA and WMV
    b"\x1a\x45\xdf\xa3",  # Matroska and WebM
    b"\x00\x00\x01\xba",  # MPEG programme stream
    b"\x0b\x77",  # AC-3 and E-AC-3
    b"\x7f\xfe\x80\x01",  # DTS, in its four orders of bytes and bits
    b"\xfe\x7f\x01\x80",
    b"\x1f\xff\xe8\x00",
    b"\xff\x1f\x00\xe8",
)

# RIFF and IFF hold many things; these of them hold sound.
_CHUNKED: Final = re.compile(
    rb"(?:RIFF|RIFX|RF64|BW64).{4}(?:WAVE|AVI )|FORM.{4}(?:AIFF|AIFC)", re.DOTALL
)

# MP4 and QuickTime: the type of the first box; still pictures (HEIC, AVIF) have the same form.
_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_PICTURE_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")

# MPEG transport streams: packets of 188 bytes, or of 192 with the time before each.
_PACKET_SYNC: Final = 0x47
_PACKETS: Final = ((188, 0), (192, 4))

# A row of so many frames of one kind is no accident.
_FRAMES: Final = 4
# Bits of the second and third byte of a frame that say of which kind it is.
_SAME: Final = (0xFE, 0x0C)

# Layers and versions by their bits; kbit/s by index (ISO/IEC 11172-3 and 13818-3, 2.4.2.3).
_KBITS: Final = {
    (3, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
# Hz by version and index (the same, 2.4.2.3; the lower halves from 13818-3).
_RATES: Final = {
    3: (44_100, 48_000, 32_000),
    2: (22_050, 24_000, 16_000),
    0: (11_025, 12_000, 8_000),
}


def begins_like_sound(head: bytes) -> bool:
    """Whether a file may hold sound that `decode` reads.

    Parameters
    ----------
    head : bytes
        The first HEAD_BYTES of the file, or all of a shorter one.

    Returns
    -------
    bool
        True for the containers that either decoder knows, and where frames of MP3 or AAC
        follow each other.
    """
    return (
        head.startswith(_BEGINNINGS)
        or _CHUNKED.match(head) is not None
        or (head[4:8] in _BOXES and head[8:12] not in _PICTURE_BRANDS)
        or any(_is_transport_stream(head, *packets) for packets in _PACKETS)
        or _has_frames(head)
    )


def _is_transport_stream(head: bytes, packet: int, offset: int) -> bool:
    marks = head[offset::packet][:_FRAMES]
    return len(marks) == _FRAMES and set(marks) == {_PACKET_SYNC}


def _has_frames(head: bytes) -> bool:
    """Whether MPEG audio or ADTS frames follow each other, also behind some junk."""
    start = head.find(b"\xff")
    while start >= 0:
        at, kind = start, _kind(head, start)
        for _ in range(_FRAMES):
            length = _frame_length(head[at : at + 6])
            if not length or _kind(head, at) != kind:
                break
            at += length
        else:
            return True
        start = head.find(b"\xff", start + 1)
    return False


def _kind(head: bytes, at: int) -> tuple[int, ...]:
    """Version, layer and rate, which stay the same from frame to frame."""
    return tuple(byte & mask for byte, mask in zip(head[at + 1 : at + 3], _SAME, strict=False))


def _frame_length(header: bytes) -> int:
    """Bytes to the next frame, or 0 where there is no header of a frame."""
    if len(header) < 6 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    if layer == 0:  # ADTS (ISO/IEC 13818-7, 6.2): 12 bits of sync, 13 bits of length
        length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
        return length if header[1] & 0xF0 == 0xF0 and header[2] >> 2 & 15 < 13 and length > 7 else 0
    rate_index, kbit_index = header[2] >> 2 & 3, header[2] >> 4
    # Layer I is left out: nobody stores songs in it, and programs for x86 look like it.
    if version == 1 or layer == 3 or rate_index == 3 or not 0 < kbit_index < 15:
        return 0
    kbits = _KBITS[3 if version == 3 else 2, layer][kbit_index]
    rate, padding = _RATES[version][rate_index], header[2] >> 1 & 1
    samples = 72_000 if layer == 1 and version != 3 else 144_000
    return samples * kbits // rate + padding
