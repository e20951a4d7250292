"""Rendering of the instrument: a wavetable for each string, filtered noise for each drum."""

from typing import Final

import numpy as np
from scipy.signal import lfilter

from model.audio.spectrogram import istft, mel_frequencies, stft
from model.constants import FINE_HOP, N_FFT, SAMPLE_RATE
from model.genre_portraits.instrument import (
    ATTACK,
    DRUMS,
    ROLL_OFFS,
    STRING_DECAYS,
    Instrument,
    harmonics_of,
    noise_power,
    string_frequencies,
    tents,
)
from model.types import Float32, Float64

# Samples of one period; the highest harmonic still gets a hundred of them.
_TABLE: Final = 4096
# A string that stays further below the loudest than this is left out.
_UNHEARD_DB: Final = -55.0


def render(instrument: Instrument, played: list[Float32], repeats: int, seed: int) -> Float32:
    """Play a loop several times over.

    Parameters
    ----------
    instrument : Instrument
        The strings and drums.
    played : list of ndarray of float32
        One player's strings, drums and colour, each of shape (1, ...).
    repeats : int
        Rounds of the loop.
    seed : int
        Of the harmonics' phases and of the noise.

    Returns
    -------
    ndarray of float32, shape (samples,)
        At SAMPLE_RATE, on the instrument's own scale: not normalised.
    """
    rng = np.random.default_rng(seed)
    strings, drums, colour = played
    gains = np.asarray(instrument.colours(colour))[0]
    sound = _strings(instrument, strings[0], gains, repeats, rng)
    sound += _drums(instrument, drums[0], repeats, rng)
    return sound.astype(np.float32)


def _strings(
    instrument: Instrument,
    strokes: Float32,
    gains: Float32,
    repeats: int,
    rng: np.random.Generator,
) -> Float64:
    length = instrument.loop.samples * repeats
    place = np.arange(length) / SAMPLE_RATE
    loudest = strokes.max()
    sound = np.zeros(length)
    for kind, index in np.ndindex(strokes.shape[:2]):
        if strokes[kind, index].max() < loudest + _UNHEARD_DB:
            continue
        frequency = float(string_frequencies()[index])
        table = _wavetable(frequency, ROLL_OFFS[kind], gains[kind], rng)
        share, before = np.modf(frequency * place % 1.0 * _TABLE)
        index_before = before.astype(np.intp)
        wave = table[index_before]
        wave += share * (table[(index_before + 1) % _TABLE] - wave)
        sound += wave * _swing(instrument, strokes[kind, index], STRING_DECAYS[kind], repeats)
    return sound


def _wavetable(
    frequency: float, roll_off: float, gains: Float32, rng: np.random.Generator
) -> Float64:
    """Build one period of a string with random phases, (_TABLE,)."""
    numbers = harmonics_of(frequency)
    colour = np.interp(numbers * frequency, mel_frequencies(), gains)
    amplitudes = numbers ** (-roll_off) * 10 ** (colour / 20)
    spectrum = np.zeros(_TABLE // 2 + 1, complex)
    phases = rng.uniform(0, 2 * np.pi, len(numbers))
    spectrum[numbers] = amplitudes * np.exp(1j * phases) * _TABLE / 2
    return np.fft.irfft(spectrum, _TABLE)


def _swing(instrument: Instrument, strokes: Float32, decay: float, repeats: int) -> Float64:
    """Compute a string's amplitude over time, (samples,), with the ring of the rounds before."""
    loop = instrument.loop
    hits = np.zeros(loop.samples)
    hits[:: loop.frames_per_step * FINE_HOP] = 10 ** (strokes / 10)
    fall = np.exp(-2 / (decay * SAMPLE_RATE))
    rise = np.exp(-1 / (ATTACK * SAMPLE_RATE))
    rounds = np.tile(hits, repeats + 1)
    # Power is what the model of the instrument adds up: each stroke falls by exp(-2 t / decay)
    # and rises by 1 - exp(-t / attack), the difference of two decays.
    power = lfilter([1.0], [1.0, -fall], rounds) - lfilter([1.0], [1.0, -fall * rise], rounds)
    return np.sqrt(np.maximum(power[loop.samples :], 0))


def _drums(
    instrument: Instrument, strokes: Float32, repeats: int, rng: np.random.Generator
) -> Float32:
    length = instrument.loop.samples * repeats
    spectrum = stft(rng.standard_normal(length).astype(np.float32))
    courses = np.einsum("kbs,ksf->bf", 10 ** (strokes / 10), instrument.drum_courses)
    bands = tents(DRUMS).T @ courses * instrument.full_power
    gain_db = 10 * np.log10(bands / noise_power()[:, np.newaxis] + 1e-20)
    bins = np.arange(N_FFT // 2 + 1) * SAMPLE_RATE / N_FFT
    gains = [10 ** (np.interp(bins, mel_frequencies(), column) / 20) for column in gain_db.T]
    looped = np.stack(gains, axis=1)[:, np.arange(spectrum.shape[1]) % instrument.loop.frames]
    return istft((spectrum * looped).astype(np.complex64), length)
