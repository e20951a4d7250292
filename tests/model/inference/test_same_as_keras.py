"""What runs without Keras gives what Keras gives, for all networks that ship."""

import subprocess
import sys
from collections import deque

import keras
import numpy as np
import pytest

from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.inference.explained import ExplainedRunner
from model.inference.runner import Runner, read_runner
from model.inference.stored import UnknownNetworkError, read_network
from model.networks.gradients import gradients_of
from model.networks.loading import described, load_network, with_feature_maps
from model.networks.shipped import WEIGHTS_FOLDER
from model.networks.vanilla import vanilla

EXPLAINED = ("pictures-random", "filters-rows-random")
WEIGHTS = np.linspace(-1, 1, 10).astype(np.float32)


def levels(frames: int) -> np.ndarray:
    """Something with louder and quieter bands and moments, (N_MELS, frames) in dB."""
    generator = np.random.default_rng(frames)
    slow = np.cumsum(generator.normal(size=(N_MELS, frames)), axis=1) / np.sqrt(frames)
    made = -40 + 6 * generator.normal(size=(N_MELS, frames)) + 8 * slow
    return np.clip(made, -DYNAMIC_RANGE_DB, 0).astype(np.float32)


@pytest.fixture(scope="module", params=EXPLAINED)
def both(request) -> tuple[ExplainedRunner, keras.Model]:
    """A network without Keras, and with."""
    path = WEIGHTS_FOLDER / f"{request.param}.keras"
    return ExplainedRunner(path), with_feature_maps(load_network(path))


# 3 s, an odd number that fills no tile and no pool, and 9 s.
@pytest.mark.parametrize("frames", [39, 61, 116])
def test_maps_and_scores_are_the_same(both, frames):
    ours, theirs = both
    batch = levels(frames)[np.newaxis, ..., np.newaxis]
    for found, expected in zip(
        ours.predict_on_batch(batch), theirs.predict_on_batch(batch), strict=True
    ):
        assert found.shape == expected.shape
        scale = np.abs(expected).max()
        np.testing.assert_allclose(found / scale, expected / scale, atol=3e-5)


@pytest.mark.parametrize("frames", [39, 61])
def test_gradients_are_the_same(both, frames):
    ours, theirs = both
    clip = levels(frames)[np.newaxis]
    by_level, by_map, maps = ours.gradients(clip, WEIGHTS)
    for found, expected in zip(
        (by_level, by_map, maps), gradients_of(theirs)(clip, WEIGHTS), strict=True
    ):
        scale = np.abs(expected).max()
        off = np.abs(found - expected) / scale
        # Where two levels are as good as equal, rounding decides which is the larger.
        assert np.quantile(off, 0.99) < 3e-5
        assert off.mean() < 1e-4


def test_a_gradient_uses_the_run_of_the_verdict_and_runs_for_other_levels(both, monkeypatch):
    ours, _ = both
    first, second = levels(40), levels(41)
    alone = ours.gradients(first[np.newaxis], WEIGHTS)
    ours.predict_on_batch(second[np.newaxis, ..., np.newaxis])
    ours.predict_on_batch(first[np.newaxis, ..., np.newaxis])
    runs, run = [], ours._runner.run

    def counted(clip):
        runs.append(clip.shape)
        return run(clip)

    monkeypatch.setattr(ours._runner, "run", counted)
    for clip, expected_runs in ((first, 0), (levels(42), 1), (first, 1), (second, 2)):
        found = ours.gradients(clip[np.newaxis], WEIGHTS)
        assert len(runs) == expected_runs
        if clip is first:
            for one, other in zip(found, alone, strict=True):
                np.testing.assert_array_equal(one, other)


def test_what_was_differentiated_for_one_method_serves_the_next(both, monkeypatch):
    runner, _ = both
    one, other = (np.eye(10, dtype=np.float32)[genre] for genre in (3, 7))
    monkeypatch.setattr(runner, "_last", deque(maxlen=2))
    found = runner.gradients(levels(61)[np.newaxis], one)
    runner.gradients(levels(61)[np.newaxis], other)

    def again(*_):
        raise AssertionError("differentiated again")

    with monkeypatch.context() as patched:
        patched.setattr(runner._runner, "slopes", again)
        for before, after in zip(
            found, runner.gradients(levels(61)[np.newaxis], one.copy()), strict=True
        ):
            np.testing.assert_array_equal(after, before)
        with pytest.raises(AssertionError, match="differentiated again"):
            runner.gradients(levels(61)[np.newaxis], one + other)


def test_yamnet_answers_the_same():
    path = WEIGHTS_FOLDER / "yamnet.keras"
    ours, theirs = read_runner(path), load_network(path)
    heard = np.random.default_rng(0).normal(-3, 2, (1, 64, 301, 1)).astype(np.float32)
    expected = theirs.predict_on_batch(heard)
    np.testing.assert_allclose(
        ours.predict_on_batch(heard), expected, atol=1e-4 * np.abs(expected).max()
    )


def test_song_statistics_are_judged_the_same():
    path = WEIGHTS_FOLDER / "song-statistics-random.keras"
    network, theirs = read_network(path), load_network(path)
    songs = np.abs(np.random.default_rng(0).normal(size=(3, 57))).astype(np.float32)
    expected = theirs.predict_on_batch(songs)
    scale = np.abs(expected).max()
    ours = Runner(network, (network.output,)).predict_on_batch(songs)
    np.testing.assert_allclose(ours / scale, expected / scale, atol=3e-5)
    # In two parts, as the second opinion asks it.
    middle = Runner(network.up_to("standardise"), ("standardise",)).predict_on_batch(songs)
    parts = Runner(network.behind("standardise"), (network.output,)).predict_on_batch(middle)
    np.testing.assert_allclose(parts, ours, rtol=1e-5, atol=1e-5 * scale)


def test_a_description_from_keras_is_that_of_the_file():
    path = WEIGHTS_FOLDER / "pictures-random.keras"
    read, told = read_network(path), described(load_network(path))
    assert read.layers.keys() == told.layers.keys()
    for name, layer in read.layers.items():
        other = told.layers[name]
        assert (layer.kind, layer.inputs, layer.shapes) == (other.kind, other.inputs, other.shapes)
        for one, two in zip(layer.weights, other.weights, strict=True):
            np.testing.assert_array_equal(one, two)


def test_what_is_not_known_is_left_to_keras():
    network = described(vanilla())
    with pytest.raises(UnknownNetworkError, match="left to Keras"):
        Runner(network, (network.output,))


def test_a_verdict_its_fine_map_and_their_sound_need_nothing_that_is_slow_to_import():
    script = (
        "import sys\n"
        "from tests.model.golden.make_golden import measure\n"
        "assert measure()['fine'].any()\n"
        "slow = {'keras', 'tensorflow', 'numba', 'scipy', 'sklearn', 'pandas'}\n"
        "assert not slow & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)
