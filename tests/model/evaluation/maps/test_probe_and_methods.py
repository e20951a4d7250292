"""The network opened up, and methods that must agree."""

import keras
import numpy as np
import pytest

from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.evaluation.maps.methods import DEFAULT_METHODS, EXPLAINERS, odds_weights
from model.evaluation.maps.probe import Probe, RememberingProbe
from model.evaluation.maps.subjects import Subject
from model.evaluation.maps.variants import MAP_VARIANTS, pooled, shifted_cam
from model.explain.door import Target
from model.explain.grid import MapGrid, RelevanceMap
from model.networks.flagship import flagship


@pytest.fixture(scope="module")
def untrained() -> Probe:
    keras.utils.set_random_seed(11)
    return Probe(flagship())


ONE_EACH = np.eye(10, dtype=np.float32)


def levels(seed: int = 0, frames: int = 64) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.uniform(-DYNAMIC_RANGE_DB, 0, (N_MELS, frames)).astype(np.float32)


def test_cam_and_grad_cam_agree_behind_a_global_average(untrained):
    subject = Subject("noise", levels())
    for class_index in (0, 7):
        cam = EXPLAINERS["cam"].explain(untrained, subject, class_index, 0).values
        grad_cam = EXPLAINERS["grad-cam"].explain(untrained, subject, class_index, 0).values
        assert cam.max() > 0
        np.testing.assert_allclose(grad_cam * cam.size, np.maximum(cam, 0), atol=1e-4)


def test_grad_cam_plus_plus_is_the_papers_formula(untrained):
    subject = Subject("noise", levels())
    found = EXPLAINERS["grad-cam++"].explain(untrained, subject, 3, 0).values
    _, gradients, maps = untrained.gradients(subject.levels[np.newaxis], ONE_EACH[3])
    g, f = gradients[0].astype(float), maps[0].astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = np.nan_to_num(g**2 / (2 * g**2 + g**3 * f.sum(axis=(0, 1))))
    expected = np.maximum(f @ (alpha * np.maximum(g, 0)).sum(axis=(0, 1)), 0)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-7)


def test_the_gradient_is_what_a_small_step_changes(untrained):
    start, class_index, step = levels(), 4, 0.5
    by_input = untrained.gradients(start[np.newaxis], ONE_EACH[class_index])[0][0]
    way = by_input / np.linalg.norm(by_input)
    ends = np.stack([start - step * way, start + step * way])
    low, high = untrained.logits(ends)[:, class_index]
    assert (high - low) / (2 * step) == pytest.approx(np.linalg.norm(by_input), rel=0.1)


@pytest.mark.long
def test_batches_give_what_single_runs_give(untrained):
    batch = np.stack([levels(seed) for seed in range(9)])  # more than two batches
    logits = untrained.logits(batch)
    single = [untrained.predict(one).logits for one in batch]
    np.testing.assert_allclose(logits, single, atol=1e-4)
    np.testing.assert_allclose(untrained.probabilities(batch).sum(axis=1), 1, atol=1e-5)
    together = untrained.gradients(batch, ONE_EACH[0])[0][8]
    alone = untrained.gradients(batch[8:], ONE_EACH[0])[0][0]
    # At the kink of a ReLU a gradient may go another way.
    far = np.abs(together - alone) > 1e-3 * np.abs(alone).max()
    assert far.mean() < 0.01
    assert np.corrcoef(together.ravel(), alone.ravel())[0, 1] > 0.999


def test_a_remembering_probe_runs_once_for_one_spectrogram(listener, monkeypatch):
    runs = []
    predict = Probe.predict

    def counted(probe, levels):
        runs.append(levels)
        return predict(probe, levels)

    monkeypatch.setattr(Probe, "predict", counted)
    probe = RememberingProbe(listener.network)
    one, other = levels(0), levels(1)
    maps = [probe.predict(spectrogram).feature_maps for spectrogram in (one, one, other, one)]
    assert [spectrogram is one for spectrogram in runs] == [True, False, True]
    np.testing.assert_array_equal(maps[0], maps[3])
    assert (maps[0] != maps[2]).any()


def test_another_backend_is_refused_with_the_way_out(untrained, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(ValueError, match="KERAS_BACKEND=tensorflow"):
        Probe(untrained.network).gradients(levels()[np.newaxis], ONE_EACH[0])


@pytest.mark.parametrize("name", sorted({*EXPLAINERS, *MAP_VARIANTS}))
def test_every_method_can_be_drawn_on_any_frames(listener, name):
    method = (EXPLAINERS | MAP_VARIANTS)[name]
    subject = Subject("rock.00000", levels())
    drawn = method.explain(listener, subject, 1, 0).at(np.linspace(0, 63, 200))
    assert drawn.shape == (N_MELS, 200)
    assert drawn.dtype == np.float32
    assert np.isfinite(drawn).all()
    assert np.ptp(drawn) > 0
    again = method.explain(listener, subject, 1, 0).at(np.linspace(0, 63, 200))
    np.testing.assert_allclose(drawn, again, rtol=1e-3, atol=1e-4 * np.abs(drawn).max())


# The random map is smooth on the scale of the cells, so it says nothing here.
@pytest.mark.parametrize(
    "name", ["cam", "crm-class", "grad-cam++", "gradient-input", "integrated-gradients"]
)
def test_methods_find_the_half_that_a_class_listens_to(listener, name):
    """A little noise in both halves; class 1 hears the upper bands only."""
    drawn = EXPLAINERS[name].explain(listener, Subject("noise", levels()), 1, 0).at(np.arange(64.0))
    assert not drawn[: N_MELS // 2].any()
    assert drawn[N_MELS // 2 :].any()


def test_grad_cam_alone_is_left_out_of_the_table_for_it_repeats_the_cam():
    assert set(EXPLAINERS) - set(DEFAULT_METHODS) == {"grad-cam"}


def test_shifts_average_to_the_cam_where_cells_are_as_fine_as_the_input(listener):
    """One cell a level: shifting moves nothing within a cell."""
    start = levels()
    cam = EXPLAINERS["cam"].explain(listener, Subject("noise", start), 0, 0).at(np.arange(64.0))
    shifted = shifted_cam(listener, start, 0, (0, 1, 2, 3)).values
    np.testing.assert_allclose(shifted, cam, atol=1e-5)


def test_shifts_in_frequency_are_taken_back(listener):
    # The listener's ear for the lower half stays where it is, so what is moved past its end
    # is lost; far below nothing changes.
    start = levels()
    cam = EXPLAINERS["cam"].explain(listener, Subject("noise", start), 0, 0).at(np.arange(64.0))
    shifted = shifted_cam(listener, start, 0, (0,), (0, 2)).values
    np.testing.assert_allclose(shifted[:60], cam[:60], atol=1e-5)


@pytest.mark.parametrize(("name", "original"), [("random", "cam"), ("random-fine", "fine")])
def test_a_random_map_has_the_values_of_its_original_elsewhere(untrained, name, original):
    subject = Subject("noise", levels())
    real, random = (
        EXPLAINERS[method].explain(untrained, subject, 2, 5) for method in (original, name)
    )
    expected, found = (np.sort(each.values, axis=None) for each in (real, random))
    np.testing.assert_allclose(found, expected, atol=1e-3 * np.abs(expected).max())
    assert real.grid == random.grid
    assert abs(np.corrcoef(real.values.ravel(), random.values.ravel())[0, 1]) < 0.3
    assert EXPLAINERS[name].smooth == EXPLAINERS[original].smooth


@pytest.mark.long
def test_rivals_of_the_odds_explain_what_the_fine_map_explains(untrained):
    """Gradient times input is linear in the target: the weighted sum of its maps of all scores."""
    subject = Subject("noise", levels())
    prediction = untrained.predict(subject.levels)
    weights = odds_weights(untrained, prediction, Target.single(2, 10))
    by_score = [
        EXPLAINERS["gradient-input"].explain(untrained, subject, index, 0).values
        for index in range(10)
    ]
    found = EXPLAINERS["gradient-input-odds"].explain(untrained, subject, 2, 0).values
    expected = np.tensordot(weights, by_score, axes=1)
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.999
    assert np.corrcoef(found.ravel(), by_score[2].ravel())[0, 1] < 0.999
    patches = EXPLAINERS["occlusion-odds"].explain(untrained, subject, 2, 0)
    assert patches.grid == EXPLAINERS["occlusion"].explain(untrained, subject, 2, 0).grid


def test_the_fine_map_with_its_cam_elsewhere_keeps_the_gradient_and_moves_the_rest(untrained):
    subject = Subject("noise", levels())
    true, moved = (
        EXPLAINERS[name].explain(untrained, subject, 2, 5).values
        for name in ("fine", "moved-cam-fine")
    )
    again = EXPLAINERS["moved-cam-fine"].explain(untrained, subject, 2, 6).values
    assert moved.shape == true.shape
    # Where both CAMs are positive the same levels stand out, so it is not a random map either.
    both = (true > 0) & (moved > 0)
    assert np.corrcoef(true[both], moved[both])[0, 1] > 0.5
    assert ((true > 0) != (moved > 0)).mean() > 0.02
    assert (moved != again).any()


def test_a_pooled_map_has_the_means_of_the_cells_at_their_middle():
    values = np.array([[0, 2, 4], [2, 4, 8]], np.float32)
    found = pooled(RelevanceMap(values, MapGrid(1.0, 4.0, 0.5, 2.0)), 2)
    assert found.values.tolist() == [[2, 6]]
    assert found.grid == MapGrid(3.0, 8.0, 1.5, 4.0)
