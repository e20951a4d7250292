"""Weights and an input for EfficientNet-Lite0 that anybody can draw again."""

import numpy as np

ROWS, COLUMNS = 128, 129


def fixed_input() -> np.ndarray:
    """An image, (1, rows, columns, 3)."""
    return np.random.default_rng(77).uniform(-1, 1, (1, ROWS, COLUMNS, 3)).astype(np.float32)


def drawn_weights(shapes: dict[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Weights of such sizes that signals neither die out nor explode, the same each time.

    `shapes` are PyTorch's: (out, in, rows, columns) for a kernel, (channels,) otherwise.
    """
    rng = np.random.default_rng(78)
    weights = {}
    for name, shape in sorted(shapes.items()):
        if len(shape) > 1:
            values = rng.normal(0.0, np.sqrt(2 / np.prod(shape[1:])), shape)
        elif name.endswith(("running_var", "weight")):
            values = rng.uniform(0.5, 1.5, shape)
        else:
            values = rng.normal(0.0, 0.1, shape)
        weights[name] = values.astype(np.float32)
    return weights
