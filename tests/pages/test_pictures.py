"""The figures' arrays and axes."""

import base64

import numpy as np
import pytest

from model.analysis import prepare
from model.audio import decode
from pages.widgets.cells import Cells
from pages.widgets.pictures import Panel, panels, picture, plain_picture
from tests.pages.driving import ROCK, tone_wav

MOST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def excerpt():
    return prepare(decode(tone_wav(ROCK, seconds=35)), start=2.0)


@pytest.fixture(scope="module")
def panel(excerpt):
    relevance = np.zeros_like(excerpt.log_mel)
    relevance[64:, 600:] = np.linspace(0, 4, 64)[:, np.newaxis]
    relevance[:10] = -2
    return Panel("Rock", relevance, scale=8.0, mask=(relevance > 2).astype(np.float32))


def array(spec):
    """A typed array of a figure, as the browser reads it."""
    shape = [int(size) for size in spec["shape"].split(",")]
    return np.frombuffer(base64.b64decode(spec["bdata"]), np.dtype(spec["dtype"])).reshape(shape)


def traces(figure):
    return figure.to_dict()["data"]


def test_relevance_is_sent_as_percent_of_the_scale(excerpt, panel):
    heat = traces(picture(excerpt, panel, 0.7, against=False))[1]
    shares = array(heat["z"])
    assert shares.dtype == np.int8
    assert shares.shape == excerpt.log_mel.shape
    assert shares.max() == 50
    assert shares.min() == -25
    assert heat["opacity"] == 0.7


def test_hover_tells_the_level_at_the_same_place(excerpt, panel):
    loudness, heat = traces(picture(excerpt, panel, 0.7, against=False))[:2]
    np.testing.assert_array_equal(array(heat["customdata"]), array(loudness["z"]))
    np.testing.assert_allclose(array(loudness["z"]), excerpt.log_mel, atol=0.5)


def test_time_runs_as_in_the_clip(excerpt, panel):
    figure = picture(excerpt, panel, 0.7, against=False)
    heat = traces(figure)[1]
    assert heat["x0"] == pytest.approx(excerpt.times[0])
    assert heat["x0"] + heat["dx"] * (excerpt.log_mel.shape[1] - 1) == pytest.approx(
        excerpt.times[-1]
    )
    begin, end = figure.layout.xaxis.range
    assert begin < excerpt.times[0] < excerpt.times[-1] < end


def test_ticks_stand_at_their_frequency(excerpt):
    axis = plain_picture(excerpt).layout.yaxis
    rows = dict(zip(axis.ticktext, axis.tickvals, strict=True))
    assert np.interp(rows["1 kHz"], np.arange(128), excerpt.frequencies) == pytest.approx(1000)
    assert np.interp(rows["8k"], np.arange(128), excerpt.frequencies) == pytest.approx(8000)


@pytest.mark.parametrize("count", [1, 3, 10])
def test_thirty_seconds_stay_light(excerpt, panel, count):
    assert len(picture(excerpt, panel, 0.7, against=True).to_json()) < MOST_BYTES
    assert len(panels(excerpt, count * [panel], 0.7, count).to_json()) < MOST_BYTES


def test_gathered_cells_lie_where_their_content_lies(excerpt):
    cells = Cells.of(excerpt, bands=2, at_most=9_000)
    times = np.broadcast_to(excerpt.times.astype(np.float32), excerpt.log_mel.shape)
    gathered = cells.gather(times)
    assert gathered.size <= 9_000
    assert gathered.shape == (len(cells.frequencies), cells.columns)
    drawn = cells.first_time + cells.time_step * np.arange(cells.columns)
    np.testing.assert_allclose(gathered[0, :-1], drawn[:-1], rtol=1e-5)
