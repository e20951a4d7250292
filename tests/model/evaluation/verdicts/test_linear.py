"""The floor of the comparison learns what is in the mel bands, and chooses on valid."""

import numpy as np
import pytest

from model.constants import GENRES, N_MELS
from model.evaluation.verdicts import linear
from model.evaluation.verdicts.linear import PENALTIES, fit_linear, mel_statistics
from model.gtzan.pictures import Pictures


def songs(seed: int, n: int = 60) -> Pictures:
    """Ten genres, each with a somewhat louder stripe in bands of its own."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % len(GENRES)
    codes = rng.integers(0, 120, (n, N_MELS, 40)).astype(np.uint8)
    for picture, label in zip(codes, labels, strict=True):
        picture[12 * label : 12 * label + 6] += 20
    return Pictures(tuple(map(str, range(n))), codes, labels)


def test_statistics_are_those_worked_out_by_hand():
    level = np.zeros((1, N_MELS, 4), np.float32)
    level[0, 5] = [0, -10, 0, -30]
    mean, deviation, change = mel_statistics(level).reshape(3, N_MELS)
    assert mean[5] == -10
    assert deviation[5] == pytest.approx(np.std([0, -10, 0, -30]))
    assert change[5] == pytest.approx(50 / 3)
    assert not mean[6] and not deviation[6] and not change[6]


def test_what_is_in_the_bands_is_learned():
    classifier = fit_linear(songs(1), songs(2))
    assert classifier.accuracy(songs(3)) > 0.9
    assert classifier.penalty in PENALTIES
    assert classifier.parameters == len(GENRES) * (3 * N_MELS + 1)


def test_the_penalty_is_the_one_that_does_best_on_valid(monkeypatch):
    train, valid = songs(1), songs(2)
    rng = np.random.default_rng(0)
    disturbed = np.where(rng.random(len(train)) < 0.6, rng.permutation(train.labels), train.labels)
    noisy = Pictures(train.names, train.codes, disturbed)
    tried = PENALTIES[::4]
    monkeypatch.setattr(linear, "PENALTIES", tried)
    best = fit_linear(noisy, valid).accuracy(valid)
    accuracies = []
    for penalty in tried:
        monkeypatch.setattr(linear, "PENALTIES", (penalty,))
        accuracies.append(fit_linear(noisy, valid).accuracy(valid))
    assert min(accuracies) < max(accuracies) == best
