"""Quicker ways to the same convolution, and derivatives against differences."""

import numpy as np
import pytest

from model.inference.band_filters import BandFilters
from model.inference.convolution import Convolution, Ending, Form, ThreeTaps
from model.inference.depthwise import Depthwise
from model.inference.layer import Layer, Rectifier
from model.inference.levels import FinerFrames, LevelToLogPower, StandardLevels
from model.inference.pooling import Maximum, Mean

GENERATOR = np.random.default_rng(7)


def numbers(*shape: int) -> np.ndarray:
    return GENERATOR.normal(size=shape).astype(np.float32)


FORMS = {
    "beside": Form(((1, 1), (1, 1))),
    "every other row": Form(((1, 1), (1, 1)), (2, 1)),
    "with gaps": Form(((2, 2), (1, 1)), (1, 1), (2, 1)),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("columns", [9, 12])
def test_half_the_multiplications_give_the_same(form, columns):
    kernel, pixels = numbers(3, 3, 16, 20), numbers(11, columns, 16)
    ending = Ending(numbers(20), "relu", (numbers(20), numbers(20)))
    plain, quick = (kind(kernel, form, ending) for kind in (Convolution, ThreeTaps))
    (expected, kept), (found, quick_kept) = plain.forward(pixels), quick.forward(pixels)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    slope = numbers(*expected.shape)
    np.testing.assert_allclose(
        quick.backward(slope, quick_kept)[0], plain.backward(slope, kept)[0], atol=2e-4
    )


@pytest.mark.parametrize("size", [(5, 7), (16, 3), (1, 12), (1, 5)])
def test_filters_over_bands_are_a_convolution_and_its_maximum(size):
    kernel, bias, level = numbers(*size, 1, 6), numbers(6), numbers(20, 31, 1)
    scale, shift = numbers(6), numbers(6)
    assert (scale < 0).any()
    edges = ((size[1] - 1) // 2, size[1] // 2)
    plain = Convolution(kernel, Form(((0, 0), edges)), Ending(bias, "relu", (scale, shift)))
    pool = Maximum((20 - size[0] + 1, 1), (20 - size[0] + 1, 1))
    hidden, kept = plain.forward(level)
    expected, pool_kept = pool.forward(hidden)
    quick = BandFilters(kernel, bias, (scale, shift), edges)
    found, quick_kept = quick.forward(level)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    slope = numbers(*found.shape)
    back = plain.backward(pool.backward(slope, pool_kept)[0], kept)[0]
    np.testing.assert_allclose(quick.backward(slope, quick_kept)[0], back, atol=1e-4)


def test_channels_apart_are_a_convolution_each():
    kernel, pixels = numbers(3, 3, 4), numbers(9, 10, 4)
    form = Form(((0, 1), (0, 1)), (2, 2))
    found, kept = Depthwise(kernel, form, Ending(None)).forward(pixels)
    slope = numbers(*found.shape)
    back = Depthwise(kernel, form, Ending(None)).backward(slope, kept)[0]
    for channel in range(4):
        one = slice(channel, channel + 1)
        alone = Convolution(kernel[:, :, one, np.newaxis], form, Ending(None))
        expected, kept_alone = alone.forward(pixels[..., one])
        np.testing.assert_allclose(found[..., one], expected, atol=1e-5)
        expected = alone.backward(slope[..., one], kept_alone)[0]
        np.testing.assert_allclose(back[..., one], expected, atol=1e-5)


@pytest.mark.parametrize(
    "layer",
    [
        Convolution(
            numbers(2, 3, 1, 4), Form(((1, 0), (1, 1)), (2, 1), (1, 2)), Ending(numbers(4))
        ),
        Convolution(numbers(1, 1, 1, 3), Form(), Ending(numbers(3), "sigmoid")),
        StandardLevels(-43.0, 13.7),
        LevelToLogPower(1.0),
        FinerFrames(5),
        Mean((2, 4), (1, 4)),
        Maximum((2, 2), (1, 2)),
        Rectifier(),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_a_slope_is_what_a_small_step_changes(layer: Layer):
    pixels = (5 * numbers(7, 9, 1)).astype(np.float32)
    step = numbers(7, 9, 1)
    output, kept = layer.forward(pixels)
    slope = numbers(*output.shape)
    told = float((layer.backward(slope, kept)[0] * step).sum())
    length = np.float32(1e-3)
    ahead, behind = (
        layer.forward((pixels + sign * step).astype(np.float32))[0] for sign in (length, -length)
    )
    seen = float(((ahead - behind).astype(np.float64) * slope).sum() / (2 * length))
    assert told == pytest.approx(seen, rel=5e-3, abs=5e-2)
