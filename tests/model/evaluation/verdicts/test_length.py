"""Excerpts lie where they should, hear nothing of the rest, and are counted rightly."""

import numpy as np
import pytest

from model.audio.clip import Clip
from model.audio.spectrogram import log_mel
from model.constants import GENRES, N_MELS, SAMPLE_RATE
from model.evaluation.verdicts.length import (
    accuracy_by_length,
    accuracy_by_length_of_sound,
    centre,
    excerpts,
    frames_in,
    sound_excerpts,
)
from model.gtzan.pictures import Pictures
from tests.model.evaluation.listeners import listener


def ramp(frames: int) -> np.ndarray:
    """Frame k is k/10 - 40 dB, all bands alike."""
    return np.tile(np.arange(frames, dtype=np.float32) / 10 - 40, (N_MELS, 1))


@pytest.mark.parametrize("seconds", [3.0, 5.0, 10.0, 30.0])
def test_as_many_frames_as_the_front_end_makes(seconds):
    waveform = np.random.default_rng(0).normal(size=round(seconds * 22_050)).astype(np.float32)
    assert frames_in(seconds) == log_mel(waveform).shape[1]


def test_excerpts_lie_side_by_side_in_the_middle():
    cut = excerpts(ramp(102), 25)
    assert len(cut) == 4
    for index, excerpt in enumerate(cut):
        # Below its own maximum, which is its last frame.
        np.testing.assert_allclose(excerpt[0], np.arange(25) / 10 - 2.4, atol=1e-5)
        assert index or excerpt.shape == (N_MELS, 25)


def test_the_centre_is_the_middle():
    level = ramp(101)
    level[:, 50] = 0.0
    middle = centre(level, 11)
    assert middle.shape == (N_MELS, 11)
    assert (middle[:, 5] == 0).all()
    assert (middle[:, [0, 10]] < -30).all()


@pytest.mark.parametrize("frames", [40, 41, 99])
def test_a_whole_picture_stays_as_it_is(frames):
    level = ramp(40)
    assert excerpts(level, frames) == [pytest.approx(level)]
    np.testing.assert_array_equal(centre(level, frames), level)


def test_verdicts_are_counted_by_length():
    """A track is class 0 in the middle and class 1 else: what is heard decides."""
    codes = np.zeros((2, N_MELS, 387), np.uint8)
    codes[:, 100, :] = 255
    codes[:, 100, 160:230] = 0
    codes[:, 10, 160:230] = 255
    tracks = Pictures(("a", "b"), codes, np.array([0, 1]))
    low_is_louder = listener(lambda level: int(level[100].mean() > level[10].mean()))
    short, long = accuracy_by_length(low_is_louder, tracks, (3.0, 30.0))
    assert (short.excerpts_a_track, long.excerpts_a_track) == (9, 1)
    assert (short.right_centre, short.right_all) == (1, 1)
    assert long.as_json()["centre"] == long.as_json()["all"]
    assert long.as_json()["all"]["share"] == 0.5
    # The middle alone is class 0, all excerpts together class 1.
    only_first = tracks.of(["a"])
    (heard,) = accuracy_by_length(low_is_louder, only_first, (3.0,))
    assert (heard.right_centre, heard.right_all) == (1, 0)


def tone(hertz: float, seconds: float) -> np.ndarray:
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return np.sin(2 * np.pi * hertz * times).astype(np.float32) / 2


def clip(*parts: np.ndarray, genre: str = GENRES[0]) -> Clip:
    return Clip(np.concatenate(parts), f"{genre}.00000", "0" * 64)


def test_excerpts_of_sound_lie_side_by_side_in_the_middle():
    cut = sound_excerpts(Clip(np.arange(round(10 * SAMPLE_RATE), dtype=np.float32), "x", ""), 3.0)
    assert [part.waveform[0] for part in cut] == [
        round(SAMPLE_RATE * start) for start in (0.5, 3.5, 6.5)
    ]
    assert {len(part.waveform) for part in cut} == {3 * SAMPLE_RATE}
    (whole,) = sound_excerpts(clip(tone(440, 4.0)), 30.0)
    assert whole.seconds == 4.0


def test_verdicts_on_sound_are_counted_by_length():
    """Low in the middle third and high elsewhere, in a clip of class 0, which means low."""

    def mostly_high(level: np.ndarray) -> int:
        return int(np.mean(level[60:].max(axis=0) > level[:60].max(axis=0)) > 0.5)

    high_is_second = listener(mostly_high)
    mixed = clip(tone(5000, 3.5), tone(200, 3.0), tone(5000, 3.5))
    short, long = accuracy_by_length_of_sound(high_is_second, [mixed], (3.0, 30.0))
    assert (short.excerpts_a_track, short.n) == (3, 1)
    assert (short.right_centre, short.right_all) == (1, 0)
    assert (long.right_centre, long.right_all) == (0, 0)


def test_silent_excerpts_lead_to_no_verdict():
    """Silence in the middle: alone it cannot be right, and the others decide without it."""
    always_first = listener(lambda _: 0)
    gap = clip(tone(200, 3.5), np.zeros(3 * SAMPLE_RATE, np.float32), tone(200, 3.5))
    (heard,) = accuracy_by_length_of_sound(always_first, [gap], (3.0,))
    assert (heard.right_centre, heard.right_all) == (0, 1)
