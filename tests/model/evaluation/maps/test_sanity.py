"""What forgetting the weights, and another class, do to a map."""

import keras
import numpy as np
import pytest

from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.evaluation.maps.methods import EXPLAINERS
from model.evaluation.maps.probe import Probe
from model.evaluation.maps.sanity import Sanity, cascade, similarity, steps_from_the_top
from model.evaluation.maps.subjects import Subject
from model.gtzan.pictures import Pictures
from model.networks.flagship import flagship
from model.training.shuffled import with_shuffled_labels


@pytest.fixture
def subjects() -> list[Subject]:
    rng = np.random.default_rng(0)
    return [
        Subject(
            f"rock.0000{index}",
            rng.uniform(-DYNAMIC_RANGE_DB, 0, (N_MELS, 40)).astype(np.float32),
        )
        for index in range(3)
    ]


def values(sanity: Sanity, check: str, measure: str) -> dict[tuple[str, str], float]:
    return {
        (row["method"], row["step"]): row["value"]
        for row in sanity.rows(seed=0)
        if (row["check"], row["measure"]) == (check, measure)
    }


def test_similarity_is_a_correlation_of_ranks():
    ramp = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert similarity(ramp, ramp**3) == pytest.approx(1.0)
    assert similarity(ramp, -ramp) == pytest.approx(-1.0)
    assert similarity(ramp, np.zeros_like(ramp)) == 0.0


def test_layers_are_forgotten_from_the_top_and_remembered_at_the_end(listener):
    network = listener.network
    assert steps_from_the_top(network) == {"genre": ["genre"], "copy": ["choice", "copy"]}
    learned = network.get_weights()
    changed = []
    for name in cascade(network, seed=0):
        same = [
            np.array_equal(now, before)
            for now, before in zip(network.get_weights(), learned, strict=True)
        ]
        changed.append((name, same.count(False)))
    # The bias of the dense layer is 0 before and after.
    assert changed == [("genre", 1), ("copy", 3)]
    for now, before in zip(network.get_weights(), learned, strict=True):
        np.testing.assert_array_equal(now, before)


def test_every_weight_of_the_flagship_is_forgotten_once():
    network = flagship()
    steps = steps_from_the_top(network)
    names = [name for step in steps.values() for name in step]
    assert sorted(names) == sorted(layer.name for layer in network.layers if layer.weights)
    assert list(steps)[0] == "genre"
    assert {"gate", "mix", "conv5", "conv1", "middle3", "timbre38"} <= set(steps)
    assert not [step for step in steps if step.startswith("norm")]


def test_learned_weights_come_back_when_a_check_breaks_off(listener):
    learned = listener.network.get_weights()
    steps = cascade(listener.network, seed=0)
    next(steps)
    steps.close()
    for now, before in zip(listener.network.get_weights(), learned, strict=True):
        np.testing.assert_array_equal(now, before)


def test_only_maps_that_follow_the_network_lose_themselves(listener, subjects):
    methods = [EXPLAINERS[name] for name in ("cam", "band-energy")]
    sanity = Sanity(listener, subjects, methods, seed=0)
    layers = sanity.randomise(runs=2)
    found = values(sanity, "weights", "magnitude")
    assert all(found["band-energy", layer] == pytest.approx(1.0) for layer in layers)
    assert found["cam", layers[-1]] < 0.95
    assert {row["n"] for row in sanity.rows(seed=0)} == {3}


def test_the_published_crm_is_the_same_for_every_class_and_the_cam_is_not(listener, subjects):
    methods = [EXPLAINERS[name] for name in ("crm", "cam")]
    sanity = Sanity(listener, subjects, methods, seed=0)
    sanity.compare_classes()
    found = values(sanity, "classes", "spearman")
    assert found["crm", ""] == pytest.approx(1.0)
    assert found["cam", ""] < 0


def test_a_network_compared_with_itself_gives_the_same_maps(listener, subjects):
    sanity = Sanity(listener, subjects, [EXPLAINERS["cam"]], seed=0)
    sanity.compare_with("labels", listener)
    assert values(sanity, "labels", "spearman")["cam", ""] == pytest.approx(1.0)


def test_a_filter_keeps_its_picture_until_its_own_layers_are_forgotten(subjects):
    keras.utils.set_random_seed(2)
    sanity = Sanity(Probe(flagship()), subjects[:2], [], seed=0, filters=["deconvolution-conv2"])
    sanity.compare_filters()
    layers = sanity.randomise(runs=1)
    left = values(sanity, "weights", "spearman")
    above = layers[: layers.index("conv2")]
    assert "conv3" in above
    assert all(left["deconvolution-conv2", step] == pytest.approx(1.0) for step in above)
    assert left["deconvolution-conv2", "conv2"] < 0.9
    assert left["deconvolution-conv2", "conv1"] < 0.9
    assert values(sanity, "filters", "spearman")["deconvolution-conv2", ""] < 0.9
    # Filters are of no class.
    sanity.compare_classes()
    assert not values(sanity, "classes", "spearman")
    assert [fact["label"] for fact in sanity.filters] == ["A filter of conv2"]


def test_shuffled_labels_are_the_same_ones_on_other_tracks():
    names = tuple(f"rock.{index:05d}" for index in range(40))
    codes = np.zeros((40, 2, 3), np.uint8)
    pictures = Pictures(names, codes, np.repeat(np.arange(4), 10))
    shuffled = with_shuffled_labels(pictures, seed=1)
    assert sorted(shuffled.labels) == sorted(pictures.labels)
    assert (shuffled.labels == pictures.labels).mean() < 0.5
    assert shuffled.names == names
    np.testing.assert_array_equal(with_shuffled_labels(pictures, 1).labels, shuffled.labels)
