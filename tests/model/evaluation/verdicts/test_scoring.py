"""Verdicts on many tracks, track by track."""

import numpy as np

from model.constants import GENRES, N_MELS
from model.evaluation.verdicts.scoring import score
from model.gtzan.pictures import Pictures
from tests.model.evaluation.listeners import listener


def test_every_track_gets_its_verdict_and_probability():
    codes = np.zeros((2, N_MELS, 40), np.uint8)
    codes[1] = 255
    names = ("jazz.00001", "rock.00002")
    tracks = Pictures(names, codes, np.array([GENRES.index("jazz"), GENRES.index("rock")]))
    loud_is_rock = listener(lambda level: GENRES.index("rock" if level.max() == 0 else "pop"))
    scores = score(loud_is_rock, tracks)
    assert scores.right.tolist() == [False, True]
    assert scores.logits.shape == scores.probabilities.shape == (2, 10)
    wrong, right = scores.as_json()
    sure = np.exp(2) / (np.exp(2) + 9)
    assert (wrong["name"], wrong["genre"], wrong["verdict"]) == ("jazz.00001", "jazz", "pop")
    assert wrong["probability"] == round(float(sure), 4) == right["probability_of_genre"]
    assert wrong["probability_of_genre"] == round(float((1 - sure) / 9), 4)
