"""How familiar a song is: on made-up songs whose distances are known, and with what ships."""

from dataclasses import replace

import numpy as np
import pytest

from model.analysis import analyse
from model.audio.clip import Clip, decode
from model.audio.excerpt import prepare
from model.constants import GENRES, SAMPLE_RATE
from model.familiarity import STRANGE, UNUSUAL, Familiarity, familiarity_of, scale_of
from model.networks.assembled import load_classifier
from model.networks.loading import described
from model.networks.shipped import read_card
from model.training.familiarity import distances, learn_scale
from pages.session.samples import FOLDER

A_GENRE = 40
CHANNELS, COMPONENTS = 12, 10


def made_up_songs() -> tuple[np.ndarray, np.ndarray]:
    """Songs of ten genres, whose means are far apart and whose spread differs by direction."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(len(GENRES)), A_GENRE)
    centres = 30 * np.eye(len(GENRES), CHANNELS)
    spread = np.linspace(0.5, 3.0, CHANNELS)
    features = centres[labels] + spread * rng.standard_normal((len(labels), CHANNELS))
    return features.astype(np.float32), labels


@pytest.fixture(scope="module")
def scale():
    features, labels = made_up_songs()
    weights = np.full(len(labels), 1 / len(labels))
    found = scale_of(described(learn_scale(features, labels, weights, COMPONENTS)), np.zeros(0))
    return replace(found, known=np.sort(distances(found, features)))


def test_songs_of_a_genre_spread_by_one_around_its_mean(scale):
    features, labels = made_up_songs()
    assert np.sqrt(np.square(distances(scale, features)).mean()) == pytest.approx(1.0, abs=0.1)
    means = np.stack([features[labels == label].mean(axis=0) for label in range(len(GENRES))])
    assert distances(scale, means).max() < 0.2


def test_what_lies_between_all_genres_is_far_and_a_song_of_training_is_not(scale):
    features, _ = made_up_songs()
    between = scale.of(features.mean(axis=0))
    assert between.distance > 3
    assert between.share == 0
    assert between.is_strange
    assert not scale.of(features[0]).is_strange


def test_the_share_counts_songs_that_are_at_least_as_far(scale):
    few = replace(scale, known=np.array([0.5, 1.0, 1.5, 2.0]))
    near, middle, far = (replace(few, known=few.known - shift) for shift in (5.0, 0.0, -5.0))
    features, _ = made_up_songs()
    distance = scale.distance(features[0])
    assert near.of(features[0]).share == 0
    assert far.of(features[0]).share == 1
    assert middle.of(features[0]).share == (few.known >= distance).mean()


def test_hardly_any_is_strange_and_few_are_unusual():
    assert Familiarity(2.0, STRANGE / 2).is_strange
    assert not Familiarity(2.0, STRANGE).is_strange
    assert Familiarity(2.0, STRANGE).is_unusual
    assert not Familiarity(1.0, UNUSUAL).is_unusual


def test_noise_and_a_bare_tone_are_unlike_any_song_and_jazz_is_not():
    classifier = load_classifier()
    rng, t = np.random.default_rng(0), np.arange(6 * SAMPLE_RATE) / SAMPLE_RATE
    sounds = {
        "noise": Clip(0.1 * rng.standard_normal(len(t)).astype(np.float32), "noise", ""),
        "tone": Clip((0.3 * np.sin(2 * np.pi * 440 * t)).astype(np.float32), "tone", ""),
        "jazz": decode((FOLDER / "jazz.ogg").read_bytes(), "jazz"),
    }
    share = {}
    for name, clip in sounds.items():
        found = familiarity_of(analyse(prepare(clip), classifier))
        assert found is not None
        share[name] = found.share
    assert share["noise"] < UNUSUAL
    assert share["tone"] < UNUSUAL
    assert share["jazz"] > UNUSUAL


def test_without_an_ear_or_a_scale_nothing_is_told():
    classifier = load_classifier()
    excerpt = prepare(decode((FOLDER / "jazz.ogg").read_bytes(), "jazz"))
    analysis = analyse(excerpt, classifier)
    assert familiarity_of(analysis) is not None
    assert classifier.eyes is not None
    assert familiarity_of(analyse(excerpt, classifier.eyes)) is None
    unheard = replace(analysis.prediction, answers=None)
    assert familiarity_of(replace(analysis, prediction=unheard)) is None
    other = {**classifier.card, "trunk": {"name": "yamnet", "sha256": "0" * 64}}
    assert familiarity_of(replace(analysis, classifier=replace(classifier, card=other))) is None


def test_the_card_tells_the_distances_of_songs_that_were_not_learned_from():
    card = read_card("familiarity-random")
    assert card["known"] == sorted(card["known"])
    assert len(card["known"]) == sum(each["songs"] for each in card["training"]["valid"].values())
