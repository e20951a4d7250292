"""Which decoder reads what, and why: this table is the one place that decides.

soundfile (libsndfile) works inside this process: no other program has to start, so
it is the faster one for short files and for all that is hardly compressed. ffmpeg
works in a process of its own, and knows almost everything.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from model.audio.chain import converted, open_chain
from model.audio.contents import Contents, Kind, examine
from model.audio.decoders import (
    LENGTH_TOLERANCE_SECONDS,
    AudioError,
    AudioStream,
    not_audio,
    open_checked,
    open_soundfile,
)
from model.audio.ffmpeg import open_ffmpeg
from model.audio.quiet import can_be_quiet, quiet_c_stderr
from model.constants import MAX_SECONDS
from model.types import Float32

# What an encoder puts before and behind the sound, and decoders take away again: at
# most the frame with the Xing header, 1105 samples before, two frames behind.
PADDING_SECONDS: Final = 0.15

Opener = Callable[[Contents], AbstractContextManager[AudioStream]]


def _soundfile(contents: Contents) -> AbstractContextManager[AudioStream]:
    return open_soundfile(contents.data)


def _ffmpeg(contents: Contents) -> AbstractContextManager[AudioStream]:
    return open_ffmpeg(contents.data)


def _ffmpeg_on_frames(contents: Contents) -> AbstractContextManager[AudioStream]:
    """Hand over the frames alone: what lies between them may look like sound."""
    mpeg = contents.mpeg
    assert mpeg is not None
    return open_ffmpeg(
        *mpeg.pieces(contents.data),
        demuxer="mp3",
        sample_rate=mpeg.sample_rate,
        mono=mpeg.is_mono,
    )


@contextmanager
def _soundfile_on_frames(contents: Contents) -> Iterator[AudioStream]:
    """Open what libsndfile reads to its end: one row of frames whose length it knows."""
    mpeg = contents.mpeg
    assert mpeg is not None
    if len(mpeg.runs) > 1 or mpeg.changes or not can_be_quiet():
        raise not_audio("not one row of equal frames")
    with quiet_c_stderr(), open_soundfile(*map(bytes, mpeg.pieces(contents.data))) as stream:
        difference = (stream.announced_seconds or 0.0) - mpeg.seconds
        too_long = difference > LENGTH_TOLERANCE_SECONDS and mpeg.seconds < MAX_SECONDS
        if difference < -PADDING_SECONDS or too_long:
            raise not_audio(f"libsndfile's length differs by {difference:.2f} s from the frames'")
        yield stream


def _soundfile_on_links(contents: Contents) -> AbstractContextManager[AudioStream]:
    assert contents.ogg is not None
    bounds = (*contents.ogg.links, len(contents.data))

    def open_link(number: int) -> AbstractContextManager[AudioStream]:
        link = contents.data[bounds[number] : bounds[number + 1]]
        return _open_first(Contents(link, Kind.OGG))

    return open_chain(len(contents.ogg.links), open_link)


@dataclass(frozen=True)
class Route:
    """The decoders for one kind of content, first choice first, and the reason.

    The stand-in is for machines on which all those are missing. Where one decoder gives up before
    the end of what is there, the next may read on from that place.
    """

    decoders: tuple[Opener, ...]
    why: str
    stand_in: Opener | None = None
    reads_on: bool = False


ROUTES: Final = {
    Kind.SAMPLES: Route(
        (_soundfile, _ffmpeg),
        "soundfile is the fastest. What it refuses (rare codings, ALAC in CAF) and what are no "
        "samples but frames of Dolby Digital or DTS is for ffmpeg.",
    ),
    Kind.OGG: Route(
        (_soundfile, _ffmpeg),
        "soundfile reads Vorbis and Opus. FLAC and Speex inside of Ogg are for ffmpeg, and so is "
        "what follows where soundfile gives up although pages are left: as where the times of "
        "two pages are some milliseconds too close together, which ffmpeg itself writes into Opus.",
        reads_on=True,
    ),
    Kind.OGG_CHAIN: Route(
        (_soundfile_on_links, _ffmpeg),
        "soundfile ends behind the first link, and ffmpeg where a link has other channels, so "
        "the links are opened one by one, each as an Ogg with one stream.",
    ),
    Kind.OGG_TRACKS: Route(
        (_ffmpeg, _soundfile),
        "A video: ffmpeg knows its tracks, soundfile sees only the first.",
    ),
    Kind.MPEG_AUDIO: Route(
        (_soundfile_on_frames, _ffmpeg_on_frames),
        "The frames are counted first. libsndfile believes lengths that are announced or guessed, "
        "and ends where rate or channels change: where it would not read all frames, in joined "
        "files or VBR without a Xing header, ffmpeg reads them.",
        stand_in=_soundfile,
    ),
    Kind.OTHER: Route((_ffmpeg,), "soundfile cannot read M4A, WebM, WMA, videos and the rest."),
}


@contextmanager
def open_audio(data: bytes) -> Iterator[AudioStream]:
    """Open a file with the first decoder of its route that finds sound within the bounds.

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
        Of what the decoders found wrong, that which helps the user.
    """
    contents = examine(data)
    with _open_first(contents) as stream:
        stream.incomplete = stream.incomplete or contents.incomplete
        yield stream


@contextmanager
def _open_first(contents: Contents) -> Iterator[AudioStream]:
    route = ROUTES[contents.kind]
    errors: list[AudioError] = []
    with ExitStack() as stack:

        def attempt(decoder: Opener) -> AudioStream | None:
            try:
                return stack.enter_context(open_checked(partial(decoder, contents)))
            except AudioError as error:
                errors.append(error)
                return None

        found = (stream for stream in map(attempt, route.decoders) if stream)
        stream = next(found, None)
        if stream is None and route.stand_in and {e.code for e in errors} == {"no-decoder"}:
            stream = attempt(route.stand_in)
        if stream is None:
            raise _clearest(errors, contents.name) from errors[-1]
        if route.reads_on:
            stream.blocks = _read_on(stream, stream.blocks, found)
        yield stream


def _read_on(
    stream: AudioStream, blocks: Iterator[Float32], others: Iterator[AudioStream]
) -> Iterator[Float32]:
    """Yield the blocks of a stream, and where it gives up, what the next one has behind that."""
    # What the file's own bytes say is no reason to ask another decoder.
    known, stream.incomplete = stream.incomplete, False
    frames = 0
    for block in blocks:
        frames += len(block)
        yield block
    if stream.incomplete and (other := next(others, None)):
        yield from _rest_of(other, stream, frames)
    stream.incomplete = stream.incomplete or known


def _rest_of(other: AudioStream, stream: AudioStream, frames: int) -> Iterator[Float32]:
    """Yield what another decoder has behind the first frames; then the stream is complete."""
    position = 0
    try:
        for block in converted(other, stream):
            rest = block[max(0, frames - position) :]
            position += len(block)
            if len(rest):
                yield rest
    except AudioError:
        return
    missing = (stream.announced_seconds or 0.0) - position / stream.sample_rate
    stream.incomplete = other.incomplete or missing > LENGTH_TOLERANCE_SECONDS


def _clearest(errors: list[AudioError], name: str) -> AudioError:
    """Of what all decoders said, the one that helps the user."""
    for error in errors:
        if error.code == "timeout":
            return error
    for error in errors:
        if error.code not in ("not-audio", "no-decoder"):
            return error
    last = errors[-1]
    if last.code == "not-audio" and name:
        return AudioError(
            "damaged",
            f"This file starts like {name}, but its content cannot be read: it may be damaged or "
            "incomplete. Try another copy, or save it again as WAV or MP3.",
            last.detail,
        )
    return next((error for error in errors if error.code == "no-decoder"), last)
