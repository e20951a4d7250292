"""Everything about Earmark that is true without a browser.

>>> from model import analyse, decode, load_classifier, prepare
>>> clip = decode(open("song.mp3", "rb").read(), "song.mp3")  # doctest: +SKIP
>>> analysis = analyse(prepare(clip), load_classifier())  # doctest: +SKIP
>>> analysis.top, analysis.sounds("fine", analysis.top).wav("kept")  # doctest: +SKIP
"""

from model.analysis import Analysis, Excerpt, analyse, prepare
from model.audio import AudioError, Clip, decode, encode_wav
from model.classifier import Classifier, load_classifier
from model.constants import GENRES
from model.explain import METHODS
from model.reconstruct import Sounds

__all__ = [
    "GENRES",
    "METHODS",
    "Analysis",
    "AudioError",
    "Classifier",
    "Clip",
    "Excerpt",
    "Sounds",
    "analyse",
    "decode",
    "encode_wav",
    "load_classifier",
    "prepare",
]
