"""What tells a drift of a map from the rounding of another machine."""

import numpy as np
from numpy.typing import NDArray

# Sums in another order move most cells of a fine map by nothing. A few lie at a kink of ReLU,
# minimum or maximum, where the gradient takes another way: weights moved by 1e-5 of their size
# move 0.1 % of all cells by more than 1 % of the peak, the correlation by 2e-5 and the mean by
# 0.2 %. Another make of CPU has moved 1 % of the cells by 0.06 % of the peak.
LEAST_CORRELATION = 0.9999
MEAN_TOLERANCE = 0.005  # of the mean
CELL_TOLERANCE = 0.01  # of the peak
LARGEST_SHARE = 0.02  # of the cells may be further off than that


def drift(found: NDArray[np.float32], expected: NDArray[np.float32]) -> list[str]:
    """The ways in which a map differs from what it was by more than rounding; none is well."""
    assert found.shape == expected.shape
    now, before = found.astype(float), expected.astype(float)
    peak = np.abs(before).max()
    assert peak > 0
    correlation = np.corrcoef(now.ravel(), before.ravel())[0, 1]
    mean = now.mean() / before.mean() - 1
    share = (np.abs(now - before) > CELL_TOLERANCE * peak).mean()
    ways = []
    if not correlation >= LEAST_CORRELATION:  # nan where all is alike
        ways.append(f"correlation {correlation:.6f}")
    if not abs(mean) <= MEAN_TOLERANCE:
        ways.append(f"mean changed by {100 * mean:+.2f} %")
    if not share <= LARGEST_SHARE:
        ways.append(f"{100 * share:.1f} % of the cells are off by over 1 % of the peak")
    return ways
