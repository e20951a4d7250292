"""Names for parts, made from their statistics over the songs that they were learned from.

A part of the network on pictures is named by how it sounds in time and by its range of pitch:
"steady, 2 to 5 kHz". The ear tells pitch less well, so a part of it is named by the sound of
AudioSet that YAMNet hears at its moments more than elsewhere.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from model.audio.spectrogram import mel_frequencies
from model.constants import GENRES, N_MELS
from model.explain.grid import MapGrid, to_spectrogram
from model.explain.parts import divide
from model.genre_portraits.tracks import percussive_share, pulse_of, relevant_onsets
from model.networks.places import TOGETHER
from model.networks.shipped import load_checked
from model.other_sounds import plain_name
from model.training.part_songs import HeardSong
from model.types import Float32, Float64
from model.verdict_parts import EAR, PICTURES

# Songs of each genre whose rhythm is measured.
_MEASURED: Final = 16
# Between these quantiles of its evidence lies the pitch that a part is named by.
_RANGE: Final = (0.15, 0.85)
# A range of more bands than this share is all of pitch.
_WHOLE: Final = 0.72
_LOWEST_HZ, _HIGHEST_HZ, _KILO = 100.0, 9_000.0, 1_000.0
# Of all parts, those above this quantile are named by it.
_UPPER: Final = 2 / 3
# Sounds of YAMNet that are kept on the card.
_NAMED: Final = 4
# Of AudioSet, in its own order, the voices and the instruments, each behind the first of these
# names and before the second.
_TOLD: Final = (("Speech", "Whistling"), ("Musical instrument", "Pop music"))

Facts = dict[str, Any]


def describe_parts(
    songs: Mapping[str, Sequence[HeardSong]],
    made_of: Mapping[tuple[str, str], Float32],
    kernels: Mapping[str, Float32],
    grid: MapGrid,
) -> dict[str, list[Facts]]:
    """Measure and name the parts of every genre.

    Parameters
    ----------
    songs : mapping of str to sequence of HeardSong
        Of each genre.
    made_of : mapping of (str, str) to ndarray
        By genre and head, the parts, (parts, channels).
    kernels : mapping of str to ndarray
        The dense layer of each head, (channels, classes).
    grid : MapGrid
        Where the cells of the maps lie.

    Returns
    -------
    dict of str to list of dict
        By genre, in the order of the parts: "head", "share" of all that speaks for the genre,
        the statistics, and "name".
    """
    sounds = _Sounds(grid)
    heard = {genre: [sounds.at(song) for song in own] for genre, own in songs.items()}
    # Every genre alike.
    usual: Float64 = np.stack(
        [np.mean([each.mean(axis=0) for each in found], axis=0) for found in heard.values()]
    ).mean(axis=0, dtype=np.float64)
    described: dict[str, list[Facts]] = {}
    for genre, own in songs.items():
        index = GENRES.index(genre)
        maps = {
            head: [
                divide(song.of(head), kernels[head], index, made_of[genre, head]).maps
                for song in own
            ]
            for head in (PICTURES, EAR)
        }
        over_time = [
            found.reshape(len(found), -1, song.columns).sum(axis=1)
            for song, found in zip(own, maps[EAR], strict=True)
        ]
        facts = [
            *_of_pictures(own, maps[PICTURES], grid),
            *_of_the_ear(heard[genre], over_time, usual, sounds),
        ]
        added = np.concatenate(
            [np.mean([found.mean(axis=1) for found in maps[head]], axis=0) for head in maps]
        )
        for one, value in zip(facts, added / added.sum(), strict=True):
            one["share"] = round(float(value), 4)
        described[genre] = facts
    _name_all(described)
    return described


def _of_pictures(songs: Sequence[HeardSong], maps: Sequence[Float32], grid: MapGrid) -> list[Facts]:
    bands = np.arange(N_MELS, dtype=float)
    profiles: list[Float64] = []
    moving: list[list[tuple[float, float, float]]] = []
    for song, found in zip(songs, maps, strict=True):
        cells = found.reshape(len(found), song.rows, -1)
        drawn = to_spectrogram(cells, grid, bands, np.arange(song.levels.shape[1], dtype=float))
        total = drawn.sum(axis=(1, 2), dtype=np.float64)
        profiles.append(drawn.sum(axis=2) / np.maximum(total, 1e-9)[:, np.newaxis])
        if len(moving) < _MEASURED:
            moving.append([_moves(*pair, song.levels) for pair in zip(cells, drawn, strict=True)])
    profile = np.mean(profiles, axis=0)
    figures = np.nanmean(np.array(moving), axis=0)
    hertz = mel_frequencies()
    facts: list[Facts] = []
    for shares, (percussive, pulse, comes_and_goes) in zip(profile, figures, strict=True):
        cumulated = np.cumsum(shares) / shares.sum()
        low, high = (int(np.searchsorted(cumulated, edge)) for edge in _RANGE)
        facts.append(
            {
                "head": PICTURES,
                "low_hz": round(float(hertz[low])),
                "high_hz": round(float(hertz[min(high, N_MELS - 1)])),
                "bands": int(high - low),
                "percussive": round(float(percussive), 3),
                "pulse": round(float(pulse), 3),
                "comes_and_goes": round(float(comes_and_goes), 3),
            }
        )
    return facts


def _moves(cells: Float32, drawn: Float32, levels: Float32) -> tuple[float, float, float]:
    """Measure one part in one song: percussive share, pulse, and how much it comes and goes."""
    if cells.sum() <= 0:
        return np.nan, np.nan, np.nan
    over_time = cells.sum(axis=0, dtype=np.float64)
    onsets = relevant_onsets(drawn, levels, len(cells)).sum(axis=0)
    return (
        percussive_share(drawn, levels),
        pulse_of(onsets),
        float(over_time.std() / over_time.mean()),
    )


class _Sounds:
    """What YAMNet hears at every column of the maps of a song."""

    def __init__(self, grid: MapGrid) -> None:
        card, dense = load_checked("yamnet-sounds")
        self._kernel, self._bias = (np.asarray(each, np.float32) for each in dense.get_weights())
        self._grid = grid
        self.names: tuple[str, ...] = tuple(card["sounds"])
        places = [(self.names.index(first), self.names.index(last)) for first, last in _TOLD]
        self.told = np.array(
            [
                any(first < place < last for first, last in places)
                for place in range(len(self.names))
            ]
        )

    def at(self, song: HeardSong) -> Float32:
        """Return probabilities, (columns of the map, sounds)."""
        # Three columns in a row are one patch of YAMNet's.
        padded = np.pad(song.answers, ((1, 1), (0, 0)), mode="edge")
        means = (padded[:-2] + padded[1:-1] + padded[2:]) / 3
        found: Float32 = np.tanh((means @ self._kernel + self._bias) / 2).astype(np.float32)
        frames = self._grid.frames(song.columns)
        return TOGETHER.at(np.float32(0.5) + found / np.float32(2), frames)


def _of_the_ear(
    probabilities: Sequence[Float32], maps: Sequence[Float32], usual: Float64, sounds: _Sounds
) -> list[Facts]:
    """Find what YAMNet hears where a part is strong, more than elsewhere and in other parts."""
    weighed, moving = [], []
    for found, parts in zip(probabilities, maps, strict=True):
        total = np.maximum(parts.sum(axis=1, keepdims=True), 1e-9)
        weighed.append(parts / total @ found)
        moving.append(parts.std(axis=1) / np.maximum(parts.mean(axis=1), 1e-9))
    means: Float64 = np.stack(weighed).mean(axis=0, dtype=np.float64)
    facts: list[Facts] = []
    for part, own in enumerate(means):
        others = np.delete(means, part, axis=0)
        ahead = own - np.mean([usual, *others], axis=0)
        order = [i for i in np.argsort(-ahead, kind="stable") if sounds.told[i]][:_NAMED]
        facts.append(
            {
                "head": EAR,
                "sounds": [
                    {
                        "name": plain_name(sounds.names[i]),
                        "probability": round(float(own[i]), 3),
                        "usual": round(float(usual[i]), 3),
                    }
                    for i in order
                ],
                "comes_and_goes": round(float(np.mean(moving, axis=0)[part]), 3),
            }
        )
    return facts


def _name_all(described: Mapping[str, Sequence[Facts]]) -> None:
    """Name every part; how it sounds in time is told by comparison with all other parts."""
    seen = [one for parts in described.values() for one in parts if one["head"] == PICTURES]
    hits, beats = (
        float(np.quantile([one[key] for one in seen], _UPPER)) for key in ("percussive", "pulse")
    )
    swells = float(np.median([one["comes_and_goes"] for one in seen]))
    for parts in described.values():
        taken: set[str] = set()
        for one in parts:
            if one["head"] == PICTURES:
                if one["percussive"] >= hits:
                    manner = "hits"
                elif one["pulse"] >= beats:
                    manner = "in a beat"
                else:
                    manner = "steady" if one["comes_and_goes"] <= swells else "now and then"
                choices = [f"{manner}, {pitch_words(one)}"]
            else:
                choices = [f"moments with {sound['name']}" for sound in one["sounds"]]
            name = next((each for each in choices if each not in taken), choices[0])
            number = 2
            while name in taken:
                name, number = f"{choices[0]} ({number})", number + 1
            taken.add(name)
            one["name"] = name


def pitch_words(facts: Mapping[str, Any]) -> str:
    """Say in a few words where in pitch a part lies: "2 to 5 kHz", "below 300 Hz"."""
    if facts["bands"] >= _WHOLE * N_MELS:
        return "all pitches"
    low, high = facts["low_hz"], facts["high_hz"]
    if low < _LOWEST_HZ:
        return f"below {_frequency(high)}"
    if high > _HIGHEST_HZ:
        return f"above {_frequency(low)}"
    lower, upper = _frequency(low), _frequency(high)
    if lower.split()[1] == upper.split()[1]:
        lower = lower.split()[0]
    return f"{lower} to {upper}"


def _frequency(hertz: float) -> str:
    """Round a frequency to what one would say."""
    if hertz < _KILO:
        step = 50 if hertz >= 2 * _LOWEST_HZ else 10
        return f"{step * round(hertz / step)} Hz"
    return f"{hertz / _KILO:.2g} kHz" if hertz < 10 * _KILO else f"{hertz / _KILO:.0f} kHz"
