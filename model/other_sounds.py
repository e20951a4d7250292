"""What else is heard in a song: the sounds of AudioSet of which YAMNet is sure.

YAMNet (see `model.networks.yamnet`) answers for every 0.32 s. As its authors do, three answers in
a row, 0.96 s, are averaged before one dense layer gives every one of 521 sounds a probability of
its own. It knows nothing of our ten genres and learned from other recordings, so it tells speech,
birds or applause from music where the network of genres, which knows only music, cannot. An ear
(see `model.networks.ear`) has asked it already for the verdict, and its answers serve here again.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from model.analysis import Analysis
from model.networks.shipped import load_stored
from model.types import Float32

# A sound is heard where its probability is above this, and named if that is so for this share.
SURE: Final = 0.5
_OFTEN: Final = 0.1
# So many are named, those heard most of the time.
MOST_NAMED: Final = 3
_COLUMNS_A_PATCH: Final = 3
_MUSIC: Final = "Music"
# What every song is, and the names of genres and moods, which are the other network's business.
_UNTOLD: Final = (_MUSIC, "Musical instrument", "Song")
_GENRES_FROM, _GENRES_TO = "Pop music", "Scary music"


@dataclass(frozen=True)
class OtherSounds:
    """What YAMNet hears in an excerpt.

    Attributes
    ----------
    names : tuple of str
        Sounds that are no genre, those heard most of the time first.
    music, other : float
        Mean probability of the most probable kind of music, and of the most probable other sound.
    """

    names: tuple[str, ...]
    music: float
    other: float

    @property
    def is_hardly_music(self) -> bool:
        """Whether some other sound is more probable than any music, so that a genre says little.

        A comparison, for the probabilities of harsh music can be low throughout.
        """
        return self.other > self.music


@lru_cache(maxsize=1)
def _dense() -> tuple[Float32, Float32, tuple[str, ...]]:
    """Load weights and biases of the dense layer, and the names of its sounds."""
    card, network = load_stored("yamnet-sounds")
    kernel, bias = network.layers[network.output].weights
    return kernel, bias, tuple(card["sounds"])


def _patches(answers: Float32) -> Float32:
    """Average every three columns in a row, (columns, channels); all where there are fewer."""
    width = min(_COLUMNS_A_PATCH, len(answers))
    windows = np.lib.stride_tricks.sliding_window_view(answers, width, axis=0)
    means: Float32 = windows.mean(axis=-1, dtype=np.float32)
    return means


def named(probabilities: Float32, sounds: tuple[str, ...]) -> OtherSounds:
    """Choose the sounds to name.

    Parameters
    ----------
    probabilities : ndarray of float32, shape (moments, sounds)
        Of every sound at every moment.
    sounds : tuple of str
        Their names.

    Returns
    -------
    OtherSounds
        At most MOST_NAMED names, in plain words.
    """
    share = (probabilities > SURE).mean(axis=0)
    mean = probabilities.mean(axis=0)
    music, moods_end = sounds.index(_MUSIC), sounds.index(_GENRES_TO) + 1
    is_music = np.zeros(len(sounds), bool)
    is_music[music:moods_end] = True
    left_out = {*_UNTOLD, *sounds[sounds.index(_GENRES_FROM) : moods_end]}
    order = [i for i in np.argsort(-share, kind="stable") if share[i] >= _OFTEN]
    names = [plain_name(sounds[i]) for i in order if sounds[i] not in left_out]
    return OtherSounds(
        tuple(dict.fromkeys(names))[:MOST_NAMED],
        float(mean[is_music].max()),
        float(mean[~is_music].max()),
    )


def plain_name(sound: str) -> str:
    """Shorten AudioSet's name of a sound to what one would say: "bird", "guitar"."""
    name = sound.partition(",")[0].partition("(")[0].strip()
    return name if name.isupper() else name[:1].lower() + name[1:]


def sounds_in(answers: Float32) -> OtherSounds:
    """Put YAMNet's dense layer behind its answers; the first call loads the layer.

    Parameters
    ----------
    answers : ndarray of float32, shape (columns, YAMNET_CHANNELS)
        As `Trunk.answers` gives them, of at least one column.

    Returns
    -------
    OtherSounds
        What YAMNet is sure of.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    """
    kernel, bias, sounds = _dense()
    # The sigmoid, in a form that no score is too large for
    probabilities = 0.5 + 0.5 * np.tanh((_patches(answers) @ kernel + bias) / 2)
    return named(probabilities.astype(np.float32), sounds)


def hear_sounds(analysis: Analysis) -> OtherSounds:
    """Hear what else there is in an excerpt, where it is not silent.

    Parameters
    ----------
    analysis : Analysis
        Of the excerpt. YAMNet goes on from what an ear has asked it for the verdict.

    Returns
    -------
    OtherSounds
        As `sounds_in` returns it.

    Raises
    ------
    WeightsError
        If weights or cards are missing or do not belong together.
    """
    return sounds_in(analysis.yamnet_answers)
