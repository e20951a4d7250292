"""Pictures and real audio lead to the same verdict, through the app's own path."""

import pytest

from model.classifier import load_classifier
from model.evaluation.agreement import compare


@pytest.mark.data
def test_audio_and_pictures_agree_on_at_least_95_percent_of_the_full_length_clips(gtzan):
    comparisons = list(compare(gtzan, load_classifier()))
    assert len(comparisons) > 300
    agreeing = sum(c.from_audio == c.from_picture for c in comparisons)
    assert agreeing / len(comparisons) >= 0.95
