"""Three taps along time for half of the multiplications: Winograd's F(4, 3).

S. Winograd, "Arithmetic Complexity of Computations", 1980; for networks: A. Lavin, S. Gray, "Fast
Algorithms for Convolutional Neural Networks", CVPR 2016, arXiv 1509.09308. Four outputs of three
taps are made of six products instead of twelve: ``y = A' [(G g) * (B' d)]``. The products of all
channels are one matrix product for each of the six. Along frequency, where there are steps and
gaps, the rows are added up as they are.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from model.inference.beside import side_by_side
from model.types import Float32

OUTPUTS: Final = 4
_PRODUCTS: Final = 6
# So many rows at a time stay near the processor.
_ROWS: Final = 4

# G: from the three taps to the six factors.
_FACTORS: Final = np.array(
    [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ]
)


class Tap(NamedTuple):
    """Rows that are weighed and added to an output's rows.

    Attributes
    ----------
    rows : ndarray of float32, shape (6, rows, tiles, channels)
        From `transform`.
    offset : int
        Which of them goes to the first row of the output; what lies outside is 0.
    factors : ndarray of float32, shape (6, channels, channels of the output)
        From `factors_of`.
    """

    rows: Float32
    offset: int
    factors: Float32


def factors_of(taps: Float32) -> Float32:
    """Turn three taps, (3, channels, outputs), into six factors, (6, channels, outputs)."""
    return np.ascontiguousarray(np.einsum("ft,tio->fio", _FACTORS, taps), np.float32)


def transform(pixels: Float32, before: int) -> Float32:
    """Bring rows to where three taps are products.

    Parameters
    ----------
    pixels : ndarray of float32, shape (rows, columns, channels)
        What the taps run over; as many columns come out.
    before : int
        Zeros in front of the first column: 1 centres the taps.

    Returns
    -------
    ndarray of float32, shape (6, rows, tiles, channels)
        ``B' d`` of all tiles of four columns.
    """
    rows, columns, channels = pixels.shape
    tiles = -(-columns // OUTPUTS)
    found = np.empty((_PRODUCTS, rows, tiles, channels), np.float32)
    some = [slice(first, first + _ROWS) for first in range(0, rows, _ROWS)]
    side_by_side(lambda part: _transform_some(pixels[part], before, found[:, part]), some)
    return found


def _transform_some(pixels: Float32, before: int, out: Float32) -> None:
    rows, columns, channels = pixels.shape
    tiles = out.shape[2]
    padded = np.zeros((rows, OUTPUTS * (tiles + 1), channels), np.float32)
    padded[:, before : before + columns] = pixels
    cells = padded.reshape(rows, tiles + 1, OUTPUTS, channels)
    d0, d1, d2, d3 = (cells[:, :-1, index] for index in range(OUTPUTS))
    d4, d5 = cells[:, 1:, 0], cells[:, 1:, 1]
    even, odd = d4 - d2, d3 - d1
    np.subtract(d0, d2, out=out[0])
    out[0] *= np.float32(4)
    out[0] += even
    np.subtract(d5, d3, out=out[5])
    odd *= np.float32(2)
    out[5] -= odd
    out[5] -= odd
    np.add(even, odd, out=out[3])
    np.subtract(even, odd, out=out[4])
    odd *= np.float32(0.5)
    # d4 - 4 d2 and d3 - 4 d1.
    even -= np.float32(3) * d2
    odd -= np.float32(3) * d1
    np.add(even, odd, out=out[1])
    np.subtract(even, odd, out=out[2])


def weigh(taps: Sequence[Tap], out: Float32, finish: Callable[[slice], None] | None = None) -> None:
    """Add up taps over rows, and bring the sums back to columns.

    Parameters
    ----------
    taps : sequence of Tap
        At least one.
    out : ndarray of float32, shape (rows, columns, channels)
        Is filled.
    finish : callable, optional
        Is called with the rows that have been filled, from any thread.
    """

    def fill(some: slice) -> None:
        out[some] = _columns(_sums(taps, some, out.shape[2]))[:, : out.shape[1]]
        if finish:
            finish(some)

    n_rows = len(out)
    side_by_side(
        fill, [slice(first, min(first + _ROWS, n_rows)) for first in range(0, n_rows, _ROWS)]
    )


def _sums(taps: Sequence[Tap], some: slice, channels: int) -> Float32:
    """Add up the products of all taps, (6, rows, tiles, channels)."""
    tiles = taps[0].rows.shape[2]
    sums = np.zeros((_PRODUCTS, some.stop - some.start, tiles, channels), np.float32)
    for rows, offset, factors in taps:
        first = max(some.start, -offset)
        end = min(some.stop, rows.shape[1] - offset)
        if first < end:
            given = rows[:, first + offset : end + offset]
            product = np.matmul(given.reshape(_PRODUCTS, -1, given.shape[-1]), factors)
            sums[:, first - some.start : end - some.start] += product.reshape(
                _PRODUCTS, end - first, tiles, channels
            )
    return sums


def _columns(m: Float32) -> Float32:
    """Apply A' to sums of products, which are overwritten: (rows, columns, channels)."""
    _, rows, tiles, channels = m.shape
    y = np.empty((rows, tiles, OUTPUTS, channels), np.float32)
    sums, differences = m[1] + m[2], m[1] - m[2]
    m[1] = m[3] + m[4]
    m[2] = m[3] - m[4]
    np.add(m[0], sums, out=y[:, :, 0])
    y[:, :, 0] += m[1]
    np.multiply(m[2], np.float32(2), out=m[3])
    np.add(differences, m[3], out=y[:, :, 1])
    np.multiply(m[1], np.float32(4), out=m[4])
    np.add(sums, m[4], out=y[:, :, 2])
    np.multiply(m[2], np.float32(8), out=m[3])
    m[3] += m[5]
    np.add(differences, m[3], out=y[:, :, 3])
    return y.reshape(rows, -1, channels)
