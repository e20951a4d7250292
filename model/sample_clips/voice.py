"""A singing or rhythmically speaking voice of vowels and consonants, without words.

Every harmonic of the voice is as loud as the formants of its vowel let it be.
"""

from collections.abc import Mapping

import numpy as np

from model.sample_clips.filters import RATE, Mono, Stereo, bandpass, highpass
from model.sample_clips.score import PlayedNote

# First three formants in Hz of men and of women: Peterson and Barney, "Control methods used in a
# study of the vowels", 1952; the fourth is a round value.
_MEN = {
    "a": (730, 1090, 2440, 3500),
    "e": (530, 1840, 2480, 3500),
    "i": (270, 2290, 3010, 3600),
    "o": (570, 840, 2410, 3400),
    "u": (300, 870, 2240, 3300),
}
_WOMEN = {
    "a": (850, 1220, 2810, 4000),
    "e": (610, 2330, 2990, 4100),
    "i": (310, 2790, 3310, 4200),
    "o": (590, 920, 2710, 3900),
    "u": (370, 950, 2670, 3800),
}
_BANDWIDTHS = (80.0, 100.0, 140.0, 220.0)  # Hz, of the four formants
# Noise of a consonant: lowest and highest frequency (Hz), seconds, gain
_NOISES = {
    "t": (3000, 8000, 0.035, 0.5),
    "k": (1400, 4500, 0.04, 0.5),
    "p": (400, 2500, 0.025, 0.4),
    "s": (4500, 11000, 0.09, 0.35),
    "d": (2200, 6000, 0.018, 0.3),
    "b": (200, 1500, 0.018, 0.3),
    "h": (700, 5000, 0.07, 0.2),
}
_CONTROL = 441  # samples between two settings of the formants: 10 ms
_GLIDE = 0.045  # seconds in which the mouth opens from consonant to vowel
_HIGHEST = 9000.0  # Hz, where the harmonics end


def _gains(hertz: Mono, formants: Mono) -> Mono:
    """Return how loud each harmonic is; hertz (settings, harmonics), formants (settings, 4)."""
    total = np.zeros_like(hertz)
    for index, width in enumerate(_BANDWIDTHS):
        centre = formants[:, index : index + 1]
        # A resonance of second order, and the formants above it count less
        share = 1.0 / np.sqrt(((hertz - centre) / (width / 2)) ** 2 + 1.0)
        total += share * (1.0, 0.7, 0.45, 0.3)[index]
    return total


def _syllable(
    note: PlayedNote, sign: str, vowels: Mapping[str, tuple[int, int, int, int]], fall: float
) -> Mono:
    consonant, vowel = sign[0], sign[-1]
    seconds = note.end - note.start + 0.05
    t = np.arange(int(seconds * RATE)) / RATE
    pitch = note.pitch + note.scoop * np.exp(-t / 0.05) - fall * t / seconds
    if note.vibrato:
        pitch += 0.35 * np.clip((t - 0.25) / 0.3, 0, 1) * np.sin(2 * np.pi * 5.4 * t)
    hertz = 440.0 * 2 ** ((pitch - 69) / 12)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    at = np.arange(0, len(t) + _CONTROL, _CONTROL)
    settings = np.interp(at, np.arange(len(t)), hertz)[:, None]
    target = np.array(vowels[vowel], dtype=float)
    closed = np.array([250.0, 1500.0, 2500.0, 3400.0])
    opened = 1.0 - np.exp(-at / RATE / _GLIDE)[:, None]
    formants = closed + (target - closed) * opened
    orders = np.arange(1, int(_HIGHEST / hertz.max()) + 1)
    loud = _gains(settings * orders, formants) / orders**0.6
    voiced = sum(
        (
            np.interp(np.arange(len(t)), at, loud[:, k]) * np.sin(order * phase)
            for k, order in enumerate(orders)
        ),
        start=np.zeros(len(t)),
    )
    rise, release = (0.02 if consonant in "tkpdb" else 0.045), 0.05
    shape = np.clip(t / rise, 0, 1) * np.clip((seconds - t) / release, 0, 1)
    return voiced * shape * (note.velocity / 127) ** 1.5


def voice(
    notes: list[PlayedNote],
    seconds: float,
    syllables: str,
    high: bool = False,
    fall: float = 0.0,
    breath: float = 0.02,
) -> Stereo:
    """Sing the notes.

    Parameters
    ----------
    notes : list of PlayedNote
        One voice: a chord is sung by several.
    seconds : float
        Length of the sound.
    syllables : str
        A consonant and a vowel each, such as `da ti mo`; they are sung again from the
        first one where there are more notes.
    high : bool
        A woman's vowels instead of a man's.
    fall : float
        Semitones by which each syllable falls, as in speech; 0 to sing.
    breath : float
        Share of noise in the vowels.

    Returns
    -------
    numpy.ndarray, shape (samples, 2)
        The same sound on both sides.
    """
    rng = np.random.default_rng(len(notes))
    length = int(seconds * RATE)
    sound, signs = np.zeros(length + 2 * RATE), syllables.split()
    for index, note in enumerate(notes):
        sign = signs[index % len(signs)]
        voiced = _syllable(note, sign, _WOMEN if high else _MEN, fall)
        noise = rng.standard_normal((len(voiced), 1))
        voiced += breath * np.abs(voiced) * highpass(noise, 1500)[:, 0] * 3
        first = int(note.start * RATE)
        sound[first : first + len(voiced)] += voiced
        if sign[0] in _NOISES:
            low, top, lasting, gain = _NOISES[sign[0]]
            burst = bandpass(rng.standard_normal((int(lasting * RATE), 1)), low, top)[:, 0]
            begin = max(0, first - len(burst) // 2)
            strength = gain * note.velocity / 127 * np.hanning(len(burst))
            sound[begin : begin + len(burst)] += strength * burst
    return np.repeat(sound[:length, None], 2, axis=1)
