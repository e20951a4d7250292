"""The verdict of the filters that are on, which the browser works out at every switch.

A score is a sum over the filters. So the browser gets what each of those with a switch adds, and
shows sum, probabilities and picture without those that are off, before the page has run again.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np

from model.analysis import Analysis
from model.export.player_payload import clip_id, pack
from model.filter_shares import shares_of_score
from pages.panels.stage import show_in_browser
from pages.words.phrases import genre_name, sentence

_LARGEST_LEVEL: Final = 2**15 - 1


def picture_name(analysis: Analysis, genre: str, gone: Collection[int] = ()) -> str:
    """Identify the picture of the filters that are on, as assets/player/switches.js does."""
    return f"filters cam {analysis.classifier.sha256} {genre} {sorted(gone)}"


def own_name(analysis: Analysis, channel: int, gone: Collection[int] = ()) -> str:
    """Identify one filter's own picture, as assets/player/switches.js does."""
    return f"filter {channel} {analysis.classifier.sha256}{' off' if channel in gone else ''}"


def picture_title(genre: str, total: int, gone: int) -> str:
    """Call a picture by how many filters are on."""
    return _titles(genre, total)["some" if gone else "all"].format(on=total - gone)


def _titles(genre: str, total: int) -> dict[str, str]:
    whom = f"filters, for {genre_name(genre)}"
    return {"all": f"All {total} {whom}", "some": f"{{on}} of {total} {whom}"}


def show_switched_verdict(
    analysis: Analysis, genre: str, listed: Sequence[int], control: str, key: str
) -> None:
    """Show what the filters that are on add up to, and the most probable genres.

    Parameters
    ----------
    analysis : Analysis
        With all filters.
    genre : str
        Whose score and picture it is.
    listed : sequence of int
        The filters with a switch.
    control : str
        What the keys of the switches begin with; the filter's number follows.
    key : str
        Of the element.
    """
    show_in_browser(pack_switches(analysis, genre, listed, control), key)


def pack_switches(analysis: Analysis, genre: str, listed: Sequence[int], control: str) -> bytes:
    """Pack what the browser needs; maps as 16-bit integers, each in steps of its own.

    Parameters
    ----------
    analysis, genre, listed, control
        As of `show_switched_verdict`.

    Returns
    -------
    bytes
        6 kB for every filter of a 30 s clip.
    """
    classifier, prediction = analysis.classifier, analysis.prediction
    channels = list(map(int, listed))
    index = classifier.genres.index(genre)
    maps = np.moveaxis(prediction.feature_maps[..., channels], -1, 0)
    peaks = np.abs(maps).max(axis=(1, 2), initial=0.0)
    steps = (np.where(peaks > 0, peaks, 1) / _LARGEST_LEVEL).astype(np.float32)
    total = prediction.feature_maps.shape[-1]
    header: dict[str, Any] = {
        "kind": "switches",
        "id": f"{clip_id(analysis.excerpt)} {control} {channels}",
        "clip": clip_id(analysis.excerpt),
        "control": control,
        "channels": channels,
        "picture": picture_name(analysis, genre).removesuffix(" []"),
        "titles": _titles(genre, total),
        "total": total,
        "names": [sentence(genre_name(name)) for name in classifier.genres],
        "noun": genre_name(genre),
        "genre": index,
        "bias": shares_of_score(analysis, genre)[1],
        "temperature": classifier.temperature,
    }
    arrays = {
        "all": np.asarray(analysis.map("cam", genre).values, np.float32),
        "maps": np.rint(maps / steps[:, np.newaxis, np.newaxis]).astype(np.int16),
        "steps": steps,
        "weights": classifier.kernel[channels, index].astype(np.float32),
        "scores": prediction.logits.astype(np.float32),
        "lost": (maps.mean(axis=(1, 2))[:, np.newaxis] * classifier.kernel[channels]).astype(
            np.float32
        ),
    }
    return pack(header, arrays)
