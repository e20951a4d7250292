"""The samples that ship, as songs to learn from."""

import json
from pathlib import Path

from model.gtzan.labelled_songs import LabelledSong

_SAMPLES = Path(__file__).parents[3] / "assets" / "samples"


def own_songs() -> list[LabelledSong]:
    """List one song for each genre."""
    listed = json.loads((_SAMPLES / "samples.json").read_text(encoding="utf-8"))
    return [
        LabelledSong(each["file"], each["genre"], each["file"], (_SAMPLES / each["file"],))
        for each in listed
    ]
