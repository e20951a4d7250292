"""Whether stored pictures and real audio lead to the same verdict.

The network learned from pictures that others made; the app makes its own from audio.
This holds the app's own path, from the bytes of a file on, against the pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from model.analysis import analyse, prepare
from model.audio import decode
from model.classifier import Classifier
from model.training.data import UNREADABLE, load_pictures

# Clips shorter than this cannot be compared with the pictures of 30 s.
FULL_LENGTH_SECONDS: Final = 29.0


@dataclass(frozen=True)
class Comparison:
    """Verdicts on one clip.

    Attributes
    ----------
    name : str
        Track.
    from_audio, from_picture : str
        Most probable genre by the app's own path and by the stored picture.
    difference : float
        Largest difference of a probability.
    """

    name: str
    from_audio: str
    from_picture: str
    difference: float


def compare(folder: Path, classifier: Classifier) -> Iterator[Comparison]:
    """Compare both ways on every full-length clip.

    Parameters
    ----------
    folder : Path
        GTZAN with `clips` and stored pictures.
    classifier : Classifier
        The network to ask.

    Yields
    ------
    Comparison
        One a clip, in the order of their names.
    """
    pictures = load_pictures(folder)
    for path in sorted((folder / "clips").glob("*.ogg")):
        if path.stem in UNREADABLE:
            continue
        clip = decode(path.read_bytes(), path.name)
        if clip.seconds < FULL_LENGTH_SECONDS:
            continue
        analysis = analyse(prepare(clip), classifier)
        prediction = classifier.predict(pictures.of([path.stem]).levels(0))
        yield Comparison(
            name=path.stem,
            from_audio=analysis.top,
            from_picture=classifier.genres[int(prediction.logits.argmax())],
            difference=float(np.abs(analysis.probabilities - prediction.probabilities).max()),
        )
