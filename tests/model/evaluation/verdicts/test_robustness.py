"""Altered clips are judged through the app's own path and counted rightly."""

import numpy as np
import pytest

from model.audio.clip import Clip, encode_wav
from model.constants import GENRES, SAMPLE_RATE
from model.evaluation.verdicts.alterations import Alteration
from model.evaluation.verdicts.robustness import Trial, summarise, try_all
from tests.model.evaluation.listeners import listener

JAZZ, ROCK = GENRES.index("jazz"), GENRES.index("rock")


def clip(hertz: float, name: str) -> Clip:
    time = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    return Clip((0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32), name, "0" * 64)


def high_is_rock(level: np.ndarray) -> int:
    return ROCK if level.mean(axis=1).argmax() > 60 else JAZZ


SAME = Alteration("same", "Same", "nothing", lambda wave, rng: encode_wav(wave))
HIGH = Alteration("high", "High", "tone", lambda wave, rng: encode_wav(clip(6_000, "").waveform))


def test_verdicts_follow_what_is_heard():
    clips = [clip(200, "jazz.00001"), clip(6_000, "rock.00002"), clip(200, "pop.00003")]
    trials = list(try_all(clips, listener(high_is_rock), (SAME, HIGH)))
    assert [trial.name for trial in trials] == ["jazz.00001", "rock.00002", "pop.00003"]
    figures = summarise(trials, GENRES, (SAME, HIGH))
    assert figures["n"] == 3
    assert {genre: n for genre, n in figures["genres"].items() if n} == {
        "jazz": 1,
        "pop": 1,
        "rock": 1,
    }
    clean, same, high = figures["conditions"]
    assert clean["accuracy"]["share"] == same["accuracy"]["share"] == pytest.approx(2 / 3)
    assert high["accuracy"]["share"] == high["unchanged"]["share"] == pytest.approx(1 / 3)
    assert same["unchanged"]["share"] == 1.0
    assert same["mean_change"] == pytest.approx(0.0, abs=1e-6)
    assert "unchanged" not in clean


def test_the_change_is_that_of_the_genre_first_heard():
    clean = np.array([0.6, 0.4], np.float32)
    trials = [
        Trial("a", 0, clean, np.array([[0.5, 0.5]], np.float32)),
        Trial("b", 1, clean, np.array([[0.2, 0.8]], np.float32)),
    ]
    (_, altered) = summarise(trials, ("a", "b"), (SAME,))["conditions"]
    assert altered["mean_change"] == pytest.approx(-0.25)
    assert altered["accuracy"]["share"] == 1.0


def test_every_clip_has_noise_of_its_own_and_the_same_each_time():
    seen: list[float] = []
    watch = Alteration(
        "watch",
        "Watch",
        "",
        lambda wave, rng: seen.append(float(rng.random())) or encode_wav(wave),  # type: ignore[func-returns-value]
    )
    for _ in range(2):
        clips = [clip(200, "jazz.00001"), clip(200, "jazz.00002")]
        list(try_all(clips, listener(high_is_rock), (watch,), seed=5))
    assert seen[:2] == seen[2:]
    assert seen[0] != seen[1]
