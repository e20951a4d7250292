"""Similar genres as one: what sums, and what the sums mean."""

import numpy as np
import pytest

from model.constants import GENRES
from model.explain import cam as cam_method
from model.explain import crm_per_class as crm_method
from model.explain.cam import cam
from model.explain.crm import crm
from model.explain.crm_per_class import crm_per_class
from model.explain.door import Prediction, Target
from model.explain.grid import INPUT_GRID
from model.genres import (
    GROUPS,
    Verdict,
    members_of,
    membership,
    merge_labels,
    merge_probabilities,
    merged_names,
)
from model.gtzan.pictures import load_pictures
from model.gtzan.splits import read_split
from model.networks.assembled import load_classifier

RNG = np.random.default_rng(8)
FEATURES = RNG.random((4, 5, 12), np.float32)
KERNEL = RNG.standard_normal((12, len(GENRES))).astype(np.float32)
BIAS = RNG.standard_normal(len(GENRES)).astype(np.float32)


def test_groups_hold_every_genre_once_and_say_why():
    members = [genre for group in GROUPS for genre in group.members]
    assert len(members) == len(set(members))
    assert set(members) <= set(GENRES)
    assert all(len(group.members) > 1 and group.why for group in GROUPS)


def test_every_genre_is_in_exactly_one_merged_class():
    names = merged_names(GENRES)
    assert sorted(genre for name in names for genre in members_of(name)) == sorted(GENRES)
    assert {group.name for group in GROUPS} <= set(names)


def test_probabilities_of_members_are_summed_and_the_rest_stays():
    probabilities = RNG.dirichlet(np.ones(len(GENRES)), 7).astype(np.float32)
    merged, names = merge_probabilities(probabilities, GENRES)
    assert merged.shape == (7, len(names))
    np.testing.assert_allclose(merged.sum(axis=1), 1, atol=1e-6)
    for column, name in enumerate(names):
        expected = sum(probabilities[:, GENRES.index(genre)] for genre in members_of(name))
        np.testing.assert_allclose(merged[:, column], expected, atol=1e-6)


def test_labels_follow_their_group():
    labels = merge_labels(np.arange(len(GENRES)), GENRES)
    names = merged_names(GENRES)
    for genre, label in zip(GENRES, labels, strict=True):
        assert genre in members_of(names[label])


def test_a_group_that_is_not_there_in_full_is_not_merged():
    probabilities = np.array([0.5, 0.5], np.float32)
    merged, names = merge_probabilities(probabilities, ("jazz", "rock"))
    assert names == ("jazz", "rock")
    np.testing.assert_array_equal(merged, probabilities)


class Head:
    """A network's last layer, which is all that these methods ask about."""

    kernel, grid, temperature = KERNEL, INPUT_GRID, 1.0


def merged_maps(method) -> np.ndarray:
    """The maps of all classes after merging."""
    nothing = np.zeros(len(GENRES), np.float32)
    prediction = Prediction(nothing, nothing, FEATURES, np.zeros((1, 1), np.float32))
    groups = membership(GENRES, merged_names(GENRES)).T
    return np.stack(
        [
            method.explain(Head(), prediction, Target(index, groups)).values
            for index in range(len(groups))
        ]
    )


def test_the_summed_cam_explains_the_sum_of_the_scores():
    merged = merged_maps(cam_method)
    scores = FEATURES.mean(axis=(0, 1)) @ KERNEL + BIAS
    for name, relevance in zip(merged_names(GENRES), merged, strict=True):
        members = [GENRES.index(genre) for genre in members_of(name)]
        expected = scores[members].sum()
        assert relevance.mean() + BIAS[members].sum() == pytest.approx(expected, abs=1e-4)


def test_the_crm_of_a_group_is_the_sum_of_signed_terms_and_no_more_than_the_whole():
    terms = crm_per_class(FEATURES, KERNEL)
    merged = merged_maps(crm_method)
    rock_and_metal = merged[merged_names(GENRES).index("rock+metal")]
    rock, metal = terms[GENRES.index("rock")], terms[GENRES.index("metal")]
    np.testing.assert_allclose(rock_and_metal, rock + metal, atol=1e-6)
    against_each_other = rock * metal < 0
    assert against_each_other.any()
    assert (np.abs(rock_and_metal) < np.maximum(np.abs(rock), np.abs(metal)))[
        against_each_other
    ].all()
    assert (np.abs(merged).sum(axis=0) <= crm(FEATURES, KERNEL) * (1 + 1e-5)).all()


def test_merged_weights_give_the_summed_cams():
    merged = cam(FEATURES, KERNEL @ membership(GENRES, merged_names(GENRES)))
    np.testing.assert_allclose(merged, merged_maps(cam_method), atol=1e-4)


@pytest.mark.long
@pytest.mark.data
def test_merged_genres_are_mixed_up_more_than_genres_on_average(gtzan):
    """By the probability that tracks of one get as the other, on validation tracks."""
    tracks = load_pictures(gtzan).of(read_split(gtzan, "random_valid"))
    classifier = load_classifier()
    given = np.zeros((len(GENRES), len(GENRES)))
    for index, label in enumerate(tracks.labels):
        given[label] += classifier.predict(tracks.levels(index)).probabilities
    given /= np.bincount(tracks.labels)[:, np.newaxis]
    both_ways = given + given.T
    average = both_ways[np.triu_indices(len(GENRES), k=1)].mean()
    for group in GROUPS:
        one, other = (GENRES.index(genre) for genre in group.members)
        assert both_ways[one, other] > average, group.name


def test_a_verdict_ranks_its_classes_and_merges_them():
    verdict = Verdict(("rock", "jazz", "metal"), np.array([0.25, 0.375, 0.375], np.float32))
    assert verdict.ranking == [("jazz", 0.375), ("metal", 0.375), ("rock", 0.25)]
    assert verdict.top == "jazz", "of equals the first comes first"
    assert verdict.merged.ranking == [("rock+metal", 0.625), ("jazz", 0.375)]
    assert verdict.merged.merged.ranking == verdict.merged.ranking
