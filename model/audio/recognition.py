"""Whether a file holds sound, by its first bytes: what `decode` may read, without decoding it.

For a folder full of files, among which are pictures, texts and songs without an ending. A
container counts whether or not there is sound in it; `decode` finds that out.
"""

import re
from typing import Final

from model.audio.mpeg_frames import FRAMES_TO_LOCK, parse_header

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
    marks = head[offset::packet][:FRAMES_TO_LOCK]
    return len(marks) == FRAMES_TO_LOCK and set(marks) == {_PACKET_SYNC}


def _has_frames(head: bytes) -> bool:
    """Whether MPEG audio or ADTS frames of one kind follow each other, also behind some junk."""
    start = head.find(b"\xff")
    while start >= 0:
        at, first = start, _frame(head, start)
        for _ in range(FRAMES_TO_LOCK):
            frame = _frame(head, at)
            if first is None or frame is None or frame[1] != first[1]:
                break
            at += frame[0]
        else:
            return True
        start = head.find(b"\xff", start + 1)
    return False


def _frame(head: bytes, at: int) -> tuple[int, int] | None:
    """Length in bytes and kind of the frame that begins here."""
    header = head[at : at + 6]
    if len(header) < 6:
        return None
    if header[0] == 0xFF and header[1] & 0xF6 == 0xF0:  # ADTS (ISO/IEC 13818-7, 6.2)
        length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
        kind, rate_index = header[2] & 0xFC, header[2] >> 2 & 15
        return (length, kind) if rate_index < 13 and length > 7 else None
    frame = parse_header(header[:4])
    # Layer I is left out: nobody stores songs in it, and programs for x86 look like it.
    if frame is None or header[1] & 6 == 6:
        return None
    return frame.length, frame.kind
