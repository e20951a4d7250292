"""Everything about Earmark that is true without a browser.

>>> from model import analyse, decode, load_classifier, prepare
>>> clip = decode(open("song.mp3", "rb").read(), "song.mp3")  # doctest: +SKIP
>>> analysis = analyse(prepare(clip), load_classifier())  # doctest: +SKIP
>>> (
...     analysis.verdict.top,
...     analysis.sounds("fine", analysis.verdict.top).wav("kept"),
... )  # doctest: +SKIP
"""

from model.analysis import Analysis, analyse
from model.audio.clip import AudioError, Clip, decode, encode_wav
from model.audio.excerpt import Excerpt, prepare
from model.audio.masking import Sounds
from model.constants import GENRES
from model.explain.methods import METHODS
from model.networks.classifier import Classifier, load_classifier

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
