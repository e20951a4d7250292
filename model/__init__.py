"""Everything about Earmark that is true without a browser.

>>> from model import analyse, decode, load_classifier, prepare
>>> clip = decode(open("song.mp3", "rb").read(), "song.mp3")  # doctest: +SKIP
>>> analysis = analyse(prepare(clip), load_classifier())  # doctest: +SKIP
>>> analysis.verdict.top, analysis.sounds("fine", "rock").wav("kept")  # doctest: +SKIP
"""

from importlib import import_module
from typing import Any, Final

# Loaded when first asked for: a program that needs one room does not wait for all of them, and
# the command line can answer Ctrl-C from its first moment on.
_PLACES: Final = {
    "GENRES": "model.constants",
    "METHODS": "model.explain.methods",
    "Analysis": "model.analysis",
    "AudioError": "model.audio.clip",
    "Classifier": "model.networks.classifier",
    "Clip": "model.audio.clip",
    "Excerpt": "model.audio.excerpt",
    "Sounds": "model.audio.masking",
    "analyse": "model.analysis",
    "decode": "model.audio.clip",
    "encode_wav": "model.audio.clip",
    "load_classifier": "model.networks.assembled",
    "prepare": "model.audio.excerpt",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted(_PLACES)
