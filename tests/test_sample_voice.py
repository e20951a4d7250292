"""The synthetic voice of the samples."""

from functools import partial

import numpy as np
import pytest

from model.sample_clips.filters import RATE
from model.sample_clips.score import PlayedNote
from model.sample_clips.voice import voice

A3 = 220.0


def note(start=0.5, end=1.5, pitch=57) -> PlayedNote:
    return PlayedNote(start, end, pitch, 100, 0.0, False)


def spectrum(sound):
    """Power by frequency (1 Hz apart) of the second in which the vowel stands."""
    return np.abs(np.fft.rfft(sound[int(0.5 * RATE) : int(1.5 * RATE), 0])) ** 2


def test_a_note_sounds_at_its_pitch_when_it_is_written():
    sound = voice([note()], 2.0, "ma", breath=0.0)
    assert sound.shape == (2 * RATE, 2)
    assert not sound[: int(0.49 * RATE)].any()
    power = spectrum(sound)
    harmonics = [power[round(A3 * k) - 3 : round(A3 * k) + 4].sum() for k in range(1, 20)]
    assert sum(harmonics) > 0.9 * power[:4200].sum()


@pytest.mark.parametrize(("vowel", "formant"), [("a", 1090), ("i", 2290), ("u", 870)])
def test_each_vowel_is_loudest_around_its_second_formant_above_the_first(vowel, formant):
    power = spectrum(voice([note(pitch=45)], 2.0, f"m{vowel}", breath=0.0))
    bands = {hertz: power[hertz - 110 : hertz + 110].sum() for hertz in (870, 1090, 2290)}
    others = {"a": 2290, "i": 1090, "u": 2290}
    assert bands[formant] > 3 * bands[others[vowel]]


def test_a_spoken_syllable_falls_in_pitch():
    def late(fall):
        sound = voice([note()], 2.0, "ma", breath=0.0, fall=fall)
        part = np.abs(np.fft.rfft(sound[int(1.2 * RATE) : int(1.45 * RATE), 0]))
        return 4 * (40 + np.argmax(part[40:65]))

    assert late(4.0) < 0.9 * late(0.0)


def test_consonants_hiss_and_the_voice_is_the_same_each_time():
    sing = partial(voice, [note()], 2.0, breath=0.0)
    np.testing.assert_array_equal(sing("sa"), sing("sa"))
    onset = slice(int(0.45 * RATE), int(0.55 * RATE))

    def treble(sound):
        return (np.abs(np.fft.rfft(sound[onset, 0]))[900:] ** 2).sum()  # above 9 kHz

    assert treble(sing("sa")) > 10 * treble(sing("ma"))
