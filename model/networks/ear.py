"""The ear: what is heard in the sound itself, as evidence for every genre.

YAMNet's ninth layer answers for every 0.16 s of a clip and for four ranges of pitch, the tagger,
musicnn, for every 0.32 s and all of pitch together. The answers of each are combined by rectified
units, place by place; one dense layer behind the mean of the units over all places names the
genre. The scores of the two are added. A mean and a dense layer may change places, so the score
of a genre is the mean of its evidence, exactly: a map. Where there is no sound there is no
evidence, and a picture without sound is judged by the other network alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from model.audio.yamnet_spectrogram import yamnet_log_mel
from model.explain.door import Answers, Heard
from model.inference.stored import StoredLayer, UnknownNetworkError
from model.networks.places import PLACED, TOGETHER, Columns, across
from model.networks.tagger import Tagger
from model.networks.trunk import Trunk, saturated
from model.types import Float32, Float64

# Behind the names of the layers that the tagger feeds.
TAGGER_ENDING: Final = "_tagger"


@dataclass(frozen=True, eq=False)
class EarWeights:
    """What is learned behind YAMNet, or behind the tagger.

    Attributes
    ----------
    units_kernel : ndarray of float32, shape (channels, units)
        From the answers, of YAMNet on one scale, to the units.
    units_bias : ndarray of float32, shape (units,)
        Of the units.
    kernel : ndarray of float32, shape (units, classes)
        Of the dense layer.
    bias : ndarray of float32, shape (classes,)
        Of the dense layer.
    """

    units_kernel: Float32
    units_bias: Float32
    kernel: Float32
    bias: Float32

    def by_class(self, answers: Float32) -> Float32:
        """Weigh what speaks for every genre.

        Parameters
        ----------
        answers : ndarray of float32, shape (..., channels)
            What they were learned behind.

        Returns
        -------
        ndarray of float32, shape (..., classes)
            Signed.
        """
        weighed: Float32 = self.units(answers) @ self.kernel + self.bias
        return weighed

    def units(self, answers: Float32) -> Float32:
        """Compute the rectified units, (..., units), of answers, (..., channels)."""
        return np.maximum(answers @ self.units_kernel + self.units_bias, np.float32(0))


def ear_weights(layers: Mapping[str, StoredLayer], ending: str = "") -> EarWeights:
    """Read the weights out of the layers "units" and "genre".

    Parameters
    ----------
    layers : mapping of str to StoredLayer
        Of an ear, by their names.
    ending : str
        Of both names: `TAGGER_ENDING` for those behind the tagger.

    Returns
    -------
    EarWeights
        Of the two.

    Raises
    ------
    UnknownNetworkError
        If there are no such layers.
    """
    units, genre = f"units{ending}", f"genre{ending}"
    if not {units, genre} <= layers.keys():
        raise UnknownNetworkError(f'an ear has the layers "{units}" and "{genre}"')
    return EarWeights(*layers[units].weights, *layers[genre].weights)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What one part of the ear has for every genre.

    Attributes
    ----------
    values : ndarray of float32, shape (rows, columns, classes)
        Signed; 0 where there is no sound, and scaled so that the mean over all cells is the mean
        over those with sound.
    columns : Columns
        Where its columns lie.
    """

    values: Float32
    columns: Columns

    @property
    def scores(self) -> Float32:
        """Score every genre, (classes,): the mean over all cells."""
        return self.values.mean(axis=(0, 1))

    def on_map(self, n_rows: int, frames: Float64) -> Float32:
        """Read it at the cells of another network's map, as `Hearing.on_map` does."""
        read = self.columns.at(self.values, frames)
        rows = across(len(self.values), n_rows)
        spread: Float32 = np.einsum("mr,rck->mck", rows, read, optimize=True)
        return spread + (self.scores - spread.mean(axis=(0, 1)))


@dataclass(frozen=True, eq=False)
class Hearing:
    """What an ear hears in a sound.

    Attributes
    ----------
    answers : Answers
        For whoever asks something else.
    evidence : tuple of Evidence
        Of YAMNet's part and of the tagger's, if there is one; the scores of genres are added.
    """

    answers: Answers
    evidence: tuple[Evidence, ...]

    @property
    def scores(self) -> Float32:
        """Score every genre, (classes,)."""
        return np.sum([each.scores for each in self.evidence], axis=0, dtype=np.float32)

    def on_map(self, n_rows: int, frames: Float64) -> Float32:
        """Read all evidence at the cells of another network's map.

        Parameters
        ----------
        n_rows : int
            Of that map, over all of pitch.
        frames : ndarray of float64, shape (columns,)
            Centres of its columns, in frames of our pictures.

        Returns
        -------
        ndarray of float32, shape (n_rows, columns, classes)
            Moved by a constant for each class, so that its mean is the score of every genre:
            reading between the columns alone would change it by a little.
        """
        maps = [each.on_map(n_rows, frames) for each in self.evidence]
        return np.sum(maps, axis=0, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Ear:
    """YAMNet and the tagger, each with what names genres behind it; their scores are added.

    Attributes
    ----------
    trunk : Trunk
        YAMNet.
    weights : EarWeights
        Of the layers behind it.
    tagger : Tagger or None
        musicnn.
    tagger_weights : EarWeights or None
        Of the layers behind it.
    """

    trunk: Trunk = field(repr=False)
    weights: EarWeights = field(repr=False)
    tagger: Tagger | None = field(default=None, repr=False)
    tagger_weights: EarWeights | None = field(default=None, repr=False)

    @property
    def kernel(self) -> Float32:
        """Weights of both dense layers, (units, classes), as `units_on_map` are in order."""
        return np.concatenate([weights.kernel for weights in self._weights])

    @property
    def bias(self) -> Float32:
        """Biases of both dense layers together, (classes,)."""
        return np.sum([weights.bias for weights in self._weights], axis=0, dtype=np.float32)

    @property
    def _weights(self) -> tuple[EarWeights, ...]:
        return (self.weights, *((self.tagger_weights,) if self.tagger_weights else ()))

    def by_yamnet_alone(self) -> "Ear":
        """Leave the tagger out: what is left shares no layer with the network on pictures."""
        return Ear(self.trunk, self.weights)

    def answers(self, waveform: Float32) -> Answers:
        """Ask both about a waveform, mono at SAMPLE_RATE, of at least 0.7 s."""
        levels = yamnet_log_mel(waveform)
        yamnet = self.trunk.places(levels)
        if self.tagger is None:
            return Answers(yamnet)
        columns = TOGETHER.count(levels)
        tags = self.tagger.answers(waveform, columns)
        return Answers(yamnet, Heard(tags[np.newaxis], TOGETHER.heard(levels, columns)))

    def _parts(self, answers: Answers) -> Iterator[tuple[EarWeights, Heard, Columns]]:
        """Give each what it was learned behind."""
        yamnet = Heard(saturated(answers.yamnet.values), answers.yamnet.counts)
        yield self.weights, yamnet, PLACED
        if self.tagger_weights is not None and answers.tagger is not None:
            yield self.tagger_weights, answers.tagger, TOGETHER

    def weigh(self, answers: Answers) -> Hearing:
        """Weigh what speaks for every genre in answers."""
        evidence = [
            Evidence(weights.by_class(heard.values) * heard.weights[:, np.newaxis], columns)
            for weights, heard, columns in self._parts(answers)
        ]
        return Hearing(answers, tuple(evidence))

    def hear(self, waveform: Float32) -> Hearing:
        """Weigh what speaks for every genre at every place.

        Parameters
        ----------
        waveform : ndarray of float32, shape (samples,)
            Mono audio at SAMPLE_RATE.

        Returns
        -------
        Hearing
            The evidence, and what it was weighed from.
        """
        return self.weigh(self.answers(waveform))

    def units_on_map(self, answers: Answers, frames: Float64) -> Float32:
        """Read the rectified units at the columns of another network's map.

        Parameters
        ----------
        answers : Answers
            What `hear` had of a sound.
        frames : ndarray of float64, shape (columns,)
            Centres of the map's columns, in frames of our pictures.

        Returns
        -------
        ndarray of float32, shape (YAMNet's rows, columns, units)
            Not negative. Through `kernel` they are the evidence that `Hearing.on_map` gives,
            before it is spread over more rows, but for what is added to a class wherever there
            is sound: its bias, and a constant.
        """
        rows = len(answers.yamnet.values)
        units = [
            columns.at(weights.units(heard.values) * heard.weights[:, np.newaxis], frames)
            for weights, heard, columns in self._parts(answers)
        ]
        return np.concatenate(
            [np.broadcast_to(one, (rows, *one.shape[1:])) for one in units], axis=-1
        )

    def scores(self, waveform: Float32) -> Float32:
        """Score every genre, (classes,), and keep nothing else of `hear`."""
        return self.hear(waveform).scores
