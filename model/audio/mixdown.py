"""Many channels at any rate to one channel at `SAMPLE_RATE`, block by block."""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import soxr

from model.audio.decoders import AudioError, AudioStream
from model.constants import DECODER_TIMEOUT_SECONDS, MAX_SECONDS, SAMPLE_RATE

# When mixing to mono leaves less than this of the loudest channel's energy, the
# channels cancel. One active channel of eight alone would leave -18 dB.
CANCELLATION_DB: Final = -30.0

# Full scale of the widest integer format; nothing beyond can be a sample.
MAX_SAMPLE: Final = 2.0**31


@dataclass(frozen=True, eq=False)
class Mix:
    """A whole stream as one channel, and what was noticed on the way.

    `waveform` is at `SAMPLE_RATE`; `seconds`, `peak` (largest magnitude) and
    `swing` (half the distance from lowest to highest sample, which a constant
    offset does not touch) are those of the file's own samples.
    """

    waveform: npt.NDArray[np.float32]
    seconds: float
    peak: float
    swing: float
    cancels: bool
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
    lowest, highest = np.inf, -np.inf
    mono_energy, energies = 0.0, np.zeros(stream.channels)
    for whole_block in stream.blocks:
        block = whole_block[: limit - frames]
        _check_block(block, deadline)
        mono = _mean(block) if channel is None else np.ascontiguousarray(block[:, channel])
        if len(mono):
            lowest, highest = min(lowest, mono.min()), max(highest, mono.max())
            mono_energy += float(mono @ mono)
            energies += [float(samples @ samples) for samples in block.T]
            pieces.append(resampler.resample_chunk(mono))
            frames += len(mono)
        if len(block) < len(whole_block):
            longer = True
            break
    pieces.append(resampler.resample_chunk(np.zeros(0, np.float32), last=True))
    return Mix(
        waveform=np.concatenate(pieces),
        seconds=frames / stream.sample_rate,
        peak=float(max(-lowest, highest)),
        swing=float(highest - lowest) / 2,
        cancels=bool(mono_energy < 10 ** (CANCELLATION_DB / 10) * energies.max()),
        loudest_channel=int(energies.argmax()),
        longer=longer,
        incomplete=stream.incomplete,
    )


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
