"""What the parts of a genre are learned from: songs, heard through both heads of the network."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import soundfile

from model.constants import SAMPLE_RATE
from model.gtzan.labelled_songs import LabelledSong, read_sound
from model.networks.classifier import Classifier
from model.training.heard_excerpts import filled
from model.types import Float32
from model.verdict_parts import PICTURES

# What is shorter is taken only where there is not enough else, and repeated to this length.
_SHORT_SECONDS: Final = 6.0


@dataclass(frozen=True, eq=False)
class HeardSong:
    """What the dense layers of both heads are given of a song.

    Attributes
    ----------
    name, group : str
        Of the song, and of its artist or source.
    rows : int
        Of the map of the network on pictures.
    pictures : ndarray of float32, shape (rows * columns, channels)
        Its last map, cell by cell.
    ear : ndarray of float32, shape (rows of the ear * columns, units)
        Of the ear, on its own rows and the same columns, cell by cell.
    levels : ndarray of float32, shape (N_MELS, frames)
        The spectrogram, in dB at NETWORK_HOP.
    answers : ndarray of float32, shape (columns of YAMNet, channels)
        Of YAMNet's last layer, not negative.
    """

    name: str
    group: str
    rows: int
    pictures: Float32
    ear: Float32
    levels: Float32
    answers: Float32

    @property
    def columns(self) -> int:
        """Columns of both maps."""
        return len(self.pictures) // self.rows

    def of(self, head: str) -> Float32:
        """Return what one head's dense layer is given, (cells, channels)."""
        return self.pictures if head == PICTURES else self.ear


def choose_songs(
    places: Sequence[Sequence[LabelledSong]], genre: str, most: int, seed: int
) -> list[LabelledSong]:
    """Draw songs of a genre, from each data set alike as far as they reach.

    Parameters
    ----------
    places : sequence of sequences of LabelledSong
        The songs of each data set.
    genre : str
        One of GENRES.
    most : int
        How many.
    seed : int
        Of the draw.

    Returns
    -------
    list of LabelledSong
        Another artist or source each as long as there are such, longer songs before those of a
        few seconds.
    """
    rng = np.random.default_rng(seed)
    queues = []
    for songs in places:
        own = [song for song in songs if song.genre == genre]
        own = [own[index] for index in rng.permutation(len(own))]
        seen: dict[str, int] = {}
        turns = []
        for song in own:
            seen[song.group] = seen.get(song.group, 0) + 1
            turns.append((_seconds(song) < _SHORT_SECONDS, seen[song.group]))
        order = sorted(range(len(own)), key=lambda index: turns[index])
        queues.append([(turns[index], own[index]) for index in order])
    chosen: list[LabelledSong] = []
    # Long ones of all data sets before short ones of any.
    for short in (False, True):
        waiting = [[song for turn, song in queue if turn[0] == short] for queue in queues]
        while any(waiting) and len(chosen) < most:
            for queue in waiting:
                if queue and len(chosen) < most:
                    chosen.append(queue.pop(0))
    return chosen


def _seconds(song: LabelledSong) -> float:
    info = soundfile.info(song.files[0])
    return float(info.frames / info.samplerate)


def hear_song(classifier: Classifier, song: LabelledSong, seconds: float) -> HeardSong:
    """Hear the middle of a song's first file."""
    sound = read_sound(song.files[0])
    size = round(seconds * SAMPLE_RATE)
    start = max(0, (len(sound) - size) // 2)
    return hear_sound(classifier, sound[start : start + size], song.name, song.group)


def hear_sound(classifier: Classifier, sound: Float32, name: str, group: str) -> HeardSong:
    """Hear a sound through both heads; what is shorter than 6 s is repeated.

    Raises
    ------
    ValueError
        If the network has no ear.
    """
    if classifier.ear is None or classifier.eyes is None:
        raise ValueError(f"{classifier.name} has no ear.")
    waveform: Float32 = np.asarray(filled(sound, round(_SHORT_SECONDS * SAMPLE_RATE)), np.float32)
    prediction = classifier.hear(waveform)
    rows, columns, _ = prediction.feature_maps.shape
    seen = prediction.feature_maps[..., : len(classifier.eyes.kernel)]
    units = classifier.units_heard(waveform, prediction)
    # Without an ear there would have been none.
    answers = np.zeros((1, 0), np.float32)
    if prediction.answers is not None:
        answers = classifier.ear.trunk.deeper(prediction.answers.yamnet)
    return HeardSong(
        name,
        group,
        rows,
        seen.reshape(rows * columns, -1),
        units.reshape(-1, units.shape[-1]),
        prediction.levels,
        answers,
    )
