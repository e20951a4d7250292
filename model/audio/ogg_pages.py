"""Ogg, page by page: where each stream begins, and whether the last one ends.

Layout: RFC 3533, section 6. A page has a header of 27 bytes, a table of up to 255
segment sizes, and the segments. The first page of a logical stream carries the flag
2, its last page the flag 4. Streams behind each other are a chain, as recorders of
radio write them; streams side by side are the tracks of a video.
"""

from dataclasses import dataclass
from typing import Final

CAPTURE: Final = b"OggS"
HEADER_BYTES: Final = 27
FIRST_PAGE: Final = 2
LAST_PAGE: Final = 4

# Pages hold 4 kB as a rule; a file that has more of them than this in 25 MB is odd.
MAX_PAGES: Final = 100_000


@dataclass(frozen=True)
class OggPages:
    """What the pages of a file say.

    Attributes
    ----------
    links : tuple of int
        Where each link of the chain begins: one number for an ordinary file.
    tracks : int
        The most streams side by side in one link.
    incomplete : bool
        The file ends inside a page, or before a page that ends a stream.
    """

    links: tuple[int, ...]
    tracks: int
    incomplete: bool


def read_ogg_pages(data: bytes) -> OggPages:
    """Walk over all pages of an Ogg file.

    Parameters
    ----------
    data : bytes
        The whole file, without tags before it.

    Returns
    -------
    OggPages
        With no link where no page begins a stream.
    """
    links: list[int] = []
    tracks, most_tracks = 0, 0
    last_flags, ends_inside = 0, False
    offset = 0
    for _ in range(MAX_PAGES):
        offset = data.find(CAPTURE, offset)
        header = data[offset : offset + HEADER_BYTES]
        if offset < 0 or len(header) < HEADER_BYTES:
            ends_inside = ends_inside or offset >= 0
            break
        segments = offset + HEADER_BYTES
        body = segments + header[26]
        end = body + sum(data[segments:body])
        if end > len(data):
            ends_inside = True
            break
        begins_link = not last_flags & FIRST_PAGE
        last_flags = header[5]
        if last_flags & FIRST_PAGE:  # those of a link come before its other pages
            if begins_link:
                links.append(offset)
            tracks = 1 if begins_link else tracks + 1
            most_tracks = max(most_tracks, tracks)
        offset = end
    return OggPages(tuple(links), most_tracks, ends_inside or not last_flags & LAST_PAGE)
