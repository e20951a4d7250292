"""A network opened up for measurements: batches, gradients, and its own copy of the weights."""

from typing import TYPE_CHECKING

import numpy as np

from model.explain.door import Prediction
from model.networks.classifier import Classifier, softmax, weights_of
from model.networks.geometry import map_grid
from model.types import Float32

if TYPE_CHECKING:
    import keras

    from model.networks.gradients import Gradients


# Spectrograms at a time: larger batches take more memory and no less time.
BATCH = 8


class Probe:
    """A network that ends in a global average and one dense layer, with access to its insides.

    Unlike a `Classifier`, which every page shares, a probe has weights of its own, so a
    measurement may change them.

    Parameters
    ----------
    network : keras.Model
        From levels in dB, (batch, N_MELS, frames, 1), to scores; with a layer "evidence".
    temperature : float
        By which the scores are divided before the softmax.

    Attributes
    ----------
    network : keras.Model
        As given.
    temperature : float
        As given.
    grid : MapGrid
        Where the cells of the last map lie on the input.
    """

    def __init__(self, network: "keras.Model", temperature: float = 1.0) -> None:
        # Keras takes seconds to import: not before a network is needed.
        from model.networks.loading import described, with_feature_maps  # noqa: PLC0415

        self.network = network
        self.grid = map_grid(described(network))
        self.temperature = temperature
        self._with_maps = with_feature_maps(network)
        self._gradients: Gradients | None = None

    @property
    def kernel(self) -> Float32:
        """Weights of the dense layer, (channels, classes)."""
        return np.asarray(self.network.layers[-1].get_weights()[0], np.float32)

    def predict(self, levels: Float32) -> Prediction:
        """Run the network on one spectrogram.

        Parameters
        ----------
        levels : ndarray of float32, shape (N_MELS, frames)
            In dB, at NETWORK_HOP.

        Returns
        -------
        Prediction
            Scores, probabilities and the last feature maps.
        """
        maps, logits = self._with_maps.predict_on_batch(levels[np.newaxis, ..., np.newaxis])
        return Prediction(logits[0], softmax(logits[0], self.temperature), maps[0], levels)

    def logits(self, levels: Float32) -> Float32:
        """Score many spectrograms of one length.

        Parameters
        ----------
        levels : ndarray of float32, shape (n, N_MELS, frames)
            In dB, at NETWORK_HOP.

        Returns
        -------
        ndarray of float32, shape (n, classes)
            Scores before the softmax.
        """
        starts = range(0, len(levels), BATCH)
        batches = (levels[start : start + BATCH, ..., np.newaxis] for start in starts)
        return np.concatenate([self._with_maps.predict_on_batch(batch)[1] for batch in batches])

    def probabilities(self, levels: Float32) -> Float32:
        """Compute the probabilities of many spectrograms of one length, (n, classes)."""
        return softmax(self.logits(levels), self.temperature)

    def gradients(self, levels: Float32, weights: Float32) -> tuple[Float32, Float32, Float32]:
        """Differentiate a weighted sum of the scores of many spectrograms of one length.

        Parameters
        ----------
        levels : ndarray of float32, shape (n, N_MELS, frames)
            In dB, at NETWORK_HOP.
        weights : ndarray of float32, shape (classes,)
            Of the scores before the softmax.

        Returns
        -------
        by_input : ndarray of float32, shape (n, N_MELS, frames)
            Derivative by every level, per dB.
        by_map : ndarray of float32, shape (n, rows, columns, channels)
            Derivative by every value of the last map.
        feature_maps : ndarray of float32, shape (n, rows, columns, channels)
            That map.

        Raises
        ------
        ValueError
            If Keras runs on another backend than TensorFlow.
        """
        from model.networks.gradients import gradients_of  # noqa: PLC0415  # as above

        if self._gradients is None:
            self._gradients = gradients_of(self._with_maps)
        parts = [
            self._gradients(levels[start : start + BATCH], weights)
            for start in range(0, len(levels), BATCH)
        ]
        by_input, by_map, maps = (
            np.concatenate([part[index] for part in parts]) for index in range(3)
        )
        return by_input, by_map, maps


class RememberingProbe(Probe):
    """A probe that runs the network once for all methods that ask for the same maps.

    Unsuitable for timing a method, and while weights change.
    """

    _last: Prediction | None = None

    def predict(self, levels: Float32) -> Prediction:
        """Run the network on one spectrogram, unless it is the very one of the last call."""
        if self._last is None or self._last.levels is not levels:
            self._last = super().predict(levels)
        return self._last


def open_probe(classifier: Classifier, kind: type[Probe] = Probe) -> Probe:
    """Load a shipped network on pictures once more, to be measured; an ear beside it is left out.

    Parameters
    ----------
    classifier : Classifier
        From `load_classifier`, which has checked the weights.
    kind : type of Probe
        `Probe` or `RememberingProbe`.

    Returns
    -------
    Probe
        With weights of its own.
    """
    from model.networks.loading import load_network  # noqa: PLC0415  # Keras takes seconds to import

    eyes = classifier.eyes or classifier
    return kind(load_network(weights_of(classifier)), eyes.temperature)
