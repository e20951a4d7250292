"""The filter loss against brute force and finite differences, and the layer that uses it."""

from pathlib import Path

import keras
import numpy as np
import pytest

from model.explain.cam import cam
from model.networks.part_filters import FilterSchedule, PartFilters
from model.networks.templates import (
    coordinates,
    fits,
    mutual_information_loss,
    prior,
    target_loss,
    templates,
)

tf = pytest.importorskip("tensorflow")
ROWS, COLUMNS, FILTERS, BATCH = 3, 2, 2, 4
RNG = np.random.default_rng(11)
MAPS = np.maximum(RNG.normal(2, 6, (BATCH, ROWS, COLUMNS, FILTERS)), 0).astype(np.float32)
PATTERNS = templates(ROWS, COLUMNS)
LOG_PRIOR = np.log(prior(ROWS * COLUMNS))


def brute_force(maps: np.ndarray) -> np.ndarray:
    """The loss of each filter, term by term, in double precision."""
    losses = []
    for filter_index in range(maps.shape[-1]):
        x = maps[..., filter_index].astype(np.float64)
        given = np.zeros((len(PATTERNS), len(x)))
        for which, pattern in enumerate(PATTERNS.astype(np.float64)):
            powers = np.array([np.exp((one * pattern).sum()) for one in x])
            given[which] = powers / powers.sum()
        weights = np.exp(LOG_PRIOR.astype(np.float64))
        p = weights @ given
        loss = 0.0
        for which in range(len(PATTERNS)):
            for clip in range(len(x)):
                loss -= weights[which] * given[which, clip] * np.log(given[which, clip] / p[clip])
        losses.append(loss)
    return np.array(losses)


def test_templates_peak_at_their_place_and_are_as_high_as_low():
    tau = 0.5 / (ROWS * COLUMNS)
    assert PATTERNS.shape == (7, ROWS, COLUMNS)
    np.testing.assert_allclose(PATTERNS[-1], -tau)
    for place, pattern in enumerate(PATTERNS[:-1]):
        assert pattern.argmax() == place
        assert pattern.max() == pytest.approx(tau)
        assert pattern.min() == pytest.approx(-tau)
    # Half of a row's height away, whatever the number of columns: 1 - 2 * 1.
    assert PATTERNS[0][1, 0] == pytest.approx(-tau)
    assert coordinates(1).tolist() == [0]
    assert coordinates(3).tolist() == [-1, 0, 1]
    assert prior(6).sum() == pytest.approx(1)


def test_the_full_loss_is_the_brute_force_sum():
    found = np.asarray(mutual_information_loss(fits(MAPS, PATTERNS), LOG_PRIOR))
    expected = brute_force(MAPS)
    assert (expected < -1e-3).all()
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-6)


def test_the_gradient_of_the_full_loss_is_that_of_finite_differences():
    with tf.GradientTape() as tape:
        maps = tf.convert_to_tensor(MAPS)
        tape.watch(maps)
        loss = tf.reduce_sum(mutual_information_loss(fits(maps, PATTERNS), LOG_PRIOR))
    found = tape.gradient(loss, maps).numpy()
    step = 1e-3
    for cell in np.ndindex(MAPS.shape):
        change = np.zeros(MAPS.shape)
        change[cell] = step
        slope = (brute_force(MAPS + change) - brute_force(MAPS - change)).sum() / (2 * step)
        assert found[cell] == pytest.approx(slope, abs=1e-5)


def test_the_practical_gradient_is_the_papers_formula():
    target = np.array([[0, 6], [6, 2], [3, 3], [6, 6]])
    with tf.GradientTape() as tape:
        maps = tf.convert_to_tensor(MAPS)
        tape.watch(maps)
        loss = tf.reduce_sum(target_loss(fits(maps, PATTERNS), LOG_PRIOR, target))
    found = tape.gradient(loss, maps).numpy()
    fit = np.einsum("bhwk,nhw->bkn", MAPS.astype(np.float64), PATTERNS)
    z = np.exp(fit).sum(axis=0)
    p_x = (np.exp(LOG_PRIOR) * np.exp(fit) / z).sum(axis=-1)
    for clip, which in np.ndindex(BATCH, FILTERS):
        chosen = target[clip, which]
        s, own_z = fit[clip, which, chosen], z[which, chosen]
        factor = np.exp(LOG_PRIOR[chosen]) / own_z * np.exp(s)
        expected = -factor * (s - np.log(own_z * p_x[clip, which])) * PATTERNS[chosen]
        np.testing.assert_allclose(found[clip, :, :, which], expected, rtol=1e-3, atol=1e-8)


def test_the_loss_gathers_maps_of_the_category_around_their_peak():
    """Maps that follow the practical gradient: the first two are of the filter's category."""
    maps = tf.Variable(RNG.uniform(1, 2, (BATCH, ROWS, COLUMNS, 1)).astype(np.float32))
    peaks = maps.numpy().reshape(BATCH, -1).argmax(axis=1)
    negative = ROWS * COLUMNS
    target = np.array([peaks[0], peaks[1], negative, negative])[:, np.newaxis]
    before = maps.numpy()[..., 0]
    for _ in range(200):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(target_loss(fits(maps, PATTERNS), LOG_PRIOR, target))
        maps.assign(tf.nn.relu(maps - 20 * tape.gradient(loss, maps)))
    after = maps.numpy()[..., 0]

    def share_at_the_peak(found: np.ndarray) -> np.ndarray:
        flat = found.reshape(BATCH, -1)
        return flat[np.arange(BATCH), peaks] / (flat.sum(axis=1) + 1e-9)

    assert (share_at_the_peak(after)[:2] > 1.5 * share_at_the_peak(before)[:2]).all()
    # A map whose target is the negative template is moved as a whole, all cells alike.
    moved = after[2:] - before[2:]
    np.testing.assert_allclose(moved, moved[:, :1, :1] * np.ones_like(moved), atol=1e-4)


def layer(places="cells", **settings) -> PartFilters:
    made = PartFilters(classes=2, places=places, **settings)
    made.build((None, ROWS, COLUMNS, FILTERS))
    return made


def test_a_map_is_kept_around_its_peak():
    maps = np.zeros((1, ROWS, COLUMNS, FILTERS), np.float32)
    maps[0, :, :, 0] = [[1, 1], [1, 1], [1, 4]]
    kept = np.asarray(layer()(maps))[0, :, :, 0]
    # One row away is a distance of 1, and 1 - 2 * 1 is negative; so is one column away.
    np.testing.assert_allclose(kept, [[0, 0], [0, 0], [0, 4]])
    by_rows = np.asarray(layer("rows")(maps))[0, :, :, 0]
    np.testing.assert_allclose(by_rows, [[0, 0], [0, 0], [1, 4]])


def test_a_map_of_zeros_stays_empty_and_moves_nothing():
    maps = tf.zeros((2, ROWS, COLUMNS, FILTERS))
    for places in ("cells", "rows"):
        filters = layer(places)
        with tf.GradientTape() as tape:
            tape.watch(maps)
            kept = filters(maps, labels=np.eye(2, dtype=np.float32), training=True)
            loss = tf.reduce_sum(kept) + sum(filters.losses)
        assert not kept.numpy().any()
        assert np.isfinite(tape.gradient(loss, maps).numpy()).all()
        np.testing.assert_array_equal(filters.steepness.numpy(), [2, 2])


def test_a_batch_of_one_has_nothing_to_tell_apart():
    filters = layer()
    one = tf.convert_to_tensor(MAPS[:1])
    with tf.GradientTape() as tape:
        tape.watch(one)
        filters(one, labels=np.array([[1, 0]], np.float32), training=True)
        (loss,) = filters.losses
    gradient = tape.gradient(loss, one).numpy()
    assert np.isfinite(gradient).all()
    # p(x|T) and p(x) are both 1, so no map is more likely than another.
    np.testing.assert_allclose(gradient, 0, atol=1e-6)


def test_the_mask_is_a_constant_for_the_gradient():
    maps = tf.convert_to_tensor(MAPS)
    filters = layer()
    with tf.GradientTape() as tape:
        tape.watch(maps)
        kept = filters(maps)
    gradient = tape.gradient(kept, maps).numpy()
    inside = kept.numpy() > 0
    np.testing.assert_allclose(gradient[inside], (kept.numpy() / np.maximum(MAPS, 1e-9))[inside])
    assert not gradient[~inside & (MAPS > 0)].any()


def test_rows_are_free_in_time():
    maps = np.maximum(RNG.normal(size=(1, 6, 9, 3)), 0).astype(np.float32)
    filters = PartFilters(classes=2, places="rows")
    kept, later = (np.asarray(filters(np.roll(maps, by, axis=2))) for by in (0, 4))
    np.testing.assert_allclose(np.roll(kept, 4, axis=2), later, atol=1e-6)


def test_cells_need_a_known_length_and_rows_do_not():
    with pytest.raises(ValueError, match="known size"):
        PartFilters(classes=2, places="cells").build((None, 4, None, 3))
    PartFilters(classes=2, places="rows").build((None, 4, None, 3))
    with pytest.raises(ValueError, match="cells"):
        PartFilters(classes=2, places="columns")  # type: ignore[arg-type]


def toy(places: str) -> tuple[keras.Model, keras.Model, PartFilters]:
    """A network for training, with labels as an input, and the same one for use."""
    levels = keras.Input((8, 6, 1))
    labels = keras.Input((2,))
    convolution = keras.layers.Conv2D(6, 3, padding="same", activation="relu")
    filters = PartFilters(classes=2, places=places, strength=1.0, name="evidence")  # type: ignore[arg-type]
    head = keras.layers.Dense(2, name="genre")

    def scores(maps):
        return head(keras.layers.GlobalAveragePooling2D()(maps))

    hidden = convolution(levels)
    training = keras.Model([levels, labels], scores(filters(hidden, labels=labels)))
    return training, keras.Model(levels, scores(filters(hidden))), filters


@pytest.mark.parametrize("places", ["cells", "rows"])
@pytest.mark.long
def test_filters_find_their_category_and_the_verdict_needs_no_label(places, tmp_path: Path):
    keras.utils.set_random_seed(3)
    labels = np.tile([0, 1], 32)
    sounds = RNG.uniform(0, 0.1, (64, 8, 6, 1)).astype(np.float32)
    for sound, label in zip(sounds, labels, strict=True):
        row, column = RNG.integers(7), RNG.integers(5)
        sound[row, column] += 2
        # A held tone or a chord.
        sound[(row + 1, column) if label else (row, column + 1)] += 2
    training, network, filters = toy(places)
    one_hot = np.eye(2, dtype=np.float32)[labels]
    training.compile(
        keras.optimizers.Adam(0.02), keras.losses.CategoricalCrossentropy(from_logits=True)
    )
    training.fit(
        [sounds, one_hot],
        one_hot,
        epochs=25,
        batch_size=16,
        verbose=0,
        callbacks=[FilterSchedule(filters)],
    )
    scores = network.predict(sounds, verbose=0)
    assert (scores.argmax(axis=1) == labels).mean() > 0.95
    assert float(filters.epoch.numpy()) == 25
    responses = filters.responses.numpy()
    np.testing.assert_array_equal(np.asarray(filters.category), responses.argmax(axis=0))
    assert (responses.max(axis=0) > 0).any()
    assert ((filters.steepness.numpy() >= 1.5) & (filters.steepness.numpy() <= 3)).all()

    path = tmp_path / "network.keras"
    network.save(path)
    again = keras.saving.load_model(path, compile=False, safe_mode=True)
    np.testing.assert_allclose(again.predict(sounds, verbose=0), scores, atol=1e-5)

    maps = keras.Model(again.inputs, again.get_layer("evidence").output)
    kernel, bias = network.layers[-1].get_weights()
    for one in range(4):
        found = cam(maps.predict(sounds[one : one + 1], verbose=0)[0], kernel)
        np.testing.assert_allclose(found.mean(axis=(1, 2)) + bias, scores[one], atol=1e-4)
