"""Mixtures of two sounds whose places are known.

Two clips one after the other, or one below and the other above a frequency: where the
evidence of each class has to lie is then known without annotations.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.clip import Clip
from model.audio.spectrogram import log_mel
from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.evaluation.maps.probe import Probe
from model.evaluation.maps.two_songs import at_one_level, one_below_the_other
from model.gtzan.pictures import genre_of
from model.types import Float32

Bool = npt.NDArray[np.bool_]

PART_SECONDS: Final = 15.0
FADE_SECONDS: Final = 0.02
# Within this distance of a splice a cell of the map still covers the other sound: the gate
# reaches 1.2 s to either side.
NEAR_SECONDS: Final = 1.5


@dataclass(frozen=True, eq=False)
class Part:
    """One of two sounds.

    Attributes
    ----------
    name : str
        Of the track or instrument.
    class_index : int
        Most probable class of this sound alone.
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    """

    name: str
    class_index: int
    waveform: Float32


@dataclass(frozen=True, eq=False)
class Mixture:
    """A spectrogram of two sounds, with the region of each class whose place is known.

    Attributes
    ----------
    name : str
        Names of both sounds.
    levels : ndarray of float32, shape (N_MELS, frames)
        What the network reads.
    regions : dict of int to ndarray of bool, shape (N_MELS, frames)
        Where the evidence of a class has to lie.
    near : ndarray of bool, shape (N_MELS, frames), or None
        Cells within NEAR_SECONDS of a splice, if there is one.
    """

    name: str
    levels: Float32
    regions: dict[int, Bool]
    near: Bool | None = None


def recognised(probe: Probe, clips: Sequence[Clip], classes: Sequence[str]) -> list[Part]:
    """Select the clips whose genre the network names right from their beginning.

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
    """Pair parts of different classes, using each as seldom as possible.

    Parameters
    ----------
    firsts, seconds : sequence of Part
        Where the two come from.
    wanted : int
        Largest number of pairs.
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
    """Join two sounds in time, with a short fade to avoid a click.

    Returns
    -------
    Mixture
        A frame belongs to the sound that contains its centre.
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
    """Combine one sound's part below CROSSOVER with another's part above it.

    Returns
    -------
    Mixture
        A mel band belongs to the sound whose range contains its centre.
    """
    both = one_below_the_other(below.waveform, above.waveform)
    return _mixture(below, above, both.levels, both.regions[0])


def decided(probe: Probe, mixtures: Iterable[Mixture], wanted: int) -> list[Mixture]:
    """Find mixtures whose most probable class is that of one of their two sounds.

    Half of a clip's bands is unlike any music in the training data, and often the most
    probable class of a mixture is a third one. Then no place is known to be right.

    Parameters
    ----------
    probe : Probe
        The network.
    mixtures : iterable of Mixture
        Tried one after the other.
    wanted : int
        Largest number to find.

    Returns
    -------
    list of Mixture
        With the region of their most probable class.
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
