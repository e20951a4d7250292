"""The one door of every explanation: what a method is, what it is asked, and what it may ask.

A method is a plain function ``explain(network, prediction, target) -> RelevanceMap`` with the
facts about it that a page or a measurement needs. Nobody else has to know how it is computed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from model.explain.grid import MapGrid, RelevanceMap
from model.types import Float32

# A gradient takes about as long as this many runs of the network, the run itself included.
GRADIENT_RUNS: Final = 3.5


@dataclass(frozen=True, eq=False)
class Heard:
    """What one network of an ear answers to a sound.

    Attributes
    ----------
    values : ndarray of float32, shape (rows, columns, channels)
        Not negative; one row where it answers for all of pitch together.
    counts : ndarray of bool, shape (columns,)
        Where there is sound.
    """

    values: Float32
    counts: npt.NDArray[np.bool_]

    @property
    def weights(self) -> Float32:
        """How much each column counts, (columns,): not at all without sound, 1 on average."""
        share = np.float32(len(self.counts) / self.counts.sum())
        return (share * self.counts).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Answers:
    """What the networks of an ear answer to a sound: kept, for it is slow.

    Attributes
    ----------
    yamnet : Heard
        Of the layer of YAMNet whose answers have places.
    tagger : Heard or None
        Of musicnn; None where there is no tagger.
    """

    yamnet: Heard
    tagger: Heard | None = None


@dataclass(frozen=True, eq=False)
class Prediction:
    """What the network makes of one log-mel spectrogram.

    Attributes
    ----------
    logits : ndarray of float32, shape (classes,)
        Scores before the softmax.
    probabilities : ndarray of float32, shape (classes,)
        Softmax of the scores over the card's temperature.
    feature_maps : ndarray of float32, shape (rows, columns, channels)
        Output of the last convolution, the input of the global average.
    levels : ndarray of float32, shape (N_MELS, frames)
        The input: levels in dB, at NETWORK_HOP.
    seconds : float
        How long the network took; 0 where nobody measured.
    silent : ndarray of bool, shape (columns,), or None
        Which columns of the maps are silent: they are 0 and do not count. None for none.
    answers : Answers or None
        What an ear made its evidence of, before weights, of the sound without its silence. None
        where no ear has listened.
    """

    logits: Float32
    probabilities: Float32
    feature_maps: Float32
    levels: Float32
    seconds: float = 0.0
    silent: npt.NDArray[np.bool_] | None = None
    answers: Answers | None = None

    @property
    def counts(self) -> npt.NDArray[np.bool_]:
        """Which columns of the maps the verdict rests on, (columns,)."""
        return np.ones(self.feature_maps.shape[1], bool) if self.silent is None else ~self.silent


class Network(Protocol):
    """What a method may ask of a network that ends in an average and one dense layer."""

    @property
    def kernel(self) -> Float32:
        """Weights of the dense layer, (channels, classes)."""

    @property
    def grid(self) -> MapGrid:
        """Where the cells of the last convolution lie on the input."""

    @property
    def temperature(self) -> float:
        """What the scores are divided by before the softmax."""

    def predict(self, levels: Float32) -> Prediction:
        """Run the network on one spectrogram, (N_MELS, frames)."""

    def logits(self, levels: Float32) -> Float32:
        """Score spectrograms of one length, (n, N_MELS, frames): (n, classes)."""

    def gradients(self, levels: Float32, weights: Float32) -> tuple[Float32, Float32, Float32]:
        """Differentiate a weighted sum of the scores of spectrograms of one length.

        Parameters
        ----------
        levels : ndarray of float32, shape (n, N_MELS, frames)
            In dB.
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
        """


@runtime_checkable
class MaskDecoding(Protocol):
    """What a network has beside it where a decoder of masks was taught for it."""

    @property
    def decodes(self) -> bool:
        """Whether there is a decoder."""

    def decoded(self, prediction: Prediction, weights: Float32) -> RelevanceMap:
        """Ask the decoder which places carry a weighted sum of the scores, (classes,)."""


@dataclass(frozen=True, eq=False)
class Target:
    """The class to explain, among all classes that are told apart.

    Attributes
    ----------
    index : int
        Which of the rows of `membership` it is.
    membership : ndarray of float32, shape (told apart, classes of the network)
        1 where a class of the network belongs to a class that is told apart, else 0: the
        identity, unless similar genres are merged.
    """

    index: int
    membership: Float32

    @classmethod
    def single(cls, class_index: int, n_classes: int) -> "Target":
        """Build the target for one class of a network, none of them merged."""
        return cls(class_index, np.eye(n_classes, dtype=np.float32))

    @property
    def weights(self) -> Float32:
        """1 for the members of the class and 0 for all others, (classes,)."""
        return self.membership[self.index]

    @property
    def members(self) -> npt.NDArray[np.bool_]:
        """Which classes of the network are members, (classes,)."""
        return self.weights > 0


Explain = Callable[[Network, Prediction, Target], RelevanceMap]


@dataclass(frozen=True)
class Method:
    """One way to explain a verdict.

    Attributes
    ----------
    name : str
        Key in the registry; what the command line, links and files use.
    label : str
        Name shown to people.
    summary : str
        One or two sentences for the page.
    cost : str
        What one map asks of the network, in words.
    per_class : bool
        Whether every class has a map of its own.
    signed : bool
        Whether negative values, evidence against a class, occur.
    smooth : bool
        Whether neighbouring cells are alike, so that a threshold draws a line around places.
        Other maps would be all lines: what they keep, they keep in proportion.
    explain : callable
        From the network, its prediction and the target to the target's relevance.
    runs : callable or None
        How many runs of the network one map takes, for a number of frames; None where the
        prediction is enough.
    needs_decoder : bool
        Whether it asks a decoder of masks, which not every network has.
    """

    name: str
    label: str
    summary: str
    cost: str
    per_class: bool
    signed: bool
    smooth: bool
    explain: Explain
    runs: Callable[[int], float] | None = None
    needs_decoder: bool = False

    def offered_by(self, network: object) -> bool:
        """Tell whether a network has what this method asks for."""
        return not self.needs_decoder or (isinstance(network, MaskDecoding) and network.decodes)

    def label_for(self, genre: str) -> str:
        """Name this method's map for one class, such as "CRM for rock"."""
        if not self.per_class:
            return self.label
        return f"{self.label.removesuffix(' per class')} for {genre}"

    def seconds(self, prediction: Prediction) -> float:
        """Estimate how long one map takes on the machine that made a prediction, in seconds."""
        frames = prediction.levels.shape[1]
        return self.runs(frames) * prediction.seconds if self.runs else 0.0


def one_gradient(_: int) -> float:
    """Count the runs of a method that takes one gradient, whatever the length."""
    return GRADIENT_RUNS
