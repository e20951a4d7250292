"""The flagship's shape, its starting weights, and where its cells lie."""

import keras
import librosa
import numpy as np
import pytest

from model.audio.spectrogram import mel_frequencies
from model.constants import DYNAMIC_RANGE_DB, N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.networks.flagship import flagship, resample_taps, start_from_musicnn
from model.networks.geometry import map_grid
from model.networks.layers import BandsUpTo, Bounded, FinerFrames, LevelToLogPower, StandardLevels
from model.networks.loading import described, load_network, with_feature_maps
from model.training.pretrained.convert_musicnn import MUSICNN_WEIGHTS, VGG_WEIGHTS


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(3)
    built = flagship()
    start_from_musicnn(built, load_network(VGG_WEIGHTS), load_network(MUSICNN_WEIGHTS))
    return built


@pytest.fixture(scope="module")
def with_maps(network) -> keras.Model:
    return with_feature_maps(network)


def levels(frames: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.uniform(-DYNAMIC_RANGE_DB, 0, (1, N_MELS, frames, 1)).astype(np.float32)


@pytest.mark.parametrize("seconds", [3, 10, 30, 90])
def test_any_length_from_three_seconds_gives_ten_scores(with_maps, seconds):
    frames = 1 + seconds * SAMPLE_RATE // NETWORK_HOP
    maps, scores = with_maps.predict_on_batch(levels(frames))
    assert scores.shape == (1, 10)
    assert maps.shape[:2] == (1, 31)
    assert abs(maps.shape[2] - frames / 4) <= 1
    assert (maps >= 0).all()


def test_the_head_is_a_global_average_and_one_dense_layer(network, with_maps):
    kinds = [type(layer).__name__ for layer in network.layers[-4:]]
    assert kinds == ["Multiply", "GlobalAveragePooling2D", "Dropout", "Dense"]
    maps, scores = with_maps.predict_on_batch(levels(60))
    kernel, bias = network.get_layer("genre").get_weights()
    np.testing.assert_allclose(maps.mean(axis=(1, 2)) @ kernel + bias, scores, atol=1e-4)


def test_a_cell_is_at_most_8_bands_by_700_ms(network):
    grid = map_grid(described(network))
    assert grid.band_stride <= 8
    assert grid.frame_stride * NETWORK_HOP / SAMPLE_RATE <= 0.7


def test_the_cells_lie_where_the_grid_says():
    """In a network of averages, the cells that see a point are centred on it.

    Looked at behind the standardisation, which feels a point in every cell, and before
    the gate, which opens for a whole moment.
    """
    keras.utils.set_random_seed(0)
    built = flagship()
    for layer in built.layers:
        if isinstance(layer, keras.layers.Conv2D):
            kernel = layer.get_weights()[0]
            constant = np.ones_like(kernel) / kernel[..., 0].size
            layer.set_weights([constant, *(np.zeros_like(w) for w in layer.get_weights()[1:])])
    grid = map_grid(described(built))
    ends = (built.get_layer(name).output for name in ("standard_levels", "found"))
    maps = keras.Model(*ends)
    for band, frame in ((63, 97), (79, 61)):
        quiet = np.full((1, N_MELS, 160, 1), -DYNAMIC_RANGE_DB, np.float32)
        loud = quiet.copy()
        loud[0, band, frame, 0] = 0.0
        seen = np.abs(maps.predict_on_batch(loud) - maps.predict_on_batch(quiet))
        seen = seen[0].sum(axis=-1)
        row = (seen.sum(axis=1) * np.arange(seen.shape[0])).sum() / seen.sum()
        column = (seen.sum(axis=0) * np.arange(seen.shape[1])).sum() / seen.sum()
        assert grid.band_offset + row * grid.band_stride == pytest.approx(band, abs=2.0)
        assert grid.frame_offset + column * grid.frame_stride == pytest.approx(frame, abs=2.0)


def test_a_layer_without_a_rule_is_refused():
    pixels = keras.Input((N_MELS, None, 1))
    hidden = keras.layers.Conv2D(2, 3, strides=2, padding="same", name="evidence")(pixels)
    with pytest.raises(ValueError, match="evidence"):
        map_grid(described(keras.Model(pixels, hidden)))


@pytest.mark.parametrize("distance", [0.0, 0.2, 0.8, 1.0])
def test_resampled_taps_answer_a_straight_line_as_before(distance):
    kernel = np.random.default_rng(4).standard_normal((3, 2)).astype(np.float32)
    line = 0.3 + 0.7 * np.array([-1.0, 0.0, 1.0])
    between = 0.3 + 0.7 * distance * np.array([-1.0, 0.0, 1.0])
    np.testing.assert_allclose(
        line @ resample_taps(kernel, distance), between @ kernel, rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("distance", [-0.1, 1.2])
def test_taps_more_than_a_cell_apart_are_refused(distance):
    with pytest.raises(ValueError, match="one cell apart"):
        resample_taps(np.ones((3, 1), np.float32), distance)


def test_levels_become_musicnns_compressed_power():
    level = np.array([[-300.0, -80.0, -40.0, 0.0]], np.float32)
    expected = np.log10(10_000 * 10 ** ((level + 19.4) / 10) + 1)
    power = keras.ops.convert_to_numpy(LevelToLogPower(59.4)(level))
    np.testing.assert_allclose(power, expected, rtol=1e-4, atol=1e-6)


def test_gain_and_stretched_levels_change_nothing(network):
    quiet = levels(60, seed=1) / 2
    stretched = 1.25 * quiet - 11.0
    np.testing.assert_allclose(
        network.predict_on_batch(stretched), network.predict_on_batch(quiet), atol=1e-3
    )


def test_levels_get_the_mean_and_the_spread():
    standard = keras.ops.convert_to_numpy(StandardLevels(-43.0, 13.7)(levels(60)))
    assert standard.mean() == pytest.approx(-43.0, abs=1e-3)
    assert standard.std() == pytest.approx(13.7, abs=1e-3)
    flat = keras.ops.convert_to_numpy(StandardLevels(-43.0, 13.7)(np.zeros((1, N_MELS, 9, 1))))
    np.testing.assert_allclose(flat, -43.0)


def test_other_bands_are_read_in_between():
    """Levels that rise straight with the band's frequency on the mel scale still do."""
    rising = np.arange(N_MELS, dtype=np.float32)[np.newaxis, :, np.newaxis, np.newaxis]
    read = keras.ops.convert_to_numpy(BandsUpTo(96, 8000.0)(np.repeat(rising, 3, axis=2)))
    assert read.shape == (1, 96, 3, 1)
    centres = librosa.mel_frequencies(n_mels=98, fmin=0.0, fmax=8000.0)[1:-1]
    np.testing.assert_allclose(
        np.interp(read[0, :, 0, 0], np.arange(N_MELS), mel_frequencies()), centres, rtol=1e-4
    )


def test_finer_frames_lie_between_their_neighbours():
    rng = np.random.default_rng(2)
    level = rng.standard_normal((2, 3, 7, 1)).astype(np.float32)
    finer = keras.ops.convert_to_numpy(FinerFrames(5)(level))
    expected = keras.layers.UpSampling2D((1, 5), interpolation="bilinear")(level)
    np.testing.assert_allclose(finer, keras.ops.convert_to_numpy(expected), atol=1e-5)


def test_features_are_cut_off_on_either_side():
    bounded = keras.ops.convert_to_numpy(Bounded(4.0)(np.array([-9.0, -1.0, 3.0, 5.0])))
    np.testing.assert_allclose(bounded, [-4.0, -1.0, 3.0, 4.0])


def test_the_context_opens_and_closes_but_puts_no_evidence_where_none_was_found(network):
    layers = [network.get_layer(name).output for name in ("found", "gate", "evidence")]
    found, gate, evidence = keras.Model(network.inputs, layers).predict_on_batch(levels(60))
    assert gate.shape[1] == 1
    assert ((gate > 0) & (gate < 1)).all()
    assert (evidence <= found).all()
    assert (evidence[found == 0] == 0).all()


def test_weights_saved_and_loaded_in_safe_mode_give_the_same_scores(network, tmp_path):
    network.save(tmp_path / "copy.keras")
    again = load_network(tmp_path / "copy.keras")
    np.testing.assert_allclose(
        again.predict_on_batch(levels(60)), network.predict_on_batch(levels(60)), atol=1e-4
    )
