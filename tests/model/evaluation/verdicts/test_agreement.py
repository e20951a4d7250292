"""Pictures and real audio lead to the same verdict, through the app's own path."""

import numpy as np
import pytest

from model.audio.clip import decode
from model.audio.spectrogram import log_mel
from model.evaluation.verdicts.agreement import compare
from model.gtzan.clips import clip_files
from model.gtzan.pictures import load_pictures
from model.networks.assembled import load_classifier


@pytest.mark.long
@pytest.mark.data
def test_audio_and_pictures_agree(gtzan):
    """On every sixth clip, for the network on pictures: the ear hears nothing in a picture."""
    names = list(clip_files(gtzan))[::6]
    network = load_classifier()
    comparisons = list(compare(gtzan, network.eyes or network, names))
    assert len(comparisons) > 50
    agreeing = sum(c.from_audio == c.from_picture for c in comparisons)
    assert agreeing / len(comparisons) >= 0.95


@pytest.mark.data
@pytest.mark.parametrize(("name", "slope"), [("metal.00004", 1.0), ("jazz.00080", 1.28)])
def test_some_pictures_are_stretched_over_the_whole_range(gtzan, name, slope):
    """Why verdicts differ: a picture's quietest cell became code 0, even at -62 dB.

    Levels in such a picture are those of its audio times a constant, which another copy of
    the audio, with another quietest cell, does not give away.
    """
    picture = load_pictures(gtzan).of([name]).levels(0)
    level = log_mel(decode((gtzan / "clips" / f"{name}.ogg").read_bytes()).waveform)
    frames = min(level.shape[1], picture.shape[1])
    audible = np.s_[:110, :frames]  # below the end of copies at 16 kHz
    one, other = level[audible].ravel(), picture[audible].ravel()
    assert one @ other / (one @ one) == pytest.approx(slope, abs=0.05)
