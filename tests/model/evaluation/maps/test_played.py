"""What is played of a network's evidence, where it is known by construction what is right."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model.audio.clip import Clip
from model.constants import N_MELS, SAMPLE_RATE
from model.evaluation.maps import played as module
from model.evaluation.maps.played import (
    BANDS,
    LATER,
    MP3,
    NOISE,
    NULL,
    OWN,
    ROW,
    SHUFFLED,
    Played,
    later,
    noise_like,
    through_mp3,
)
from model.evaluation.maps.subjects import Subject, subject_from_clip
from model.explain.door import Method, Prediction
from model.explain.grid import MapGrid, RelevanceMap

SECONDS = 4
LOW, HIGH = 0, 1


def tones(low: float, high: float, name: str, middle: float = 0.0) -> Subject:
    """A low and a high tone of these amplitudes, and one of 1.5 kHz."""
    t = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    sound = low * np.sin(2 * np.pi * 300 * t) + high * np.sin(2 * np.pi * 4_000 * t)
    sound += middle * np.sin(2 * np.pi * 1_500 * t)
    return subject_from_clip(Clip(sound.astype(np.float32), name, ""), SECONDS)


class LowOrHigh:
    """Calls a sound by where its energy lies: below or above 1 kHz."""

    bias = np.zeros(2, np.float32)
    temperature = 1.0

    def hear(self, waveform: np.ndarray, levels: np.ndarray | None = None) -> Prediction:
        spectrum = np.abs(np.fft.rfft(waveform)) ** 2
        hertz = np.fft.rfftfreq(len(waveform), 1 / SAMPLE_RATE)
        low = spectrum[hertz < 1_000].sum() / spectrum.sum()
        shares = np.array([low, 1 - low], np.float32)
        levels = np.zeros((N_MELS, 1), np.float32) if levels is None else levels
        return Prediction(np.log(shares + 1e-6), shares, shares.reshape(1, 1, 2), levels)


def bands(chosen: slice) -> Method:
    """A method that marks some bands, whatever the class."""

    def explain(network: Any, prediction: Prediction, target: Any) -> RelevanceMap:
        values = np.zeros((N_MELS, prediction.levels.shape[1]), np.float32)
        values[chosen] = 1
        return RelevanceMap(values)

    return Method("marked", "Marked", "", "", True, False, True, explain)


@pytest.fixture
def play(monkeypatch):
    def heard(method: Method, *subjects: Subject) -> dict[str, Any]:
        monkeypatch.setattr(module, "METHODS", {"marked": method})
        network: Any = LowOrHigh()
        playing = Played(network, ["marked"])
        for subject in subjects:
            playing.hear(subject)
        return playing.results()

    return heard


def row(results: dict[str, Any], **wanted: str) -> dict[str, Any]:
    (found,) = [
        each for each in results["rows"] if all(each[name] == wanted[name] for name in wanted)
    ]
    return found


def test_what_carries_the_verdict_keeps_it_and_the_rest_loses_it(play):
    results = play(bands(np.s_[64:]), tones(0.1, 0.3, "rock.00000"))
    own = row(results, test=OWN, bed="silent")
    assert own["alike"]["value"] == own["increase"]["value"] == 1
    assert own["drop"]["value"] == 0
    assert own["lost_with_the_rest_alone"]["value"] > 0.8
    assert own["energy"]["value"] == pytest.approx(0.9, abs=0.01)


def test_what_does_not_carry_it_loses_it_and_a_bed_gives_a_little_back(play):
    results = play(bands(np.s_[:40]), tones(0.1, 0.3, "rock.00000"))
    silent, bed = (row(results, test=OWN, bed=bed) for bed in ("silent", "-30 dB"))
    assert silent["alike"]["value"] == 0
    assert bed["drop"]["value"] < silent["drop"]["value"]
    assert silent["lost_with_the_rest_alone"]["value"] < 0


def test_the_null_is_held_against_the_map_track_by_track(play):
    subjects = [tones(0.1, 0.3 - 0.01 * n, f"rock.0000{n}") for n in range(4)]
    results = play(bands(np.s_[64:]), *subjects)
    null = row(results, test=NULL, bed="silent")
    assert results["n"] == 4
    assert null["area"]["value"] == pytest.approx(
        row(results, test=OWN, bed="silent")["area"]["value"], abs=0.02
    )
    assert null["paired"]["first"] >= null["paired"]["second"]


def test_of_two_joined_songs_each_has_its_own_half(play):
    """A method that marks the loudest second of what it explains is right for one of both."""

    def explain(network: Any, prediction: Prediction, target: Any) -> RelevanceMap:
        frames = prediction.levels.shape[1]
        values = np.zeros((N_MELS, frames), np.float32)
        # Right for the low song, which comes first, and wrong for the other one.
        values[:, : frames // 4] = 1
        return RelevanceMap(values)

    method = Method("marked", "Marked", "", "", True, False, True, explain)
    results = play(method, tones(0.3, 0.1, "rock.00000"), tones(0.1, 0.3, "pop.00000"))
    joined = {each["kind"]: each["right"] for each in results["joined"]}
    assert joined[ROW]["value"] == pytest.approx(0.5, abs=0.01)
    assert not play(method, tones(0.3, 0.1, "rock.00000"), tones(0.3, 0.2, "pop.00000"))["joined"]


@pytest.mark.parametrize(("marked", "share"), [(np.s_[80:], 1), (np.s_[:40], 0)])
def test_of_one_song_below_another_the_one_that_decides_has_its_own_bands(play, marked, share):
    # Below 2 kHz comes from the first, 1.5 kHz included: more than half is high, as the second is.
    first, second = tones(0.3, 0.0, "rock.00000", middle=0.1), tones(0.0, 0.3, "pop.00000")
    results = play(bands(marked), first, second)
    (found,) = [each for each in results["joined"] if each["kind"] == BANDS]
    assert found["right"]["n"] == 1
    assert found["right"]["value"] == pytest.approx(share, abs=1e-6)


def test_noise_is_as_long_and_as_loud_as_the_track_and_its_own():
    subject = tones(0.1, 0.3, "rock.00000")
    noise = noise_like(subject, 0)
    own, other = subject.sound.waveform, noise.sound.waveform
    assert len(own) == len(other)
    assert np.std(own) == pytest.approx(np.std(other), rel=0.01)
    assert abs(np.corrcoef(own, other)[0, 1]) < 0.02


def test_the_tests_of_a_decoder_are_of_its_own_map(monkeypatch):
    """Half a cell later, and through an MP3, a plain map keeps what it kept."""

    def decode(prediction: Prediction, weights: np.ndarray) -> RelevanceMap:
        values = np.zeros((N_MELS, prediction.levels.shape[1]), np.float32)
        values[64:] = 1
        return RelevanceMap(values)

    def untaught(rng: np.random.Generator) -> Any:
        return SimpleNamespace(decode=lambda *_: RelevanceMap(np.eye(N_MELS, dtype=np.float32)))

    network: Any = LowOrHigh()
    network.decodes, network.decoded = True, decode
    network.decoder = SimpleNamespace(rearranged=untaught)
    low = np.zeros((N_MELS, 1), np.float32)
    low[:40] = 1
    other: Any = SimpleNamespace(keep=lambda waveform, levels, target: RelevanceMap(low))
    playing = Played(network, ["listenable"], shuffled=other)
    playing.hear(tones(0.1, 0.3, "rock.00000"))
    results = playing.results()
    assert row(results, test=SHUFFLED, bed="silent")["alike"]["value"] == 0, "what it keeps is low"
    assert {each["test"] for each in results["rows"]} == {
        OWN,
        NULL,
        "reset decoder",
        SHUFFLED,
        "another track",
        LATER,
        MP3,
        NOISE,
    }
    own = row(results, test=OWN, bed="silent")
    for test in (LATER, MP3):
        kept = row(results, test=test, bed="silent")
        assert kept["alike"]["value"] == own["alike"]["value"] == 1
        assert kept["drop"]["value"] == pytest.approx(own["drop"]["value"], abs=1)


def test_an_mp3_keeps_a_tone_in_its_place_and_at_its_level():
    t = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    tone = (0.01 * np.sin(2 * np.pi * 500 * t)).astype(np.float32)
    again = through_mp3(tone)[: len(tone)]
    assert np.sqrt(np.mean(again[5000:-5000] ** 2)) == pytest.approx(0.01 / np.sqrt(2), rel=0.05)
    assert np.abs(np.fft.rfft(again)).argmax() == 1000


def test_a_grid_moves_by_half_a_cell():
    assert later(MapGrid(3.0, 4.0, 0.5, 2.0)) == MapGrid(3.0, 4.0, 1.5, 2.0)
