"""The ear: what is heard in the sound itself, as evidence for every genre over time.

YAMNet answers for every 0.32 s of a clip, for all bands together, and so does the tagger, musicnn.
The answers of each are combined by rectified units, moment by moment; one dense layer behind the
mean of the units over time names the genre. The scores of the two are added. A mean and a dense
layer may change places, so the score of a genre is the mean of its evidence over time, exactly: a
map of one row. Where there is no sound
there is no evidence, and a picture without sound is judged by the other network alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.yamnet_spectrogram import (
    YAMNET_FLOOR,
    YAMNET_HOP,
    YAMNET_RATE,
    YAMNET_WINDOW,
    yamnet_log_mel,
)
from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.explain.door import Answers
from model.inference.stored import StoredLayer, UnknownNetworkError
from model.networks.asked import InTurn
from model.networks.tagger import Tagger
from model.types import Float32, Float64

# As `model.networks.yamnet` builds it: where its columns lie, in frames of its spectrogram.
FRAMES_A_COLUMN: Final = 32
FIRST_COLUMN: Final = 31
# A frame without any band further above the floor than this, in nepers, is silent.
_AUDIBLE: Final = 0.7
# Behind the names of the layers that the tagger feeds.
TAGGER_ENDING: Final = "_tagger"
# The activation that counts for half of the most there can be.
_HALF: Final = 0.1


def heard_columns(log_mel: Float32, n_columns: int) -> npt.NDArray[np.bool_]:
    """Tell which of YAMNet's columns have sound around their centre.

    Parameters
    ----------
    log_mel : ndarray of float32, shape (bands, frames)
        What YAMNet is given.
    n_columns : int
        How many columns it answers with.

    Returns
    -------
    ndarray of bool, shape (n_columns,)
        All of them where none has sound, so that a mean over them is never empty.
    """
    audible = log_mel.max(axis=0) > np.log(YAMNET_FLOOR) + _AUDIBLE
    around = FRAMES_A_COLUMN // 2
    padded = np.pad(audible, (0, FRAMES_A_COLUMN))
    centres = FIRST_COLUMN + FRAMES_A_COLUMN * np.arange(n_columns)
    heard = np.array([padded[centre - around : centre + around].any() for centre in centres])
    return heard if heard.any() else np.ones(n_columns, bool)


def saturated(activations: Float32) -> Float32:
    """Bring YAMNet's activations f to one scale, ``f / (f + 0.1)``, from 0 to 1.

    A channel that is open counts, and how wide hardly: rare and very strong answers would
    otherwise outweigh all others in a mean.
    """
    return activations / (activations + np.float32(_HALF))


def column_frames(n_columns: int) -> Float64:
    """Locate YAMNet's columns in frames of our pictures.

    Parameters
    ----------
    n_columns : int
        Columns of a clip.

    Returns
    -------
    ndarray of float64, shape (n_columns,)
        Centres, in fractions of frames at NETWORK_HOP.
    """
    frames = FIRST_COLUMN + FRAMES_A_COLUMN * np.arange(n_columns)
    seconds = (frames * YAMNET_HOP + YAMNET_WINDOW / 2) / YAMNET_RATE
    centres: Float64 = seconds * (SAMPLE_RATE / NETWORK_HOP)
    return centres


def at_frames(evidence: Float32, frames: Float64) -> Float32:
    """Read evidence at other moments, linearly in between and flat at the ends.

    Parameters
    ----------
    evidence : ndarray of float32, shape (columns, classes)
        Of YAMNet's own columns.
    frames : ndarray of float64, shape (moments,)
        Wanted moments, in frames of our pictures.

    Returns
    -------
    ndarray of float32, shape (moments, classes)
        In the same units.
    """
    place = np.interp(frames, column_frames(len(evidence)), np.arange(len(evidence)))
    lower = np.floor(place).astype(np.intp)
    upper = np.minimum(lower + 1, len(evidence) - 1)
    share = (place - lower)[:, np.newaxis].astype(np.float32)
    between: Float32 = evidence[lower] * (1 - share) + evidence[upper] * share
    return between


class Trunk(InTurn):
    """YAMNet, from a waveform to its answers on one scale."""

    def answers(self, waveform: Float32) -> tuple[Float32, npt.NDArray[np.bool_]]:
        """Hear a waveform.

        Parameters
        ----------
        waveform : ndarray of float32, shape (samples,)
            Mono audio at SAMPLE_RATE, at least 0.7 s.

        Returns
        -------
        answers : ndarray of float32, shape (columns, YAMNET_CHANNELS)
            Not negative, the mean of YAMNet's two rows.
        heard : ndarray of bool, shape (columns,)
            Where there is sound.
        """
        levels = yamnet_log_mel(waveform)
        answers: Float32 = self.ask(levels).mean(axis=0)
        return answers, heard_columns(levels, len(answers))


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
        answers : ndarray of float32, shape (columns, channels)
            What they were learned behind.

        Returns
        -------
        ndarray of float32, shape (columns, classes)
            Signed.
        """
        weighed: Float32 = self.units(answers) @ self.kernel + self.bias
        return weighed

    def units(self, answers: Float32) -> Float32:
        """Compute the rectified units, (columns, units), of answers, (columns, channels)."""
        return np.maximum(answers @ self.units_kernel + self.units_bias, np.float32(0))


def _counted(heard: npt.NDArray[np.bool_]) -> Float32:
    """Tell how much each column counts, (columns, 1): not at all without sound, 1 on average."""
    share = np.float32(len(heard) / heard.sum())
    return (share * heard[:, np.newaxis]).astype(np.float32)


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
class Hearing:
    """What an ear hears in a sound.

    Attributes
    ----------
    answers : Answers
        For whoever asks something else.
    evidence : ndarray of float32, shape (columns, classes)
        Signed; 0 where there is no sound, and scaled so that the mean over all columns is
        the mean over those with sound: the score of each genre.
    """

    answers: Answers
    evidence: Float32

    def on_map(self, frames: Float64) -> Float32:
        """Read the evidence at the columns of another network's map.

        Parameters
        ----------
        frames : ndarray of float64, shape (columns,)
            Centres of those columns, in frames of our pictures.

        Returns
        -------
        ndarray of float32, shape (columns, classes)
            Moved by a constant for each class, so that its mean is the score of every genre:
            reading between the columns alone would change it by a little.
        """
        read = at_frames(self.evidence, frames)
        return read + (self.evidence.mean(axis=0) - read.mean(axis=0))


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
        """Weights of both dense layers, (units, classes), as `units` are in order."""
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
        yamnet, heard = self.trunk.answers(waveform)
        tagged = np.zeros((len(yamnet), 0), np.float32)
        if self.tagger is not None:
            tagged = self.tagger.answers(waveform, len(yamnet))
        return Answers(yamnet, tagged, heard)

    def _shared_out(self, answers: Answers) -> list[tuple[EarWeights, Float32]]:
        """Give each what it was learned behind."""
        given = (saturated(answers.yamnet), answers.tagger)
        return list(zip(self._weights, given, strict=False))

    def hear(self, waveform: Float32) -> Hearing:
        """Weigh what speaks for every genre at every moment.

        Parameters
        ----------
        waveform : ndarray of float32, shape (samples,)
            Mono audio at SAMPLE_RATE.

        Returns
        -------
        Hearing
            The evidence, and what it was weighed from.
        """
        answers = self.answers(waveform)
        by_class = [weights.by_class(given) for weights, given in self._shared_out(answers)]
        evidence: Float32 = np.sum(by_class, axis=0, dtype=np.float32) * _counted(answers.heard)
        return Hearing(answers, evidence)

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
        ndarray of float32, shape (columns, units)
            Not negative. Through `kernel` they are the evidence that `Hearing.on_map`
            gives, but for what is added to a class wherever there is sound: its bias, and a
            constant.
        """
        units = [weights.units(given) for weights, given in self._shared_out(answers)]
        return at_frames(np.concatenate(units, axis=1) * _counted(answers.heard), frames)

    def evidence(self, waveform: Float32) -> Float32:
        """Weigh what speaks for every genre, and keep nothing else of `hear`."""
        return self.hear(waveform).evidence
