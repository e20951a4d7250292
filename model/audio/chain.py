"""Several recordings behind each other in one file, read as one."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import numpy as np
import numpy.typing as npt
import soxr

from model.audio.decoders import AudioError, AudioStream
from model.constants import DECODER_TIMEOUT_SECONDS, SAMPLE_RATE

Samples = npt.NDArray[np.float32]
OpenLink = Callable[[int], AbstractContextManager[AudioStream]]


@contextmanager
def open_chain(links: int, open_link: OpenLink) -> Iterator[AudioStream]:
    """Open one link after the other and join their sound.

    A link may have another rate and other channels than the first. What cannot be
    read is left out, and the stream says that it is incomplete.

    Parameters
    ----------
    links : int
        How many there are.
    open_link : callable
        Opens the link with this number, from 0.

    Yields
    ------
    AudioStream
        At the rate of the first link, or at `SAMPLE_RATE` if that is higher.

    Raises
    ------
    AudioError
        If no link can be opened: what was wrong with the last.
    """
    with ExitStack() as stack:
        for number in range(links):
            try:
                first = stack.enter_context(open_link(number))
                break
            except AudioError:
                if number == links - 1:
                    raise
        rate = max(first.sample_rate, SAMPLE_RATE)
        joined = AudioStream(rate, first.channels, iter(()), incomplete=number > 0)
        joined.blocks = _join(joined, first, range(number + 1, links), open_link)
        yield joined


def _join(
    joined: AudioStream, first: AudioStream, others: range, open_link: OpenLink
) -> Iterator[Samples]:
    deadline = time.monotonic() + DECODER_TIMEOUT_SECONDS
    yield from converted(first, joined)
    joined.incomplete = joined.incomplete or first.incomplete
    for number in others:
        if time.monotonic() > deadline:
            joined.incomplete = True
            return
        try:
            with open_link(number) as link:
                yield from converted(link, joined)
                joined.incomplete = joined.incomplete or link.incomplete
        except AudioError:
            joined.incomplete = True


def converted(link: AudioStream, joined: AudioStream) -> Iterator[Samples]:
    """Yield the blocks of one stream at the rate and with the channels of another."""
    resampler = None
    if link.sample_rate != joined.sample_rate:
        resampler = soxr.ResampleStream(
            link.sample_rate, joined.sample_rate, joined.channels, dtype="float32"
        )
    for whole_block in link.blocks:
        block = whole_block
        if link.channels != joined.channels:
            mean = block.mean(axis=1, keepdims=True)
            block = np.ascontiguousarray(np.broadcast_to(mean, (len(mean), joined.channels)))
        yield resampler.resample_chunk(block) if resampler else block
    if resampler:
        empty = np.zeros((0, joined.channels), np.float32)
        yield resampler.resample_chunk(empty, last=True)
