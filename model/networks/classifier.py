"""The trained network, loaded once, checked, and safe to call from several threads."""

import hashlib
import json
import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from model.audio import spectrogram
from model.audio.silence import Reading, reading_of, runs_of
from model.constants import DYNAMIC_RANGE_DB, N_MELS, NETWORK_HOP
from model.explain.door import Prediction
from model.explain.grid import MapGrid, RelevanceMap
from model.inference.explained import ExplainedRunner
from model.inference.mask_runner import MaskRunner
from model.inference.runner import Runner
from model.inference.stored import (
    StoredNetwork,
    UnknownNetworkError,
    read_layers,
    read_network,
)
from model.networks.asked import Asked
from model.networks.ear import TAGGER_ENDING, Ear, Trunk, ear_weights
from model.networks.geometry import map_grid
from model.networks.layer_steps import LayerSteps
from model.networks.masks import MaskDecoder
from model.networks.tagger import Tagger
from model.types import Float32, Float64

if TYPE_CHECKING:
    import keras

    from model.explain.deconvolution import Step
    from model.networks.gradients import Gradients


WEIGHTS_FOLDER: Final = Path(__file__).parents[1] / "weights"
DEFAULT_MODEL: Final = "two-ears-random"
# The architecture, on a card, of the layers that make YAMNet an ear beside a network on
# spectrograms.
TWO_EARS: Final = "two-ears"
_WARMING_FRAMES: Final = (39, 40)  # 3 s, for networks that are left to Keras


class WeightsError(RuntimeError):
    """The shipped weights are missing or are not the ones their card describes."""


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
        evidence = heard.on_map(self._columns_read(seen))
        maps[:, counts, -evidence.shape[1] :] = evidence / counts.mean(dtype=np.float32)
        logits = seen.logits + evidence.mean(axis=0)
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
        columns = np.arange(prediction.counts.sum(), dtype=np.float64) * self.grid.frame_stride
        return columns + self.grid.frame_offset

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
        ndarray of float32, shape (columns, units)
            Not negative, on the columns of the map, 0 in silence; no units without an ear.
        """
        counts = prediction.counts
        if self.ear is None:
            return np.zeros((len(counts), 0), np.float32)
        answers = prediction.answers
        if answers is None:
            answers = self.ear.answers(self.without_silence(waveform, prediction))
        found = self.ear.units_on_map(answers, self._columns_read(prediction))
        units = np.zeros((len(counts), found.shape[1]), np.float32)
        units[counts] = found / counts.mean(dtype=np.float32)
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
        return (
            self.ear is not None and (WEIGHTS_FOLDER / f"{decoder_name(self.name)}.keras").is_file()
        )

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
        return MaskDecoder(MaskRunner.read(_checked_weights(name, card)), self.kernel, self.grid)

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


def decoder_name(network: str) -> str:
    """Name the files, without their endings, of the decoder of a network's masks."""
    return f"listenable-{network}"


def read_card(name: str = DEFAULT_MODEL) -> dict[str, Any]:
    """Read a model's card without loading the model.

    Parameters
    ----------
    name : str
        Name of the card in model/weights, without its ending.

    Returns
    -------
    dict
        The card.

    Raises
    ------
    WeightsError
        If there is no such card.
    """
    path = WEIGHTS_FOLDER / f"{name}.json"
    if not path.is_file():
        raise WeightsError(f"There is no model card {path.name} in model/weights.")
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return card


def _checked_weights(name: str, card: dict[str, Any]) -> Path:
    path = WEIGHTS_FOLDER / f"{name}.keras"
    if not path.is_file():
        raise WeightsError(f"The weights {path.name} are missing from model/weights.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != card["sha256"]:
        raise WeightsError(
            f"The weights {path.name} are not those of their model card: their SHA-256 is "
            f"{digest}, the card says {card['sha256']}. Fetch the repository again."
        )
    return path


def weights_of(classifier: Classifier) -> Path:
    """Find the weights file of a classifier's network on spectrograms."""
    return WEIGHTS_FOLDER / f"{(classifier.eyes or classifier).name}.keras"


def load_checked(name: str) -> tuple[dict[str, Any], "keras.Model"]:
    """Load a shipped network in Keras' safe mode, after checking its SHA-256.

    The first call imports TensorFlow, which takes some seconds. For a verdict it is not needed:
    see `load_stored`.

    Parameters
    ----------
    name : str
        Name of the weights in model/weights, without their ending.

    Returns
    -------
    card : dict
        The model card.
    network : keras.Model
        The network that it describes.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    """
    card = read_card(name)
    path = _checked_weights(name, card)

    # The app brings TensorFlow, whatever the user's own Keras is set to elsewhere.
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    # Keras is imported here, not above, so that a page can be drawn before it is ready.
    from model.networks.loading import load_network  # noqa: PLC0415

    return card, load_network(path)


def load_stored(name: str) -> tuple[dict[str, Any], StoredNetwork]:
    """Read a shipped network without Keras, after checking its SHA-256.

    Parameters
    ----------
    name : str
        Name of the weights in model/weights, without their ending.

    Returns
    -------
    card : dict
        The model card.
    network : StoredNetwork
        Its layers and weights. Nothing in it is run.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    UnknownNetworkError
        If it can be read by Keras only.
    """
    card = read_card(name)
    return card, read_network(_checked_weights(name, card))


@lru_cache(maxsize=4)
def load_classifier(name: str = DEFAULT_MODEL) -> Classifier:
    """Load a shipped model, checked as `load_checked` does.

    Parameters
    ----------
    name : str
        Name of the weights in model/weights, without their ending.

    Returns
    -------
    Classifier
        The same object for the same name.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    """
    card = read_card(name)
    if card.get("architecture") == TWO_EARS:
        return _with_ear(card)
    try:
        runner = ExplainedRunner(_checked_weights(name, card))
    except UnknownNetworkError:
        return _left_to_keras(name)
    kernel, bias = runner.network.layers[runner.network.output].weights
    return Classifier(
        card=card,
        sha256=card["sha256"],
        kernel=kernel,
        bias=bias,
        grid=map_grid(runner.network),
        _network=runner,
    )


def _left_to_keras(name: str) -> Classifier:
    """Load a network with layers that only Keras knows."""
    card, network = load_checked(name)
    from model.networks.loading import described, with_feature_maps  # noqa: PLC0415  # bring Keras

    kernel, bias = (np.asarray(one, np.float32) for one in network.layers[-1].get_weights())
    classifier = Classifier(
        card=card,
        sha256=card["sha256"],
        kernel=kernel,
        bias=bias,
        grid=map_grid(described(network)),
        _network=with_feature_maps(network),
    )
    # The first call traces the graph, and the first other length once more: not while
    # somebody waits for a verdict.
    for frames in _WARMING_FRAMES:
        classifier.predict(np.full((N_MELS, frames), -DYNAMIC_RANGE_DB, np.float32))
    return classifier


@lru_cache(maxsize=2)
def load_trunk(name: str = "yamnet") -> tuple[dict[str, Any], Trunk]:
    """Load YAMNet's convolutions, checked as `load_checked` does.

    Parameters
    ----------
    name : str
        Name of the weights in model/weights, without their ending.

    Returns
    -------
    card : dict
        The model card.
    trunk : Trunk
        The same object for the same name, for all who ask.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    """
    card, network = load_stored(name)
    return card, Trunk(Runner(network, (network.output,)))


@lru_cache(maxsize=2)
def load_tagger(name: str = "musicnn-msd") -> tuple[dict[str, Any], Tagger]:
    """Load musicnn, checked as `load_checked` does.

    Parameters
    ----------
    name : str
        Name of the weights in model/weights, without their ending.

    Returns
    -------
    card : dict
        The model card.
    tagger : Tagger
        The same object for the same name, for all who ask.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    """
    card, network = load_stored(name)
    return card, Tagger(Runner(network, (network.output,)))


def _ear(card: dict[str, Any]) -> Ear:
    """Load what hears, and what stands behind it."""
    layers = read_layers(_checked_weights(card["name"], card))
    weights = ear_weights(layers)
    trunk_card, trunk = load_trunk(card["trunk"]["name"])
    _check_beside(card, "trunk", trunk_card["sha256"])
    if "tagger" not in card:
        return Ear(trunk, weights)
    tagger_card, tagger = load_tagger(card["tagger"]["name"])
    _check_beside(card, "tagger", tagger_card["sha256"])
    return Ear(trunk, weights, tagger, ear_weights(layers, TAGGER_ENDING))


def _check_beside(card: dict[str, Any], part: str, sha256: str) -> None:
    if card[part]["sha256"] != sha256:
        raise WeightsError(
            f"The ear {card['name']} was made beside other weights {card[part]['name']} than "
            "those that are here. Fetch the repository again."
        )


def _with_ear(card: dict[str, Any]) -> Classifier:
    """Put an ear beside the network that its card names."""
    ear = _ear(card)
    pictures = load_classifier(card["pictures"]["name"])
    _check_beside(card, "pictures", pictures.sha256)
    return replace(
        pictures,
        card=card,
        sha256=card["sha256"],
        kernel=np.concatenate([pictures.kernel, np.eye(len(pictures.bias), dtype=np.float32)]),
        ear=ear,
        eyes=pictures,
        _lock=pictures._lock,
    )
