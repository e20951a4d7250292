"""The row of one song."""

from typing import Any, Final

from model.audio.clip import AudioError, decode
from model.networks.classifier import Classifier
from model.songs.whole_song import hear_song, verdict_of

# Values by the names of model.songs.table.COLUMNS; what is not in it is not known.
Row = dict[str, Any]

# Errors that may pass when the same file is tried again.
FAILED: Final = "failed"
UNREADABLE: Final = "unreadable"
PASSING: Final = frozenset({FAILED, UNREADABLE, "no-decoder", "timeout"})


def row_of_song(data: bytes, classifier: Classifier) -> Row:
    """Hear a whole song.

    Parameters
    ----------
    data : bytes
        The file.
    classifier : Classifier
        From `load_classifier`.

    Returns
    -------
    Row
        The verdict; or, for a file that cannot be used, "error" in words for the user and
        "error_code", that of the AudioError.
    """
    row: Row = {
        "bytes": len(data),
        "model": classifier.name,
        "model_sha256": classifier.sha256,
    }
    try:
        clip = decode(data)
        verdict = verdict_of(hear_song(clip, classifier))
    except AudioError as error:
        return {**row, "error": str(error), "error_code": error.code}
    (genre, probability), (second, second_probability), *_ = verdict.mean.ranking
    return {
        **row,
        "seconds": round(clip.seconds, 3),
        "windows": verdict.windows,
        "genre": genre,
        "probability": probability,
        "second_genre": second,
        "second_probability": second_probability,
        **dict(verdict.mean.ranking),
        "note": " ".join(clip.notes) or None,
    }
