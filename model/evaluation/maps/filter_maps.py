"""Single filters of early layers, taken back to the spectrogram, as maps to be checked.

A deconvolution copies its input wherever switches and signs let it (W. Nie, Y. Zhang, A. Patel,
ICML 2018), so how much of its picture is left without the learned weights has to be measured.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from model.evaluation.maps.methods import random_for
from model.evaluation.maps.subjects import Subject
from model.explain.deconvolution import explain_filter
from model.networks.layer_steps import DECONVOLVED, LayerSteps
from model.types import Float32

if TYPE_CHECKING:
    import keras

    from model.inference.stored import StoredNetwork

# Name on the command line of each layer's filters.
FILTERS: Final = {f"deconvolution-{layer}": layer for layer in DECONVOLVED}


class FilterMaps:
    """Two filters of a layer for every track, taken back to its spectrogram.

    Parameters
    ----------
    network : keras.Model
        A flagship, or what begins as one, with the weights that it learned.
    subjects : sequence of Subject
        Tracks.
    names : sequence of str
        Of FILTERS.
    seed : int
        Of the choice, for every track anew, among the filters that show anything of it.
    """

    def __init__(
        self, network: "keras.Model", subjects: Sequence[Subject], names: Sequence[str], seed: int
    ) -> None:
        self._network, self._subjects = network, subjects
        self._weights: list[npt.NDArray[np.float32]] = []
        self._maps: dict[str, list[Float32]] = {}
        self._channels: dict[str, list[int]] = {name: [] for name in names}
        # Of the second filter of every track, with the learned weights.
        self.others: dict[str, list[Float32]] = {name: [] for name in names}
        if not names:
            return
        steps = LayerSteps(_described(network))
        for subject in subjects:
            answers = steps.answers(subject.levels)
            for name, channels in self._channels.items():
                shown = _that_show(steps, subject, name, answers[FILTERS[name]], seed)
                (chosen, _), (_, other) = next(shown), next(shown)
                channels.append(chosen)
                self.others[name].append(other)

    @property
    def facts(self) -> list[dict[str, Any]]:
        """Facts that a results file records, one a name."""
        return [
            {"name": name, "label": f"A filter of {FILTERS[name]}", "per_class": False}
            for name in self._channels
        ]

    def maps(self) -> dict[str, list[Float32]]:
        """Take the filters back with the weights that the network has now.

        Returns
        -------
        dict of str to list of ndarray
            By name, (N_MELS, frames) for every track; not negative.
        """
        if not self._channels:
            return {}
        network = _described(self._network)
        steps = LayerSteps(network)
        weights = [each for layer in steps.layers for each in layer.weights]
        # Most steps of a cascade lie above these layers.
        if not self._weights or not all(map(np.array_equal, weights, self._weights)):
            self._weights = weights
            self._maps = {
                name: [
                    explain_filter(steps, subject.levels, FILTERS[name], channel).values
                    for subject, channel in zip(self._subjects, channels, strict=True)
                ]
                for name, channels in self._channels.items()
            }
        return self._maps


def _that_show(
    steps: LayerSteps, subject: Subject, name: str, answers: Float32, seed: int
) -> Iterator[tuple[int, Float32]]:
    """Draw filters that show some places more than others, and their maps; 0 where none is left."""
    layer = FILTERS[name]
    alive = np.flatnonzero(answers.max(axis=(0, 1)) > 0)
    for channel in random_for(f"{subject.name} {name}", seed).permutation(alive).tolist():
        found = explain_filter(steps, subject.levels, layer, channel).values
        if np.ptp(found) > 0:
            yield channel, found
    while True:
        yield 0, np.zeros_like(subject.levels)


def _described(network: "keras.Model") -> "StoredNetwork":
    from model.networks.loading import described  # noqa: PLC0415  # brings Keras

    return described(network)
