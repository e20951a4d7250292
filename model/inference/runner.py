"""Runs a saved network on one clip at a time, and differentiates its scores."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from model.inference.beside import network_at_work
from model.inference.steps import steps_of
from model.inference.stored import StoredNetwork, read_network
from model.types import Float32

# Of every step, what its way back needs.
Kept = dict[str, Any]


class Runner:
    """A network that runs without Keras; any thread may ask it.

    Parameters
    ----------
    network : StoredNetwork
        As it was saved.
    outputs : sequence of str
        Names of the layers whose outputs are wanted.

    Raises
    ------
    UnknownNetworkError
        If there is a layer that only Keras knows.
    """

    def __init__(self, network: StoredNetwork, outputs: Sequence[str]) -> None:
        self.network, self._outputs = network, tuple(outputs)
        self._steps = steps_of(network, outputs)
        self._uses = Counter(source for step in self._steps for source in step.inputs)
        self._uses.update(outputs)

    @network_at_work()
    def run(self, clip: Float32) -> tuple[list[Float32], Kept]:
        """Compute all outputs for one clip.

        Parameters
        ----------
        clip : ndarray of float32, shape (rows, columns, channels)
            The input; of other shapes where the network takes no map.

        Returns
        -------
        outputs : list of ndarray of float32
            Of the layers asked for.
        kept : dict
            For `slopes`, some 16 MB for 30 s.
        """
        found, left, kept = {self.network.input: clip}, self._uses.copy(), {}
        for step in self._steps:
            found[step.name], kept[step.name] = step.layer.forward(
                *(found[source] for source in step.inputs)
            )
            for source in step.inputs:  # what nobody asks for any more makes room
                left[source] -= 1
                if not left[source]:
                    del found[source]
        return [found[name] for name in self._outputs], kept

    @network_at_work()
    def slopes(self, weights: Float32, kept: Kept, wanted: Sequence[str]) -> list[Float32]:
        """Differentiate a weighted sum of the last layer's output.

        Parameters
        ----------
        weights : ndarray of float32, shape of that output
            Of the sum.
        kept : dict
            From `run`.
        wanted : sequence of str
            Layers by whose outputs to differentiate; the input is one of them.

        Returns
        -------
        list of ndarray of float32
            Derivatives, of the shapes of those outputs.
        """
        found = {self.network.output: weights}
        for step in reversed(self._steps):
            slope = found[step.name] if step.name in wanted else found.pop(step.name, None)
            if slope is None:  # nothing that is weighed comes from here
                continue
            for source, part in zip(
                step.inputs, step.layer.backward(slope, kept[step.name]), strict=True
            ):
                found[source] = found[source] + part if source in found else part
        return [found[name] for name in wanted]

    def predict_on_batch(self, batch: Float32) -> Any:
        """Compute all outputs as Keras would, clip by clip.

        Parameters
        ----------
        batch : ndarray of float32, shape (n, ...)
            The inputs.

        Returns
        -------
        ndarray of float32 or list of it, shape (n, ...)
            One array for each output, a single one by itself.
        """
        runs = [self.run(clip)[0] for clip in batch]
        stacked = [np.stack(parts) for parts in zip(*runs, strict=True)]
        return stacked if len(stacked) > 1 else stacked[0]


def read_runner(path: Path, outputs: Sequence[str] = ()) -> Runner:
    """Read a network out of a `.keras` file.

    Parameters
    ----------
    path : Path
        As Keras 3 saves it.
    outputs : sequence of str
        Names of layers whose outputs are wanted in front of the last one's.

    Returns
    -------
    Runner
        Ready to run.

    Raises
    ------
    UnknownNetworkError
        If it can be read by Keras only.
    """
    network = read_network(path)
    return Runner(network, (*outputs, network.output))
