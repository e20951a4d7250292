"""Agreement of the verdicts on stored pictures and on real audio.

The network learned from pictures made by others; the app makes its own from audio.
This compares the app's whole path, starting at the bytes of a file, with the pictures.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.analysis import analyse
from model.audio.excerpt import prepare
from model.gtzan.clips import full_length_clips
from model.gtzan.pictures import load_pictures
from model.networks.classifier import Classifier


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


def compare(
    folder: Path, classifier: Classifier, names: Collection[str] | None = None
) -> Iterator[Comparison]:
    """Compare both ways on every full-length clip.

    Parameters
    ----------
    folder : Path
        GTZAN with audio and stored pictures.
    classifier : Classifier
        The network to ask.
    names : collection of str, optional
        Only these tracks.

    Yields
    ------
    Comparison
        One a clip, in the order of their names.

    Raises
    ------
    FileNotFoundError
        If there are no full-length clips.
    """
    pictures = load_pictures(folder)
    for clip in full_length_clips(folder, names):
        analysis = analyse(prepare(clip), classifier)
        prediction = classifier.predict(pictures.of([clip.name]).levels(0))
        yield Comparison(
            name=clip.name,
            from_audio=analysis.verdict.top,
            from_picture=classifier.genres[int(prediction.logits.argmax())],
            difference=float(
                np.abs(analysis.verdict.probabilities - prediction.probabilities).max()
            ),
        )
