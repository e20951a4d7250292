"""A differentiable instrument: strings and drums whose mel spectrum is known.

Free pictures that please a network are seldom sounds that please an ear. So the network
is given something to play: 26 strings in a pentatonic tuning, damped, plucked or held,
and 14 bands of noise, short, longer and held, all on a grid of sixteenths. What each
stroke adds to the power of every mel band is worked out from the front end itself, so the
score of a genre can be differentiated by how hard every string and drum is struck.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.signal.windows import hann

from model.audio.spectrogram import mel_filterbank
from model.constants import N_FFT, N_MELS, SAMPLE_RATE
from model.genre_portraits.loop import STEPS, Loop
from model.types import Float32, Float64

ATTACK: Final = 0.004  # s
# Time constants of a damped, a plucked and a held string, and of three kinds of drums.
STRING_DECAYS: Final = (0.10, 0.35, 1.0)  # s
DRUM_DECAYS: Final = (0.03, 0.12, 0.8)  # s
# The amplitude of harmonic h is h to the power of minus this.
ROLL_OFFS: Final = (1.0, 1.2, 1.0)
HARMONICS: Final = 40
HIGHEST_HZ: Final = 10_500.0
DRUMS: Final = 14
KNOTS: Final = 12
# How far a string's colour may be pushed in any range of frequency, in dB.
COLOUR_DB: Final = 24.0

_LOWEST_NOTE, _OCTAVES = 33, 5  # MIDI's number of 55 Hz
_PENTATONIC = (0, 3, 5, 7, 10)  # semitones
# A string's usual level falls by this with every semitone away from A3.
_MIDDLE_NOTE, _FALL_DB = 57, 0.15
# Held notes start softer than those that fade, so that the music moves.
_HELD_STRINGS_DB, _HELD_NOISE_DB = 8, 14


@lru_cache(maxsize=1)
def string_notes() -> npt.NDArray[np.int64]:
    """Return the strings' tuning as MIDI notes, (strings,), rising."""
    octaves = [_LOWEST_NOTE + 12 * octave for octave in range(_OCTAVES)]
    notes = [start + tone for start in octaves for tone in _PENTATONIC]
    return np.array([*notes, _LOWEST_NOTE + 12 * _OCTAVES])


def string_frequencies() -> Float64:
    """Return the strings' fundamental frequencies in Hz, (strings,)."""
    return 440.0 * 2.0 ** ((string_notes() - 69) / 12)


def harmonics_of(frequency: float) -> npt.NDArray[np.int64]:
    """Return the numbers of the harmonics that sound, from 1."""
    numbers = np.arange(1, HARMONICS + 1)
    return numbers[numbers * frequency < HIGHEST_HZ]


def tents(count: int) -> Float32:
    """Build overlapping triangles along the mel axis, (count, N_MELS), which sum to 1."""
    bands = np.arange(N_MELS)
    centres = np.linspace(0, N_MELS - 1, count)
    width = centres[1] - centres[0]
    return np.maximum(0, 1 - np.abs(bands - centres[:, np.newaxis]) / width).astype(np.float32)


@lru_cache(maxsize=1)
def _string_templates() -> Float32:
    """Compute the mel power of every string at full swing, (kinds, strings, N_MELS)."""
    frequencies = string_frequencies()
    templates = np.zeros((len(ROLL_OFFS), len(frequencies), N_MELS))
    window, time = hann(N_FFT, sym=False), np.arange(N_FFT) / SAMPLE_RATE
    for index, frequency in enumerate(frequencies):
        numbers = harmonics_of(frequency)
        waves = np.exp(2j * np.pi * np.outer(numbers * frequency, time)) * window
        # A real sine has half its amplitude on either side of 0 Hz.
        power = np.abs(np.fft.fft(waves)[:, : N_FFT // 2 + 1]) ** 2 / 4
        bands = power @ mel_filterbank().T
        for kind, roll_off in enumerate(ROLL_OFFS):
            templates[kind, index] = numbers ** (-2.0 * roll_off) @ bands
    return templates.astype(np.float32)


def noise_power() -> Float32:
    """Compute the mel power of white noise of variance 1, (N_MELS,)."""
    return mel_filterbank().sum(axis=1) * np.float32(np.square(hann(N_FFT, sym=False)).sum())


@dataclass(frozen=True, eq=False)
class Instrument:
    """The strings and drums on one loop.

    What is played is a list of three arrays, for any number of players at once:

    - strings, shape (players, kinds, strings, STEPS): level of each stroke in dB, where
      0 dB swings with an amplitude of 1 at the first harmonic,
    - drums, shape (players, kinds, DRUMS, STEPS): level of each stroke in dB; 0 dB is as
      much power as the strongest string at 0 dB has in its strongest band,
    - colour, shape (players, kinds, KNOTS): what is added to the strings' level along the
      mel axis, in dB, softly limited to COLOUR_DB.

    Attributes
    ----------
    loop : Loop
        The time that it is played in.
    """

    loop: Loop

    @cached_property
    def string_courses(self) -> Float32:
        """The strings' power over time, (kinds, STEPS, frames)."""
        return np.stack([self.loop.decays(decay, ATTACK) for decay in STRING_DECAYS])

    @cached_property
    def drum_courses(self) -> Float32:
        """The drums' power over time, (kinds, STEPS, frames)."""
        return np.stack([self.loop.decays(decay, ATTACK) for decay in DRUM_DECAYS])

    @cached_property
    def full_power(self) -> float:
        """Power of the strongest string in its strongest band."""
        return float(_string_templates().max())

    def start(self, rng: np.random.Generator) -> list[Float32]:
        """Draw soft random playing for one player, to begin with.

        It favours the beat and the middle of the strings a little, and falls off towards
        high frequencies as most music does.
        """
        notes = string_notes()
        strings = rng.normal(-30, 10, (len(STRING_DECAYS), len(notes), STEPS))
        strings -= _FALL_DB * np.abs(notes - _MIDDLE_NOTE)[:, np.newaxis]
        strings[-1] -= _HELD_STRINGS_DB
        strings[..., ::4] += 6
        drums = rng.normal(-45, 8, (len(DRUM_DECAYS), DRUMS, STEPS))
        drums -= 1.2 * np.arange(DRUMS)[:, np.newaxis]
        drums[-1] -= _HELD_NOISE_DB
        drums[..., ::4] += 6
        colour = np.zeros((len(STRING_DECAYS), KNOTS))
        return [array[np.newaxis].astype(np.float32) for array in (strings, drums, colour)]

    def power(self, played: list[Any]) -> Any:
        """Compute the mel power of what is played, (players, N_MELS, frames), differentiably."""
        from keras import ops  # noqa: PLC0415  # Keras takes seconds to import

        strings, drums, colour = played
        swing = ops.einsum("pkns,ksf->pknf", 10.0 ** (strings / 10), self.string_courses)
        gains = 10.0 ** (self.colours(colour) / 10)
        templates = _string_templates() / np.float32(self.full_power)
        tones = ops.einsum("pknf,knm->pkmf", swing, templates)
        tones = ops.sum(tones * ops.expand_dims(gains, -1), axis=1)
        bands = ops.einsum("pkbs,ksf->pbf", 10.0 ** (drums / 10), self.drum_courses)
        return tones + ops.einsum("pbf,bm->pmf", bands, tents(DRUMS))

    def colours(self, colour: Any) -> Any:
        """Compute the strings' colour along the mel axis in dB, (players, kinds, N_MELS)."""
        from keras import ops  # noqa: PLC0415  # as above

        drawn = ops.einsum("pkq,qm->pkm", colour, tents(KNOTS))
        return COLOUR_DB * ops.tanh(drawn / COLOUR_DB)

    def penalty(self, played: list[Any]) -> Any:
        """Measure by how much more than three strings sound at once, (players,), in nat.

        The entropy of the strings' power at a step, above that of three equal ones.
        """
        from keras import ops  # noqa: PLC0415  # as above

        swing = ops.sum(10.0 ** (played[0] / 10), axis=1)
        shares = swing / ops.sum(swing, axis=1, keepdims=True)
        entropy = -ops.sum(shares * ops.log(shares + 1e-9), axis=1)
        return ops.mean(ops.relu(entropy - float(np.log(3))), axis=1)
