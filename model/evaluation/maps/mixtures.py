"""Sounds made of two, of which it is known where each one is.

Two clips one after the other, or one below and the other above a frequency: which genre
the evidence of a class has to lie in is then known without anybody's annotation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.clip import Clip
from model.audio.spectrogram import log_mel, mel_frequencies
from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.evaluation.maps.probe import Probe
from model.gtzan.pictures import genre_of
from model.types import Float32

Bool = npt.NDArray[np.bool_]

PART_SECONDS: Final = 15.0
# Half of the mel bands lie below.
CROSSOVER: Final = 2_000.0  # Hz
FADE_SECONDS: Final = 0.02
# How far from a splice a cell of the map may still hear the other sound: the network's gate
# hears 1.2 s to either side.
NEAR_SECONDS: Final = 1.5


@dataclass(frozen=True, eq=False)
class Part:
    """One of two sounds.

    Attributes
    ----------
    name : str
        Of the track or instrument.
    class_index : int
        What the network calls it when it is alone.
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    """

    name: str
    class_index: int
    waveform: Float32


@dataclass(frozen=True, eq=False)
class Mixture:
    """A spectrogram of two sounds, with the place of each class whose place is known.

    Attributes
    ----------
    name : str
        Of both.
    levels : ndarray of float32, shape (N_MELS, frames)
        What the network reads.
    regions : dict of int to ndarray of bool, shape (N_MELS, frames)
        Where the evidence of a class has to lie.
    near : ndarray of bool, shape (N_MELS, frames), or None
        What lies within NEAR_SECONDS of a splice, if there is one.
    """

    name: str
    levels: Float32
    regions: dict[int, Bool]
    near: Bool | None = None


def at_one_level(waveform: Float32) -> Float32:
    """Bring a waveform to the same RMS as every other, so that neither drowns the other."""
    level = np.sqrt(np.mean(np.square(waveform, dtype=np.float64)))
    return (waveform * (0.1 / max(level, 1e-9))).astype(np.float32)


def low_part(waveform: Float32, crossover: float = CROSSOVER) -> Float32:
    """Keep what lies below a frequency, with a sharp edge and no change of phase.

    What `low_part` leaves out of a waveform is its high part: both sum to the whole.
    """
    spectrum = np.fft.rfft(waveform)
    spectrum[np.fft.rfftfreq(len(waveform), 1 / SAMPLE_RATE) >= crossover] = 0
    return np.fft.irfft(spectrum, len(waveform)).astype(np.float32)


def high_part(waveform: Float32) -> Float32:
    """Keep what lies above CROSSOVER."""
    return waveform - low_part(waveform)


def recognised(probe: Probe, clips: Sequence[Clip], classes: Sequence[str]) -> list[Part]:
    """Find the clips of which the network names the true genre by their beginning alone.

    Parameters
    ----------
    probe : Probe
        The network.
    clips : sequence of Clip
        Named by track; each at least PART_SECONDS long.
    classes : sequence of str
        In the order of the network's scores.

    Returns
    -------
    list of Part
        The first PART_SECONDS of those clips.
    """
    parts = []
    for clip in clips:
        waveform = at_one_level(clip.waveform[: round(PART_SECONDS * SAMPLE_RATE)])
        verdict = int(probe.logits(log_mel(waveform)[np.newaxis])[0].argmax())
        if classes[verdict] == genre_of(clip.name):
            parts.append(Part(clip.name, verdict, waveform))
    return parts


def pairs(
    firsts: Sequence[Part], seconds: Sequence[Part], wanted: int, rng: np.random.Generator
) -> list[tuple[Part, Part]]:
    """Pair parts of different classes, each as seldom as can be.

    Parameters
    ----------
    firsts, seconds : sequence of Part
        Where the two come from.
    wanted : int
        How many pairs at most.
    rng : numpy.random.Generator
        Breaks ties.

    Returns
    -------
    list of tuple
        No two pairs are the same.
    """
    possible = [
        (i, j)
        for i, first in enumerate(firsts)
        for j, second in enumerate(seconds)
        if first.class_index != second.class_index
    ]
    rng.shuffle(possible)
    used_first, used_second = np.zeros(len(firsts), int), np.zeros(len(seconds), int)
    chosen: list[tuple[Part, Part]] = []
    while possible and len(chosen) < wanted:
        pair = min(possible, key=lambda pair: max(used_first[pair[0]], used_second[pair[1]]))
        possible.remove(pair)
        used_first[pair[0]] += 1
        used_second[pair[1]] += 1
        chosen.append((firsts[pair[0]], seconds[pair[1]]))
    return chosen


def spliced(first: Part, second: Part) -> Mixture:
    """Put one sound behind the other, with a short fade between them: a cut would click.

    Returns
    -------
    Mixture
        A frame belongs to the sound in which its centre lies.
    """
    fade = np.linspace(0, 1, round(FADE_SECONDS * SAMPLE_RATE), dtype=np.float32)
    before, behind = first.waveform.copy(), second.waveform.copy()
    before[-len(fade) :] *= fade[::-1]
    behind[: len(fade)] *= fade
    levels = log_mel(np.concatenate([before, behind]))
    centres = np.arange(levels.shape[1]) * NETWORK_HOP
    of_first = np.broadcast_to(centres < len(before), levels.shape)
    near = np.abs(centres - len(before)) <= NEAR_SECONDS * SAMPLE_RATE
    mixture = _mixture(first, second, levels, of_first)
    return replace(mixture, near=np.broadcast_to(near, levels.shape))


def stacked(below: Part, above: Part) -> Mixture:
    """Put one sound's part below CROSSOVER under another's part above it.

    Returns
    -------
    Mixture
        A mel band belongs to the sound in whose range its centre lies.
    """
    samples = min(len(below.waveform), len(above.waveform))
    low, high = low_part(below.waveform[:samples]), high_part(above.waveform[:samples])
    levels = log_mel(at_one_level(low) + at_one_level(high))
    of_low = np.broadcast_to((mel_frequencies() < CROSSOVER)[:, np.newaxis], levels.shape)
    return _mixture(below, above, levels, of_low)


def decided(probe: Probe, mixtures: Iterable[Mixture], wanted: int) -> list[Mixture]:
    """Find mixtures that the network calls what it calls one of their two sounds.

    Half of a clip's bands is no music that a network has heard before, and often enough
    it calls a mixture something else altogether. Then no place is known to be the right one.

    Parameters
    ----------
    probe : Probe
        The network.
    mixtures : iterable of Mixture
        Tried one after the other.
    wanted : int
        How many to find at most.

    Returns
    -------
    list of Mixture
        With the region of the class that they are called.
    """
    found: list[Mixture] = []
    for mixture in mixtures:
        if len(found) == wanted:
            break
        verdict = int(probe.logits(mixture.levels[np.newaxis])[0].argmax())
        if verdict in mixture.regions:
            found.append(replace(mixture, regions={verdict: mixture.regions[verdict]}))
    return found


def _mixture(first: Part, second: Part, levels: Float32, of_first: Bool) -> Mixture:
    regions = {first.class_index: of_first, second.class_index: ~of_first}
    return Mixture(f"{first.name} and {second.name}", levels, regions)
