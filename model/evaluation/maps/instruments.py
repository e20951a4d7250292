"""Mixtures of two of our own instruments, of which one decides the verdict.

No data set is needed, so anybody can repeat the measurement.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
import soxr

from model.audio.clip import decode
from model.audio.spectrogram import log_mel, mel_filterbank, stft
from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.evaluation.maps.mixtures import PART_SECONDS, Mixture, Part
from model.evaluation.maps.probe import Probe
from model.evaluation.maps.two_songs import at_one_level
from model.types import Float32

# Where one of two sounds is louder in more than this share of the cells, there is nothing
# left to locate.
LARGEST_REGION: Final = 0.75

STEMS: Final = "instruments of our own scores, each rendered alone from the sound font Fluid R3"
WHOLE_SAMPLES: Final = (
    "the app's sample clips, whole: FluidSynth and the sound font Fluid R3, which would have "
    "given each instrument alone, were not there"
)

_SAMPLES: Final = Path(__file__).parents[3] / "assets" / "samples"


def load_stems() -> tuple[str, dict[str, Float32]]:
    """Render every instrument of our own scores alone, or read the samples where that fails.

    Of each the first PART_SECONDS.

    Returns
    -------
    source : str
        STEMS or WHOLE_SAMPLES.
    stems : dict of str to ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE, all at one level.
    """
    source, sounds = STEMS, _render_stems()
    if sounds is None:
        paths = sorted(_SAMPLES.glob("*.ogg"))
        sounds = {path.stem: decode(path.read_bytes(), path.name).waveform for path in paths}
        source = WHOLE_SAMPLES
    samples = round(PART_SECONDS * SAMPLE_RATE)
    return source, {name: at_one_level(sound[:samples]) for name, sound in sounds.items()}


def _render_stems() -> dict[str, Float32] | None:
    """Render the stems, if scores, FluidSynth and sound font are there."""
    try:
        # What makes the samples is no part of the app, and a copy may come without it.
        from model.sample_clips import catalogue, filters, fluid, mixer  # noqa: PLC0415
    except ModuleNotFoundError:
        return None
    try:
        fluid.check_tools()
    except fluid.MissingToolError:
        return None
    stems = {}
    for genre, score in catalogue.SCORES.items():
        arrangement = score()
        for strip in arrangement.strips:
            alone = mixer.mix(replace(arrangement, strips=(strip,), master=()))
            mono = soxr.resample(alone.mean(axis=1), filters.RATE, SAMPLE_RATE)
            stems[f"{strip.part.name} of {genre}"] = mono.astype(np.float32)
    return stems


def _mel_power(waveform: Float32) -> Float32:
    spectrum = stft(waveform, NETWORK_HOP)
    power: Float32 = mel_filterbank() @ (spectrum.real**2 + spectrum.imag**2)
    return power


def decided_mixtures(
    probe: Probe, stems: dict[str, Float32], wanted: int, rng: np.random.Generator
) -> list[Mixture]:
    """Mix pairs of sounds and keep the mixtures in which one of the two clearly decides.

    A sound decides if the network gives the mixture the class of that sound alone, and gives the
    other sound alone another class.

    Parameters
    ----------
    probe : Probe
        The network.
    stems : dict of str to ndarray of float32, shape (samples,)
        The sounds.
    wanted : int
        Largest number of mixtures.
    rng : numpy.random.Generator
        Decides which pairs are tried first.

    Returns
    -------
    list of Mixture
        With one region each: the cells where the deciding sound is louder.
    """
    parts = [
        Part(name, int(probe.logits(log_mel(sound)[np.newaxis])[0].argmax()), sound)
        for name, sound in stems.items()
    ]
    candidates = [pair for pair in combinations(parts, 2) if _differ(pair)]
    rng.shuffle(candidates)
    mixtures: list[Mixture] = []
    for first, second in candidates:
        if len(mixtures) == wanted:
            break
        samples = min(len(first.waveform), len(second.waveform))
        one, other = first.waveform[:samples], second.waveform[:samples]
        levels = log_mel(one + other)
        verdict = int(probe.logits(levels[np.newaxis])[0].argmax())
        if verdict not in (first.class_index, second.class_index):
            continue
        louder = _mel_power(one) > _mel_power(other)
        if not 1 - LARGEST_REGION <= louder.mean() <= LARGEST_REGION:
            continue
        region = louder if verdict == first.class_index else ~louder
        mixtures.append(Mixture(f"{first.name} and {second.name}", levels, {verdict: region}))
    return mixtures


def _differ(pair: Sequence[Part]) -> bool:
    return pair[0].class_index != pair[1].class_index
