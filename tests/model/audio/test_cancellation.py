"""Channels that cancel: as a whole, in a band, or not at all."""

import io

import numpy as np
import pytest
import scipy.signal
import soundfile

from model.audio.cancellation import ChannelBands, cancellation_note
from model.audio.clip import decode
from model.constants import SAMPLE_RATE

RATE = 44_100


def noise(seed: int, seconds: float = 4.0) -> np.ndarray:
    """Noise that falls by 3 dB an octave, as music does."""
    white = np.random.default_rng(seed).standard_normal(int(seconds * RATE))
    spectrum = np.fft.rfft(white)
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 20))
    pink = np.fft.irfft(spectrum, len(white))
    return (0.2 * pink / np.abs(pink).max()).astype(np.float32)


def found(channels: list[np.ndarray]) -> list[tuple[float, float]]:
    block = np.stack(channels, axis=1).astype(np.float32)
    bands = ChannelBands(block.shape[1], RATE)
    for start in range(0, len(block), 4096):
        piece = block[start : start + 4096]
        bands.add(piece, piece.mean(axis=1))
    return bands.cancelled()


def band_turned_over(sound: np.ndarray, low: float, high: float) -> np.ndarray:
    """The same with the tones between two frequencies upside down."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(hertz > low) & (hertz < high)] *= -1
    return np.fft.irfft(spectrum, len(sound)).astype(np.float32)


def level_between(sound: np.ndarray, rate: int, low: float = 150, high: float = 300) -> float:
    """Mean power density between two frequencies, in dB."""
    hertz, power = scipy.signal.welch(sound, rate, nperseg=rate // 10)
    return float(10 * np.log10(power[(hertz > low) & (hertz < high)].mean()))


def test_ordinary_stereo_does_not_cancel():
    middle, left, right = noise(0), noise(1), noise(2)
    assert found([left, right]) == []
    assert found([middle + left, middle + right]) == []
    assert found([middle, 0 * middle]) == []
    assert found([middle] + 7 * [0 * middle]) == []


def test_a_channel_upside_down_cancels_as_a_whole():
    sound = noise(0)
    assert found([sound, -sound]) == [(0.0, np.inf)]
    assert found([sound, -0.9 * sound]) == [(0.0, np.inf)]
    # An offset that both share is no sound that is left.
    assert found([sound + 0.3, -sound + 0.3]) == [(0.0, np.inf)]


@pytest.mark.parametrize(("low", "high"), [(80.0, 320.0), (2_000.0, 8_000.0)])
def test_a_band_upside_down_is_found_where_it_is(low, high):
    sound = noise(0)
    ((first, last),) = found([sound, band_turned_over(sound, low, high)])
    assert low / 1.5 <= first <= low * 1.5
    assert high / 1.5 <= last <= high * 1.5


def test_a_recording_with_a_band_that_cancels_is_read_from_one_channel_and_says_so():
    sound = noise(0)
    stereo = np.stack([band_turned_over(sound, 100, 400), 1.1 * sound], axis=1)
    file = io.BytesIO()
    soundfile.write(file, stereo, RATE, format="WAV", subtype="PCM_16")
    clip = decode(file.getvalue())
    (note,) = clip.notes
    assert note.startswith("Between ")
    assert "cancel each other out" in note
    # The right channel, with the band that the mix has lost.
    wanted, heard = level_between(1.1 * sound, RATE), level_between(clip.waveform, SAMPLE_RATE)
    assert heard == pytest.approx(wanted, abs=0.5)


def test_the_note_names_what_cancels():
    assert cancellation_note([(0.0, np.inf)]) == (
        "The channels of this recording cancel each other out, so only the loudest of them is used."
    )
    assert cancellation_note([(56.6, 226.3), (2560.0, 5120.0)]).startswith(
        "Between 57 and 230 Hz and between 2,600 and 5,100 Hz the channels of this recording"
    )
