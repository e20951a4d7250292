"""The trained network, safe to call from several threads."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from model.audio import spectrogram
from model.audio.silence import Reading, reading_of, runs_of
from model.constants import NETWORK_HOP
from model.explain.door import Prediction
from model.explain.grid import MapGrid, RelevanceMap
from model.inference.explained import ExplainedRunner
from model.inference.mask_runner import MaskRunner
from model.inference.stored import StoredNetwork, read_network
from model.networks.asked import Asked
from model.networks.ear import Ear
from model.networks.geometry import map_grid
from model.networks.layer_steps import LayerSteps
from model.networks.masks import MaskDecoder
from model.networks.shipped import (
    WeightsError,
    checked_weights,
    decoder_name,
    read_card,
    weights_path,
)
from model.types import Float32, Float64

if TYPE_CHECKING:
    from model.explain.deconvolution import Step
    from model.networks.gradients import Gradients


def softmax(logits: Float32, temperature: float = 1.0) -> Float32:
    """Turn scores into probabilities.

    Parameters
    ----------
    logits : ndarray of float32, shape (..., classes)
        Scores.
    temperature : float
        Positive; above 1 it makes the network less sure.

    Returns
    -------
    ndarray of float32, shape (..., classes)
        Not negative, with sum 1 along the last axis.
    """
    scaled = logits / np.float32(temperature)
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    probabilities: Float32 = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities


@dataclass(frozen=True, eq=False)
class Classifier:
    """A network with a global average and one dense layer behind its last convolution.

    Attributes
    ----------
    card : dict
        The model card as stored beside the weights.
    sha256 : str
        Of the weights file, as checked on load.
    kernel : ndarray of float32, shape (channels, classes)
        Weights of the dense layer.
    bias : ndarray of float32, shape (classes,)
        Biases of the dense layer.
    grid : MapGrid
        Where the last convolution's cells lie on the input.
    ear : Ear or None
        What hears the sound itself, beside the network on spectrograms. The evidence of its
        genres then fills the last channels of the feature maps, and the kernel adds it to
        their scores as it is, so every score remains the mean of its map and its bias.
    eyes : Classifier or None
        Beside an ear, the network on spectrograms by itself: its is the verdict where there
        is no sound.
    """

    card: dict[str, Any]
    sha256: str
    kernel: Float32
    bias: Float32
    grid: MapGrid
    _network: Asked = field(repr=False)
    ear: Ear | None = field(default=None, repr=False)
    eyes: "Classifier | None" = field(default=None, repr=False)
    # Keras' prediction functions are not safe across threads (tensorflow#61298), and what runs
    # without Keras would take twice the memory for two at a time, and no less time.
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def name(self) -> str:
        """Name of the model, as on its card."""
        return str(self.card["name"])

    @property
    def genres(self) -> tuple[str, ...]:
        """The classes, in the order of the scores."""
        return tuple(self.card["classes"])

    @property
    def temperature(self) -> float:
        """What the scores of a sound are divided by before the softmax, as fitted on valid."""
        return float(self.card.get("temperature", 1.0))

    def predict(self, log_mel: Float32) -> Prediction:
        """Run the network on one log-mel spectrogram, without its silence.

        Parameters
        ----------
        log_mel : ndarray of float32, shape (N_MELS, frames)
            In dB below the clip's maximum, at NETWORK_HOP; any length from 3 s.

        Returns
        -------
        Prediction
            Scores, probabilities and the last feature maps, 0 in silence: their mean over all
            cells is what the dense layer gets.
        """
        reading = self._reading(log_mel)
        read = log_mel if reading is None else log_mel[:, reading.frames]
        with self._lock:
            begin = time.perf_counter()
            feature_maps, scores = self._network.predict_on_batch(read[np.newaxis, ..., np.newaxis])
            seconds = time.perf_counter() - begin
        logits = scores[0].astype(np.float32)
        maps = feature_maps[0].astype(np.float32)
        if reading is not None:
            maps = reading.whole_map(maps)
        # Without sound the ear adds nothing.
        silent = ((0, 0), (0, 0), (0, len(self.kernel) - maps.shape[-1]))
        return Prediction(
            logits=logits,
            probabilities=softmax(logits, (self.eyes or self).temperature),
            feature_maps=np.pad(maps, silent) if self.ear else maps,
            levels=log_mel,
            seconds=seconds,
            silent=None if reading is None else ~reading.counts,
        )

    def _reading(self, levels: Float32) -> Reading | None:
        return reading_of(levels, round(self.grid.frame_stride))

    def hear(self, waveform: Float32, levels: Float32 | None = None) -> Prediction:
        """Judge a sound, by its spectrogram and by the ear, if there is one.

        Parameters
        ----------
        waveform : ndarray of float32, shape (samples,)
            Mono audio at SAMPLE_RATE, at least 3 s.
        levels : ndarray of float32, shape (N_MELS, frames), optional
            Its spectrogram at NETWORK_HOP, where it is at hand.

        Returns
        -------
        Prediction
            Scores, probabilities and feature maps of both together.
        """
        if levels is None:
            levels = spectrogram.log_mel(waveform, NETWORK_HOP)
        if self.ear is None:
            return self.predict(levels)
        begin = time.perf_counter()
        # The ear hears what counts, without the silence, and its map is 0 there as well.
        reading = self._reading(levels)
        sound = waveform if reading is None else self._cut(waveform, reading.counts)
        # Beside each other: neither keeps all cores busy.
        with ThreadPoolExecutor(max_workers=1) as beside:
            listening = beside.submit(self.ear.hear, sound)
            seen = self.predict(levels)
        heard = listening.result()
        maps, counts = seen.feature_maps, seen.counts
        evidence = heard.on_map(len(maps), self._columns_read(seen))
        maps[:, counts, -evidence.shape[-1] :] = evidence / counts.mean(dtype=np.float32)
        logits = seen.logits + heard.scores
        return replace(
            seen,
            logits=logits,
            probabilities=softmax(logits, self.temperature),
            seconds=time.perf_counter() - begin,
            answers=heard.answers,
        )

    def without_silence(self, waveform: Float32, prediction: Prediction) -> Float32:
        """Cut out of a waveform, (samples,), what the verdict on it rests on."""
        return waveform if prediction.silent is None else self._cut(waveform, prediction.counts)

    def _cut(self, waveform: Float32, counts: npt.NDArray[np.bool_]) -> Float32:
        """Keep of a waveform what sounds in the map's columns that count."""
        samples = round(self.grid.frame_stride) * NETWORK_HOP
        runs = runs_of(counts)
        return np.concatenate([waveform[first * samples : end * samples] for first, end in runs])

    def _columns_read(self, prediction: Prediction) -> Float64:
        """Locate the map's columns in the sound without its silence, in frames."""
        return self.grid.frames(int(prediction.counts.sum()))

    def units_heard(self, waveform: Float32, prediction: Prediction) -> Float32:
        """Compute what the ear's dense layer is given of a sound.

        Parameters
        ----------
        waveform : ndarray of float32, shape (samples,)
            The sound, mono at SAMPLE_RATE.
        prediction : Prediction
            What `hear` made of it; of `predict` alone, the ear is asked here.

        Returns
        -------
        ndarray of float32, shape (rows, columns, units)
            Not negative, on the ear's own rows and the columns of the map, 0 in silence; no units
            without an ear.
        """
        counts = prediction.counts
        if self.ear is None:
            return np.zeros((1, len(counts), 0), np.float32)
        answers = prediction.answers
        if answers is None:
            answers = self.ear.answers(self.without_silence(waveform, prediction))
        found = self.ear.units_on_map(answers, self._columns_read(prediction))
        units = np.zeros((len(found), len(counts), found.shape[-1]), np.float32)
        units[:, counts] = found / counts.mean(dtype=np.float32)
        return units

    def logits(self, levels: Float32) -> Float32:
        """Score spectrograms of one length, one after the other.

        Other visitors' songs come in between; more than one at a time would be no faster.

        Parameters
        ----------
        levels : ndarray of float32, shape (n, N_MELS, frames)
            In dB, at NETWORK_HOP.

        Returns
        -------
        ndarray of float32, shape (n, classes)
            Scores before the softmax.
        """
        return np.stack([self.predict(one).logits for one in levels])

    @cached_property
    def _early_layers(self) -> LayerSteps:
        return LayerSteps(self._stored)

    def steps_below(self, layer: str, levels: Float32) -> tuple[Float32, Sequence["Step"]]:
        """Run the network up to an early layer, and list the way back.

        Parameters
        ----------
        layer : str
            conv1, conv2 or conv3.
        levels : ndarray of float32, shape (N_MELS, frames)
            In dB, at NETWORK_HOP.

        Returns
        -------
        answers : ndarray of float32, shape (rows, columns, channels)
            The layer's output.
        steps : sequence of Step
            From the layer down to the spectrogram, for `model.explain.deconvolution`.

        Raises
        ------
        ValueError
            If the layer cannot be taken back.
        """
        with self._lock:
            return self._early_layers.steps_below(layer, levels)

    def early_answers(self, levels: Float32) -> dict[str, Float32]:
        """Run conv1 to conv3 on one spectrogram: (rows, columns, channels) of each."""
        with self._lock:
            return self._early_layers.answers(levels)

    def grid_of(self, layer: str) -> MapGrid:
        """Find where the cells of an early layer lie on the input."""
        return map_grid(self._stored, layer)

    @property
    def _stored(self) -> StoredNetwork:
        """The network on spectrograms, layer by layer."""
        if isinstance(self._network, ExplainedRunner):
            return self._network.network
        return read_network(weights_of(self))

    @property
    def decodes(self) -> bool:
        """Whether a decoder of masks was taught for these weights."""
        return self.ear is not None and weights_path(decoder_name(self.name)).is_file()

    @cached_property
    def decoder(self) -> MaskDecoder:
        """The decoder of masks; WeightsError if it is missing or is that of other weights."""
        name = decoder_name(self.name)
        card = read_card(name)
        if card["network"]["sha256"] != self.sha256:
            raise WeightsError(
                f"The decoder {name} was taught for other weights {self.name} than those that are "
                "here. Fetch the repository again."
            )
        return MaskDecoder(MaskRunner.read(checked_weights(name, card)), self.kernel, self.grid)

    def decoded(self, prediction: Prediction, weights: Float32) -> RelevanceMap:
        """Ask the decoder of masks for the places that carry a weighted sum of the scores.

        Parameters
        ----------
        prediction : Prediction
            From `hear`.
        weights : ndarray of float32, shape (classes,)
            Of the scores.

        Returns
        -------
        RelevanceMap
            From 0 to 1, on the cells of the last map halved in time.

        Raises
        ------
        WeightsError
            If the decoder is missing, or is that of other weights.
        """
        return self.decoder.decode(prediction, weights)

    @cached_property
    def _gradients(self) -> "Gradients":
        if isinstance(self._network, ExplainedRunner):
            return self._network.gradients
        from model.networks.gradients import gradients_of  # noqa: PLC0415  # brings Keras

        return gradients_of(self._network)

    def gradients(self, levels: Float32, weights: Float32) -> tuple[Float32, Float32, Float32]:
        """Differentiate a weighted sum of the scores of spectrograms, one after the other.

        Parameters
        ----------
        levels : ndarray of float32, shape (n, N_MELS, frames)
            In dB, at NETWORK_HOP.
        weights : ndarray of float32, shape (classes,)
            Of the scores before the softmax.

        Returns
        -------
        by_input : ndarray of float32, shape (n, N_MELS, frames)
            Derivative by every level, per dB; 0 in silence, which is not read.
        by_map : ndarray of float32, shape (n, rows, columns, channels)
            Derivative by every value of the last map.
        feature_maps : ndarray of float32, shape (n, rows, columns, channels)
            That map. All three take about as long as `predict`, which has done half of the
            work where it has just been asked about the same levels. A network that is left to
            Keras takes longer, and a second more at the first call.

        Raises
        ------
        ValueError
            If a network is left to Keras, which runs on another backend than TensorFlow.
        """
        found = []
        for one in levels:
            reading = self._reading(one)
            read = one if reading is None else one[:, reading.frames]
            with self._lock:
                by_input, by_map, maps = self._gradients(read[np.newaxis], weights)
            if reading is not None:
                by_input = reading.whole_gradient(by_input[0], one.shape[1])[np.newaxis]
                by_map = reading.whole_map_gradient(by_map[0])[np.newaxis]
                maps = reading.whole_map(maps[0])[np.newaxis]
            found.append((by_input, by_map, maps))
        by_input, by_map, maps = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return by_input, by_map, maps


def weights_of(classifier: Classifier) -> Path:
    """Find the weights file of a classifier's network on spectrograms."""
    return weights_path((classifier.eyes or classifier).name)
