"""What a file holds, judged by its bytes alone and never by its name."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from model.audio.mpeg_frames import MpegAudio, find_mpeg_audio
from model.audio.ogg_pages import OggPages, read_ogg_pages
from model.audio.tags import end_of_leading_tags
from model.audio.unstated_lengths import fill_in_lengths, lacks_samples


class Kind(StrEnum):
    """The kinds of content that are read in different ways."""

    SAMPLES = "WAV, RF64, W64, AIFF, AU, CAF, VOC or FLAC"
    OGG = "Ogg with one stream"
    OGG_CHAIN = "Ogg with several streams behind each other"
    OGG_TRACKS = "Ogg with several streams side by side"
    MPEG_AUDIO = "MP3 or another layer of MPEG audio, bare or in a WAV"
    OTHER = "everything else"


@dataclass(frozen=True)
class Signature:
    """The first bytes of a container, which some others share up to a point."""

    pattern: re.Pattern[bytes]
    name: str  # for the user
    kind: Kind = Kind.OTHER


def _signature(pattern: bytes, name: str, kind: Kind = Kind.OTHER) -> Signature:
    return Signature(re.compile(pattern, re.DOTALL), name, kind)


# The first that matches counts. Those of Kind.OTHER are here so that MPEG audio
# inside of them is not taken for a bare MP3, and so that an error can name them.
SIGNATURES: Final = (
    _signature(rb"(RIFF|RIFX|RF64)....WAVE", "WAV", Kind.SAMPLES),
    _signature(rb"riff\x2e\x91\xcf\x11", "W64", Kind.SAMPLES),
    _signature(rb"FORM....AIF[FC]", "AIFF", Kind.SAMPLES),
    _signature(rb"\.snd|dns\.", "AU", Kind.SAMPLES),
    _signature(rb"caff", "CAF", Kind.SAMPLES),
    _signature(rb"Creative Voice File", "VOC", Kind.SAMPLES),
    _signature(rb"fLaC", "FLAC", Kind.SAMPLES),
    _signature(rb"OggS", "Ogg", Kind.OGG),
    _signature(rb"RIFF", "WAV or AVI"),
    _signature(rb"FORM|FRM8", "AIFF or DSDIFF"),
    _signature(rb"....ftyp", "M4A or MP4"),
    _signature(rb"\x1aE\xdf\xa3", "WebM or Matroska"),
    _signature(rb"\0\0\x01\xba", "an MPEG video"),
    _signature(rb"FLV", "a Flash video"),
    _signature(rb"0&\xb2u\x8ef\xcf\x11", "WMA"),
    _signature(rb"DSD ", "DSF"),
    _signature(rb"wvpk", "WavPack"),
    _signature(rb"MAC ", "Monkey's Audio"),
    _signature(rb"TTA1", "True Audio"),
    _signature(rb"#!AMR", "AMR"),
    _signature(rb"\xff[\xf0\xf1\xf8\xf9]", "AAC"),
)

# A WAV whose samples are MPEG audio (format 0x50 or 0x55) and where they begin.
MPEG_IN_WAV: Final = re.compile(rb"fmt [^\0]\0\0\0[\x50\x55]\0", re.DOTALL)
WAV_DATA: Final = re.compile(rb"data....", re.DOTALL)


@dataclass(frozen=True)
class Contents:
    """A file, and what is known of it before any sound is read.

    Attributes
    ----------
    data : bytes
        The file without tags before it, with lengths filled in that it left open.
    kind : Kind
        How to read it.
    name : str
        What the user calls such files, or empty.
    ogg : OggPages, optional
        For each kind of Ogg.
    mpeg : MpegAudio, optional
        For MPEG audio.
    incomplete : bool
        The file has less sound than it states, as far as that is known without
        reading it.
    """

    data: bytes
    kind: Kind
    name: str = ""
    ogg: OggPages | None = None
    mpeg: MpegAudio | None = None
    incomplete: bool = False


def examine(data: bytes) -> Contents:
    """Find out what a file holds.

    Parameters
    ----------
    data : bytes
        The whole file.
    """
    start = end_of_leading_tags(data)
    data = data[start:]
    signature = next((known for known in SIGNATURES if known.pattern.match(data)), None)
    if signature is None:
        name = "MP3" if start or data[:2] == b"\xff\xfb" else ""
        return _mpeg_audio(data, 0, name)
    if signature.kind is Kind.OGG:
        pages = read_ogg_pages(data)
        kind = Kind.OGG_CHAIN if len(pages.links) > 1 else Kind.OGG
        if pages.tracks > 1:
            kind = Kind.OGG_TRACKS
        return Contents(data, kind, signature.name, ogg=pages, incomplete=pages.incomplete)
    if signature.kind is Kind.SAMPLES:
        data = fill_in_lengths(data)
        if signature.name == "WAV" and (stated := MPEG_IN_WAV.search(data)):
            samples = WAV_DATA.search(data, stated.end())
            return _mpeg_audio(data, samples.end() if samples else len(data), "WAV")
        return Contents(data, signature.kind, signature.name, incomplete=lacks_samples(data))
    return Contents(data, signature.kind, signature.name)


def _mpeg_audio(data: bytes, start: int, name: str) -> Contents:
    """MPEG audio from `start` on, or else what is for ffmpeg to find out."""
    mpeg = find_mpeg_audio(data, start)
    if mpeg is None:
        return Contents(data, Kind.OTHER, name)
    return Contents(data, Kind.MPEG_AUDIO, name, mpeg=mpeg, incomplete=mpeg.incomplete)
