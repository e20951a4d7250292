"""The sounds and averages that the app ships."""

import json
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile

from model.audio.spectrogram import log_mel
from model.constants import GENRES, SAMPLE_RATE
from model.genre_portraits.sounds import INSTRUMENT, TAKES
from model.networks.shipped import read_card

ASSETS = Path(__file__).resolve().parents[3] / "assets"
FOLDER = ASSETS / "genres"


@pytest.fixture(scope="module")
def content() -> dict:
    return json.loads((FOLDER / "genres.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def waveforms(content) -> dict[str, np.ndarray]:
    listed = [sound["file"] for sounds in content["sounds"].values() for sound in sounds]
    return {file: soundfile.read(FOLDER / file, dtype="float32")[0] for file in listed}


def test_every_genre_has_one_sound_of_each_take_and_no_file_is_left_over(content, waveforms):
    assert set(content["sounds"]) == set(GENRES)
    for sounds in content["sounds"].values():
        assert [sound["kind"] for sound in sounds] == [take.kind for take in TAKES]
    assert set(waveforms) == {path.name for path in FOLDER.glob("*.ogg")}


def test_they_are_small_and_of_the_shipped_model(content):
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000
    assert content["model"]["sha256"] == read_card(content["model"]["name"])["sha256"]


def test_no_sound_clips_or_falls_silent(waveforms):
    for file, waveform in waveforms.items():
        assert 6.0 < len(waveform) / SAMPLE_RATE < 9.0, file
        assert np.abs(waveform).max() < 10 ** (-1 / 20), file
        seconds = waveform[: len(waveform) // SAMPLE_RATE * SAMPLE_RATE].reshape(-1, SAMPLE_RATE)
        assert 10 * np.log10(np.square(seconds).mean(axis=1)).min() > -40, file


@pytest.mark.long
def test_what_was_played_has_tones_and_onsets(content, waveforms):
    """White noise has a flatness of about 0.56 and no onsets that stand out."""
    for sounds in content["sounds"].values():
        for sound in sounds:
            waveform = waveforms[sound["file"]]
            assert librosa.feature.spectral_flatness(y=waveform).mean() < 0.1, sound["file"]
            if sound["kind"] == INSTRUMENT:
                onsets = librosa.onset.onset_strength(y=waveform, sr=SAMPLE_RATE)
                assert onsets.max() > 3 * np.median(onsets), sound["file"]


def test_genres_sound_different(content, waveforms):
    spectra = {
        genre: log_mel(waveforms[sounds[0]["file"]]).mean(axis=1)
        for genre, sounds in content["sounds"].items()
    }
    for genre, spectrum in spectra.items():
        for other in set(GENRES) - {genre}:
            assert np.abs(spectrum - spectra[other]).mean() > 2.0, f"{genre} and {other}"


def test_the_network_hears_in_most_sounds_what_they_were_made_for(content):
    heard = [
        max(sound["probabilities_of_sound"], key=sound["probabilities_of_sound"].get) == genre
        for genre, sounds in content["sounds"].items()
        for sound in sounds
    ]
    assert np.mean(heard) >= 0.9


def test_licences_say_whose_the_sounds_are():
    assert "## genres/*.ogg: MIT" in (ASSETS / "LICENSES.md").read_text(encoding="utf-8")
