"""Whether a verdict needs all of what it claims to rest on: evidence in its place, and the ear.

A gate that decided alone would name a genre whatever evidence it lets through, and an ear that
decided alone would make the picture an ornament. So the evidence is rearranged at random below
the gate, in time and in pitch, and gate and ear are given those of another song.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from model.audio.silence import read_of
from model.networks.classifier import Classifier, weights_of
from model.types import Float32

if TYPE_CHECKING:
    import keras

CONDITIONS: Final = {
    "both": "as in the app",
    "pictures": "the network on pictures alone",
    "rearranged": "the same, its evidence rearranged below the gate in time and pitch",
    "other-gate": "the same, with the gate of another song",
    "ear": "the ear alone",
    "other-ear": "both, with the ear of another song",
}


@dataclass(frozen=True, eq=False)
class Insides:
    """What a network on pictures makes of one song before it is put together.

    Attributes
    ----------
    found : ndarray of float32, shape (rows, columns, channels)
        The evidence before the gate.
    gate : ndarray of float32, shape (1, columns, channels)
        How far it is open.
    ear : ndarray of float32, shape (classes,)
        Scores of the ear.
    """

    found: Float32
    gate: Float32
    ear: Float32


def open_up(classifier: Classifier) -> "keras.Model":
    """Build the network on pictures up to its evidence and its gate, with weights of its own."""
    import keras  # noqa: PLC0415  # takes seconds

    from model.networks.loading import load_network  # noqa: PLC0415  # likewise

    network = load_network(weights_of(classifier))
    return keras.Model(network.inputs, [network.get_layer(n).output for n in ("found", "gate")])


def look_inside(
    insides: "keras.Model", classifier: Classifier, songs: Iterable[tuple[Float32, Float32]]
) -> list[Insides]:
    """Run both networks on songs.

    Parameters
    ----------
    insides : keras.Model
        From `open_up`.
    classifier : Classifier
        With an ear.
    songs : iterable of tuple of ndarray
        Levels, (N_MELS, frames), and waveform of each.

    Returns
    -------
    list of Insides
        In the same order.

    Raises
    ------
    ValueError
        If there is no ear.
    """
    if classifier.ear is None:
        raise ValueError(f"{classifier.name} has no ear. Choose a network with one by --model.")
    result = []
    for levels, waveform in songs:
        found, gate = insides.predict_on_batch(read_of(levels)[np.newaxis, ..., np.newaxis])
        heard = classifier.ear.scores(waveform)
        result.append(Insides(np.asarray(found)[0], np.asarray(gate)[0], heard))
    return result


def rearranged(found: Float32, rng: np.random.Generator) -> Float32:
    """Put the cells of a map elsewhere, in time and pitch, each with all of its channels."""
    cells = found.reshape(-1, found.shape[-1])
    return cells[rng.permutation(len(cells))].reshape(found.shape)


def gate_of(other: Float32, columns: int) -> Float32:
    """Repeat or cut another song's gate, (1, its columns, channels), to a number of columns."""
    times = -(-columns // other.shape[1])
    return np.concatenate([other] * times, axis=1)[:, :columns]


def verdicts(
    songs: list[Insides], kernel: Float32, bias: Float32, seed: int = 0
) -> dict[str, npt.NDArray[np.int64]]:
    """Judge songs under every one of CONDITIONS.

    Parameters
    ----------
    songs : list of Insides
        At least two.
    kernel, bias : ndarray of float32, shapes (channels, classes) and (classes,)
        Of the dense layer of the network on pictures.
    seed : int
        Of what is rearranged, and of who the other song is.

    Returns
    -------
    dict
        By condition, the class of every song, (songs,).
    """
    rng = np.random.default_rng(seed)
    # A walk through all songs, each followed by another one.
    order = rng.permutation(len(songs))
    other = np.empty(len(songs), np.intp)
    other[order] = np.roll(order, -1)
    chosen: dict[str, list[int]] = {name: [] for name in CONDITIONS}
    for index, song in enumerate(songs):
        strange = songs[other[index]]
        seen = (song.found * song.gate).mean(axis=(0, 1)) @ kernel + bias
        moved = rearranged(song.found, rng) * song.gate
        gated = song.found * gate_of(strange.gate, song.found.shape[1])
        scores = {
            "both": seen + song.ear,
            "pictures": seen,
            "rearranged": moved.mean(axis=(0, 1)) @ kernel + bias,
            "other-gate": gated.mean(axis=(0, 1)) @ kernel + bias,
            "ear": song.ear,
            "other-ear": seen + strange.ear,
        }
        for name, each in scores.items():
            chosen[name].append(int(each.argmax()))
    return {name: np.array(each, np.int64) for name, each in chosen.items()}


def right_by_condition(
    found: dict[str, npt.NDArray[np.int64]], labels: npt.NDArray[np.int64]
) -> list[dict[str, Any]]:
    """Count right verdicts under each condition, with the mean over the genres that are there."""
    return [
        {
            "key": name,
            "what": CONDITIONS[name],
            "accuracy": float((each == labels).mean()),
            "mean_over_genres": float(
                np.mean([(each == labels)[labels == one].mean() for one in np.unique(labels)])
            ),
        }
        for name, each in found.items()
    ]
