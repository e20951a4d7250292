"""Many channels at any rate to one channel at `SAMPLE_RATE`, block by block."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
import soxr

from model.audio.cancellation import ChannelBands
from model.audio.decoders import AudioError, AudioStream
from model.audio.offset import constant_offset, without_offset
from model.constants import DECODER_TIMEOUT_SECONDS, MAX_SECONDS, SAMPLE_RATE
from model.types import Float32

# Full scale of the widest integer format; nothing beyond can be a sample.
MAX_SAMPLE: Final = 2.0**31
# Blocks that are mixed in one go.
_TOGETHER: Final = 4


@dataclass(frozen=True, eq=False)
class Mix:
    """A whole stream as one channel, and what was noticed on the way.

    `waveform` is at `SAMPLE_RATE` and around 0; `peak` is its largest magnitude.
    `seconds` are those of the file's own samples, `cancelled` the stretches of
    frequencies in which the channels cancel, in Hz.
    """

    waveform: npt.NDArray[np.float32]
    seconds: float
    peak: float
    cancelled: list[tuple[float, float]]
    loudest_channel: int
    longer: bool
    incomplete: bool


def mix_to_mono(stream: AudioStream, channel: int | None = None) -> Mix:
    """Read a stream into one channel at `SAMPLE_RATE`: the mean, or `channel` alone.

    Only one block is held at the file's own rate, so neither a long file nor a
    high rate nor many channels cost memory; 10 minutes of the result are 53 MB.
    """
    deadline = time.monotonic() + DECODER_TIMEOUT_SECONDS
    limit = round(MAX_SECONDS * stream.sample_rate)  # frames
    resampler = soxr.ResampleStream(stream.sample_rate, SAMPLE_RATE, 1, dtype="float32")
    pieces = []
    frames, longer = 0, False
    bands = ChannelBands(stream.channels, stream.sample_rate)
    for whole_block in _joined(stream.blocks):
        block = whole_block[: limit - frames]
        _check_block(block, deadline)
        mono = _mean(block) if channel is None else np.ascontiguousarray(block[:, channel])
        if len(mono):
            if channel is None:
                bands.add(block, mono)
            pieces.append(resampler.resample_chunk(mono))
            frames += len(mono)
        if len(block) < len(whole_block):
            longer = True
            break
    pieces.append(resampler.resample_chunk(np.zeros(0, np.float32), last=True))
    waveform = np.concatenate(pieces)
    if offset := constant_offset(waveform):
        waveform = waveform - _resampled_constant(offset, frames, stream.sample_rate)
    waveform = without_offset(waveform)
    return Mix(
        waveform=waveform,
        seconds=frames / stream.sample_rate,
        peak=float(max(-waveform.min(initial=0.0), waveform.max(initial=0.0))),
        cancelled=bands.cancelled(),
        loudest_channel=bands.loudest,
        longer=longer,
        incomplete=stream.incomplete,
    )


def _joined(blocks: Iterable[Float32]) -> Iterator[Float32]:
    """Put some blocks together, as fewer and longer arrays are quicker."""
    left = iter(blocks)
    while some := list(islice(left, _TOGETHER)):
        yield np.concatenate(some)


def _resampled_constant(value: float, frames: int, sample_rate: int) -> Float32:
    """Resample a constant, which begins and ends with a step that rings.

    Subtracted behind the resampler, a constant offset would leave both of its steps.
    """
    resampler = soxr.ResampleStream(sample_rate, SAMPLE_RATE, 1, dtype="float32")
    block = np.full(sample_rate, value, np.float32)
    pieces = [
        resampler.resample_chunk(block[: frames - done]) for done in range(0, frames, len(block))
    ]
    pieces.append(resampler.resample_chunk(block[:0], last=True))
    return np.concatenate(pieces)


def _mean(block: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Mean over the channels; ``block.mean(axis=1)`` takes eight times as long for stereo."""
    total = block[:, 0].copy()
    for samples in block.T[1:]:
        total += samples
    return total / np.float32(block.shape[1])


def _check_block(block: npt.NDArray[np.float32], deadline: float) -> None:
    if time.monotonic() > deadline:
        raise AudioError(
            "timeout",
            f"Reading this file took longer than {DECODER_TIMEOUT_SECONDS:g} s and was stopped. "
            "Save it again as a stereo WAV or MP3, or use a shorter piece.",
        )
    # NaN fails every comparison, so this refuses it too.
    if not (np.abs(block) <= MAX_SAMPLE).all():
        raise AudioError(
            "not-finite",
            "Some samples of this file are not valid numbers (NaN or infinity). "
            "Export it again, as 16-bit WAV for instance.",
        )
