"""The decoder of masks: where its cells lie, what it is shown, and what it does in silence."""

from pathlib import Path

import keras
import numpy as np
import pytest

from model.constants import N_MELS
from model.explain.door import Prediction
from model.explain.grid import TIMES_FINER, MapGrid, RelevanceMap, finer_grid
from model.inference.mask_runner import MaskRunner
from model.inference.stored import UnknownNetworkError
from model.networks.mask_decoder import mask_decoder
from model.networks.masks import LEVEL_CHANNELS, MaskDecoder, cell_levels
from model.networks.shipped import WEIGHTS_FOLDER

CHANNELS, CLASSES = 7, 4
ROWS, COLUMNS = 31, 12
GRID = MapGrid(3.0, 4.0, 1.5, 4.0)
RNG = np.random.default_rng(3)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(0)
    network = mask_decoder(CHANNELS, CLASSES, contrast_scale=0.3, width=8)
    weights = network.get_weights()
    # As after training, the scales and shifts by class are no longer nothing.
    network.set_weights([each + RNG.normal(0, 0.2, each.shape) for each in weights])
    return network


@pytest.fixture(scope="module")
def path(network, tmp_path_factory) -> Path:
    found = tmp_path_factory.mktemp("decoder") / "decoder.keras"
    network.save(found)
    return Path(found)


@pytest.fixture
def decoder(path) -> MaskDecoder:
    kernel = RNG.standard_normal((CHANNELS, CLASSES)).astype(np.float32)
    return MaskDecoder(MaskRunner.read(path), kernel, GRID)


def prediction(silent: np.ndarray | None = None) -> Prediction:
    maps = RNG.random((ROWS, COLUMNS, CHANNELS)).astype(np.float32)
    levels = RNG.uniform(-80, 0, (N_MELS, 4 * COLUMNS)).astype(np.float32)
    scores = np.zeros(CLASSES, np.float32)
    return Prediction(scores, scores + 1 / CLASSES, maps, levels, silent=silent)


def test_two_cells_fill_the_place_of_one_column():
    finer = finer_grid(GRID)
    centres = finer.frame_offset + finer.frame_stride * np.arange(4)
    assert centres.reshape(2, TIMES_FINER).mean(axis=1).tolist() == [1.5, 5.5]
    assert (finer.band_offset, finer.band_stride) == (GRID.band_offset, GRID.band_stride)


def test_a_cell_is_told_the_level_of_its_own_place():
    levels = np.full((N_MELS, 4 * COLUMNS), -80, np.float32)
    loud = RelevanceMap(cell_levels(levels, GRID, ROWS, COLUMNS).reshape(ROWS, -1)).values
    assert np.ptp(loud) == 0, "an even level is even"
    levels[41:45, 22:24] = 0  # around band 43 = 3 + 4 * 10 and in the second half of column 5
    cells = cell_levels(levels, GRID, ROWS, COLUMNS)
    assert [int(each) for each in np.unravel_index(cells.argmax(), cells.shape)] == [10, 5, 1]
    assert (cells > cells.min()).sum() <= 9, "no further than the neighbours"


def test_without_keras_it_keeps_what_it_keeps_in_keras_safe_mode(network, path):
    again = keras.saving.load_model(path, compile=False, safe_mode=True)
    shapes = ((9, 6, CHANNELS), (9, 6, LEVEL_CHANNELS), (CHANNELS,), (CLASSES,))
    given = [RNG.standard_normal(shape).astype(np.float32) for shape in shapes]
    keep = again.predict_on_batch([each[np.newaxis] for each in given])[0]
    assert keep.shape == (9, 6, TIMES_FINER)
    assert keep.max() - keep.min() > 0.1
    np.testing.assert_allclose(MaskRunner.read(path).keep(*given), keep, atol=1e-5)


def test_another_network_is_no_decoder():
    with pytest.raises(UnknownNetworkError, match="no decoder of masks"):
        MaskRunner.read(WEIGHTS_FOLDER / "yamnet.keras")


def test_another_class_gets_another_map_of_the_same_sound(decoder):
    heard = prediction()
    first, second = (
        decoder.decode(heard, weights) for weights in np.eye(CLASSES, dtype=np.float32)[:2]
    )
    assert first.values.shape == (ROWS, COLUMNS * TIMES_FINER)
    assert first.grid == finer_grid(GRID)
    assert not np.allclose(first.values, second.values, atol=1e-3)


def test_nothing_is_kept_of_silence_and_it_changes_nothing_else(decoder):
    heard = prediction()
    weights = np.eye(CLASSES, dtype=np.float32)[0]
    silent = np.zeros(COLUMNS + 3, bool)
    silent[COLUMNS:] = True
    counted = np.float32(COLUMNS / (COLUMNS + 3))
    with_silence = Prediction(
        heard.logits,
        heard.probabilities,
        np.pad(heard.feature_maps / counted, ((0, 0), (0, 3), (0, 0))),
        np.pad(heard.levels, ((0, 0), (0, 12)), constant_values=-80),
        silent=silent,
    )
    alone = decoder.decode(heard, weights).values
    beside = decoder.decode(with_silence, weights).values
    assert not beside[:, COLUMNS * TIMES_FINER :].any()
    np.testing.assert_allclose(beside[:, : COLUMNS * TIMES_FINER], alone, atol=0.02)


def test_a_decoder_that_has_learned_nothing_keeps_something_else(decoder):
    heard, weights = prediction(), np.eye(CLASSES, dtype=np.float32)[0]
    taught = decoder.decode(heard, weights).values
    untaught = decoder.rearranged(np.random.default_rng(0)).decode(heard, weights).values
    assert untaught.shape == taught.shape
    assert not np.allclose(untaught, taught, atol=0.05)
    np.testing.assert_array_equal(decoder.decode(heard, weights).values, taught)
