"""Made sounds of a genre: found by gradient ascent, rendered, levelled and judged again."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import librosa
import numpy as np
import soundfile

from model.audio.clip import decode
from model.audio.spectrogram import log_mel
from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.genre_portraits.ascent import Climb, Source, climb, levels_from, look_at
from model.genre_portraits.canvas import Canvas, griffin_lim
from model.genre_portraits.instrument import Instrument
from model.genre_portraits.loop import FINER, Loop
from model.genre_portraits.synthesis import render
from model.networks.classifier import Classifier
from model.types import Float32

if TYPE_CHECKING:
    import keras


INSTRUMENT, SPECTROGRAM = "instrument", "spectrogram"
SHORTEST: Final = 6.5  # s

# Loudness of the sounds, unless that would bring a peak above what coding leaves room for.
_RMS_DBFS, _PEAK_DBFS = -20.0, -2.5
_FADE_IN, _FADE_OUT = 0.01, 0.25  # s
# Of Vorbis, from 0, the best, to 1.
_COMPRESSION: Final = 0.6


@dataclass(frozen=True)
class Take:
    """One way to make a sound of every genre.

    Attributes
    ----------
    kind : str
        INSTRUMENT or SPECTROGRAM: what the gradients move.
    frames_per_step : int
        Of the loop; decides the tempo.
    moves : int
        Steps of the climb.
    """

    kind: str
    frames_per_step: int
    moves: int


# Every genre gets the same tempi, so that all differences come from the network.
TAKES: Final = (Take(INSTRUMENT, 6, 40), Take(INSTRUMENT, 5, 40), Take(SPECTROGRAM, 6, 15))


@dataclass(frozen=True, eq=False)
class MadeSound:
    """A sound made for a genre, with the network's verdict on it.

    Attributes
    ----------
    genre : str
        The genre that was climbed for.
    take : Take
        How it was made.
    seed : int
        Of the take.
    ogg : bytes
        The sound as a Vorbis file.
    wanted : float
        Probability of the genre for the spectrogram at the end of the climb.
    heard : ndarray of float32, shape (classes,)
        Probabilities for the file, decoded and read by the app's front end.
    waveform : ndarray of float32, shape (samples,)
        The decoded file.
    """

    genre: str
    take: Take
    seed: int
    ogg: bytes
    wanted: float
    heard: Float32
    waveform: Float32

    def as_json(self, file: str, genres: tuple[str, ...]) -> dict[str, Any]:
        """Return the facts about the sound as plain values."""
        loop = Loop(self.take.frames_per_step)
        return {
            "file": file,
            "kind": self.take.kind,
            "seed": self.seed,
            "beats_per_minute": round(loop.beats_per_minute, 1),
            "seconds": round(len(self.waveform) / SAMPLE_RATE, 2),
            "probability_of_spectrogram": round(self.wanted, 4),
            "probabilities_of_sound": {
                genre: round(float(probability), 4)
                for genre, probability in zip(genres, self.heard, strict=True)
            },
            **numbers_of(self.waveform),
        }


def numbers_of(waveform: Float32) -> dict[str, float]:
    """Describe a sound: level and peak in dBFS, spectral centroid in Hz, flatness 0 to 1."""
    return {
        "level_dbfs": round(20 * float(np.log10(np.sqrt(np.square(waveform).mean()))), 1),
        "peak_dbfs": round(20 * float(np.log10(np.abs(waveform).max())), 1),
        "centroid_hz": round(
            float(librosa.feature.spectral_centroid(y=waveform, sr=SAMPLE_RATE).mean())
        ),
        "flatness": round(float(librosa.feature.spectral_flatness(y=waveform).mean()), 4),
    }


def levelled(waveform: Float32) -> Float32:
    """Bring a sound to _RMS_DBFS, or as near as _PEAK_DBFS allows, with soft ends."""
    gain = min(
        10 ** (_RMS_DBFS / 20) / float(np.sqrt(np.square(waveform).mean())),
        10 ** (_PEAK_DBFS / 20) / float(np.abs(waveform).max()),
    )
    done = waveform * np.float32(gain)
    rise, fall = (round(seconds * SAMPLE_RATE) for seconds in (_FADE_IN, _FADE_OUT))
    done[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    done[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)
    return done


def encode_ogg(waveform: Float32) -> bytes:
    """Encode mono audio at SAMPLE_RATE as Vorbis."""
    file = io.BytesIO()
    soundfile.write(
        file,
        waveform,
        SAMPLE_RATE,
        format="OGG",
        subtype="VORBIS",
        compression_level=_COMPRESSION,
    )
    return file.getvalue()


def make_sounds(
    network: "keras.Model", classifier: Classifier, take: Take, seed: int
) -> Iterator[MadeSound]:
    """Make one sound for every genre.

    Parameters
    ----------
    network : keras.Model
        To be climbed; the one behind `classifier`.
    classifier : Classifier
        To hear what came of it.
    take : Take
        How to make them.
    seed : int
        Of everything that is drawn.

    Yields
    ------
    MadeSound
        One a genre, in the classifier's order.
    """
    loop = Loop(take.frames_per_step)
    source: Source = Instrument(loop) if take.kind == INSTRUMENT else Canvas(loop)
    genres = classifier.genres
    settings = climb(network, source, range(len(genres)), Climb(take.moves, seed))
    repeats = loop.repeats(SHORTEST)
    for index, genre in enumerate(genres):
        own = [array[index : index + 1] for array in settings]
        power = source.power(own)
        seen = levels_from(look_at(power, 0.0, int(loop.frames * repeats / FINER)))
        if isinstance(source, Instrument):
            waveform = render(source, own, repeats, seed)
        else:
            rounds = np.tile(np.asarray(power)[0], (1, repeats))
            waveform = griffin_lim(np.append(rounds, rounds[:, :1], axis=1), seed)
        ogg = encode_ogg(levelled(waveform))
        heard = decode(ogg, f"{genre}.ogg").waveform
        yield MadeSound(
            genre=genre,
            take=take,
            seed=seed,
            ogg=ogg,
            wanted=float(classifier.predict(np.asarray(seen)[0]).probabilities[index]),
            heard=classifier.predict(log_mel(heard, NETWORK_HOP)).probabilities,
            waveform=heard,
        )
