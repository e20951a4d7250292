"""A network that is explained: its last maps beside its scores, and their derivatives."""

import threading
from collections import deque
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from model.inference.runner import Kept, Runner
from model.inference.stored import read_network
from model.types import Float32

# Clips of which the way back is remembered, 20 MB each for 30 s: the verdict's run serves its
# first fine map as well, also where two visitors take turns.
_REMEMBERED: Final = 2


class _Run(NamedTuple):
    clip: Float32
    maps: Float32
    kept: Kept
    # By level and by map, of the weights of the scores as bytes: several methods make a map of
    # one gradient. 0.2 MB each for 30 s, for by the map they are the same in every cell.
    slopes: dict[bytes, tuple[Float32, Float32]]


class ExplainedRunner:
    """A network on pictures that runs without Keras; any thread may ask it.

    Parameters
    ----------
    path : Path
        A `.keras` file of a network with a layer "evidence".

    Raises
    ------
    UnknownNetworkError
        If it can be read by Keras only.

    Attributes
    ----------
    network : StoredNetwork
        As it was saved.
    """

    def __init__(self, path: Path) -> None:
        self.network = read_network(path)
        self._runner = Runner(self.network, ("evidence", self.network.output))
        self._last: deque[_Run] = deque(maxlen=_REMEMBERED)
        self._lock = threading.Lock()

    def predict_on_batch(self, batch: Float32) -> list[Float32]:
        """Compute maps and scores as Keras would.

        Parameters
        ----------
        batch : ndarray of float32, shape (n, mels, frames, 1)
            Levels in dB.

        Returns
        -------
        maps : ndarray of float32, shape (n, rows, columns, channels)
            Of the layer "evidence".
        scores : ndarray of float32, shape (n, classes)
            Before the softmax.
        """
        found = [(run.maps, scores) for run, scores in map(self._run, batch)]
        return [np.stack(parts) for parts in zip(*found, strict=True)]

    def _run(self, clip: Float32) -> tuple[_Run, Float32]:
        (maps, scores), kept = self._runner.run(clip)
        run = _Run(clip.copy(), maps, kept, {})
        with self._lock:
            self._last.append(run)
        return run, scores

    def gradients(self, levels: Float32, weights: Float32) -> tuple[Float32, Float32, Float32]:
        """Differentiate a weighted sum of the scores.

        Parameters
        ----------
        levels : ndarray of float32, shape (n, mels, frames)
            In dB.
        weights : ndarray of float32, shape (classes,)
            Of the scores.

        Returns
        -------
        by_level : ndarray of float32, shape (n, mels, frames)
            Derivative by every level, per dB.
        by_map, maps : ndarray of float32, shape (n, rows, columns, channels)
            Derivative by every value of the last map, and that map.
        """
        found = []
        for one in levels:
            run = self._remembered(one[..., np.newaxis])
            asked = weights.tobytes()
            if asked not in run.slopes:
                wanted = self.network.input, "evidence"
                by_level, by_map = self._runner.slopes(weights, run.kept, wanted)
                run.slopes[asked] = by_level[..., 0], by_map
            found.append((*run.slopes[asked], run.maps))
        by_level, by_map, maps = (np.stack(parts) for parts in zip(*found, strict=True))
        return by_level, by_map, maps

    def _remembered(self, clip: Float32) -> _Run:
        """Take what the verdict's run has left, or run once more."""
        with self._lock:
            last = list(self._last)
        for run in last:
            if np.array_equal(run.clip, clip):
                return run
        run, _ = self._run(clip)
        return run
