"""Tags that lie before, between and behind the sound of a file, whatever it holds.

Layouts: ID3v1 and ID3v2 (id3.org, "ID3 tag version 2.4.0", section 3), APEv2
(wiki.hydrogenaud.io, "APEv2 specification").
"""

import re
from typing import Final

_ID3V2_HEADER_BYTES: Final = 10
_ID3V1_BYTES: Final = 128
_ID3V1_EXTENDED_BYTES: Final = 227
_APE_HEADER_BYTES: Final = 32

# An ID3v2 tag in full enough that music does not look like it by chance.
ID3V2: Final = re.compile(rb"ID3[\x02-\x04]\0.[\0-\x7f]{4}", re.DOTALL)

# A tag may begin here.
TAG_START: Final = rb"ID3[\x02-\x04]|TAG|APETAGEX"


def end_of_leading_tags(data: bytes) -> int:
    """Offset of the first byte behind all ID3v2 tags at the start of a file."""
    offset = 0
    while data.startswith(b"ID3", offset):
        end = end_of_tag(data, offset)
        if end == offset:
            break
        offset = end
    return offset


def end_of_tag(data: bytes, offset: int) -> int:
    """Offset of the first byte behind the tag at `offset`.

    A tag that claims to be longer than the file is not believed.

    Returns
    -------
    int
        `offset` itself where no tag begins.
    """
    start = data[offset : offset + len(b"APETAGEX")]
    end = offset
    if start.startswith(b"ID3"):
        end = _end_of_id3v2(data, offset)
    elif start.startswith(b"TAG+"):
        end = offset + _ID3V1_EXTENDED_BYTES
    elif start.startswith(b"TAG"):
        end = offset + _ID3V1_BYTES
    elif start.startswith(b"APETAGEX"):
        end = _end_of_ape(data, offset)
    return end if end <= len(data) else offset


def _end_of_id3v2(data: bytes, offset: int) -> int:
    """Return where an ID3v2 tag ends: four bytes hold its size, seven bits in each."""
    header = data[offset : offset + _ID3V2_HEADER_BYTES]
    if len(header) < _ID3V2_HEADER_BYTES:
        return offset
    size = 0
    for byte in header[6:10]:
        size = size << 7 | byte & 0x7F
    footer = _ID3V2_HEADER_BYTES if header[5] & 0x10 else 0
    return offset + _ID3V2_HEADER_BYTES + size + footer


def _end_of_ape(data: bytes, offset: int) -> int:
    """Return where an APE tag ends: its size counts the footer, but not the header."""
    header = data[offset : offset + _APE_HEADER_BYTES]
    is_header = len(header) == _APE_HEADER_BYTES and header[23] & 0x20
    items = int.from_bytes(header[12:16], "little") if is_header else 0
    return offset + _APE_HEADER_BYTES + items
