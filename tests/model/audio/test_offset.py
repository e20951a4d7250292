"""An offset, constant or drifting, is gone before anything else looks at the sound."""

import io

import numpy as np
import pytest
import soundfile

from model.audio.clip import decode
from model.audio.offset import without_offset
from model.constants import SAMPLE_RATE


def wav(waveform: np.ndarray, rate: int = SAMPLE_RATE) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, waveform, rate, format="WAV", subtype="FLOAT")
    return file.getvalue()


@pytest.mark.parametrize("rate", [SAMPLE_RATE, 44_100])
@pytest.mark.parametrize("offset", [0.01, -0.1, 0.5])
def test_a_constant_offset_leaves_nothing_behind(music, offset, rate):
    plain = decode(wav(music, rate)).waveform
    moved = decode(wav(music + np.float32(offset), rate)).waveform
    np.testing.assert_allclose(moved, plain, atol=2e-3)
    # What is left is the music's own mean, with no step at either end.
    np.testing.assert_allclose(moved - plain, np.mean(moved - plain), atol=1e-4)


def test_a_recording_without_offset_stays_as_it_is(music):
    centred = music - np.float32(music.mean())
    np.testing.assert_array_equal(decode(wav(centred)).waveform, centred)
    bass = (0.8 * np.sin(2 * np.pi * 41.2 * np.arange(5 * SAMPLE_RATE) / SAMPLE_RATE)).astype("f4")
    assert without_offset(bass) is bass
    nothing = np.zeros(SAMPLE_RATE, np.float32)
    assert without_offset(nothing) is nothing
    assert len(without_offset(np.zeros(0, np.float32))) == 0


def test_an_offset_that_drifts_goes_too(music):
    drift = np.linspace(-0.3, 0.3, len(music), dtype=np.float32)
    plain = without_offset(music + np.float32(0.1))
    # At both ends the mirrored slope leaves a little.
    inside = slice(SAMPLE_RATE // 5, -SAMPLE_RATE // 5)
    np.testing.assert_allclose(without_offset(music + drift)[inside], plain[inside], atol=1e-4)


@pytest.mark.parametrize("hertz", [20, 40, 440])
def test_tones_survive(hertz):
    t = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * hertz * t).astype(np.float32)
    inside = slice(SAMPLE_RATE // 2, -SAMPLE_RATE // 2)
    np.testing.assert_allclose(
        without_offset(tone + np.float32(0.2))[inside], tone[inside], atol=0.01
    )


def test_a_silent_recording_with_an_offset_is_silent():
    from model.audio.decoders import AudioError  # noqa: PLC0415

    with pytest.raises(AudioError) as raised:
        decode(wav(np.full(5 * SAMPLE_RATE, 0.4, np.float32)))
    assert raised.value.code == "silent"


def test_an_offset_is_no_reason_to_scale_a_recording_down(music):
    clip = decode(wav(music + np.float32(20)))
    assert clip.notes == ()
    assert np.abs(clip.waveform).max() == pytest.approx(np.abs(music).max(), rel=0.1)
