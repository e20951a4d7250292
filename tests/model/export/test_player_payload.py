"""What the player gets is what the analysis has, to the precision that the module states."""

import numpy as np
import pytest

from model.audio.clip import Clip
from model.audio.excerpt import prepare
from model.audio.masking import mask_for_stft
from model.constants import FINE_HOP, N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.explain.grid import MapGrid, RelevanceMap
from model.export import colours
from model.export.player_payload import clip_id, pack, pack_clip, pack_maps
from tests.payloads import unpack

MOST_BYTES = 1_600_000


@pytest.fixture(scope="module")
def excerpt():
    rng = np.random.default_rng(3)
    waveform = (0.01 * rng.standard_normal(40 * SAMPLE_RATE)).astype(np.float32)
    return prepare(Clip(waveform, "noise", "ab" * 32), start=2.5)


def test_a_payload_holds_what_was_put_in():
    values = np.arange(6, dtype=np.int16).reshape(3, 2).T
    tenth = np.full((1, 1), 0.1, np.float32)
    header, arrays = unpack(pack({"title": "Café"}, {"a": values, "b": tenth}))
    assert header == {"title": "Café"}
    np.testing.assert_array_equal(arrays["a"], values)
    np.testing.assert_array_equal(arrays["b"], tenth)


def test_samples_and_levels_err_by_half_a_step(excerpt):
    header, arrays = unpack(pack_clip(excerpt))
    peak = np.abs(excerpt.waveform).max()
    error = np.abs(arrays["waveform"] * header["step"] - excerpt.waveform).max()
    assert error <= peak / 65534 * 1.01  # rounded in float32
    levels = (arrays["levels"] / 255 - 1) * header["range"]
    assert np.abs(levels - excerpt.log_mel).max() <= 0.16
    np.testing.assert_allclose(arrays["hertz"], excerpt.frequencies, rtol=1e-6)
    assert header["start"] == 2.5


def test_colours_go_along_as_in_the_printed_picture(excerpt):
    header, _ = unpack(pack_clip(excerpt))
    sent = header["colours"]
    for name, stops in (
        ("loudness", colours.LOUDNESS),
        ("speaksFor", colours.SPEAKS_FOR),
        ("speaksAgainst", colours.SPEAKS_AGAINST),
    ):
        assert sent[name] == [list(stop) for stop in stops]
    assert (sent["line"], sent["rim"]) == (colours.LINE, colours.RIM)


def test_thirty_seconds_stay_light(excerpt):
    assert excerpt.seconds == 30
    assert len(pack_clip(excerpt)) < MOST_BYTES


def test_bins_follow_bands_as_they_do_here(excerpt):
    _, arrays = unpack(pack_clip(excerpt))
    mask = np.random.default_rng(0).random((N_MELS, 5)).astype(np.float32)
    first, weights = arrays["firstBand"].astype(int), arrays["weights"]
    bands = first[:, np.newaxis] + np.arange(weights.shape[1])
    spread = np.minimum((weights[..., np.newaxis] * mask[bands]).sum(axis=1), 1)
    np.testing.assert_allclose(spread, mask_for_stft(mask), rtol=1e-5)


def test_maps_keep_every_bit_and_lie_on_the_spectrogram_s_frames():
    coarse, fine = (
        np.random.default_rng(0).normal(size=shape).astype(np.float32)
        for shape in ((31, 9), (N_MELS, 40))
    )
    maps = [RelevanceMap(coarse, MapGrid(3.5, 4, 8, 2)), RelevanceMap(fine)]
    header, arrays = unpack(pack_maps({"panels": []}, maps))
    np.testing.assert_array_equal(arrays["0"], coarse)
    np.testing.assert_array_equal(arrays["1"], fine)
    assert header["grids"][0]["band"] == {"offset": 3.5, "stride": 4}
    assert header["grids"][1]["band"] == {"offset": 0, "stride": 1}
    # The third column lies on the network's frame 12.
    frame = header["grids"][0]["frame"]
    place = (frame["offset"] + 2 * frame["stride"]) * FINE_HOP
    assert place == pytest.approx(12 * NETWORK_HOP)


def test_without_a_network_there_are_no_maps():
    header, arrays = unpack(pack_maps({"panels": []}, []))
    assert header == {"panels": [], "grids": []}
    assert not arrays


def test_another_stretch_has_another_name(excerpt):
    assert clip_id(excerpt) != clip_id(prepare(excerpt.clip, start=3.5))
