"""The ten samples: what each is, whose it is, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass

from model.sample_clips.excerpt import Excerpt
from model.sample_clips.mixer import Arrangement
from model.sample_clips.scores import blues, classical, country, disco, hiphop, jazz, pop, reggae

_SONGS = "usr/share/games/fretsonfire/data/songs"


@dataclass(frozen=True)
class Recording:
    """A recording of someone else, and the licence that lets us ship a part of it."""

    genre: str
    title: str
    author: str
    licence: str
    source: str
    note: str
    excerpt: Excerpt


SCORES: dict[str, Callable[[], Arrangement]] = {
    "blues": blues.arrangement,
    "classical": classical.arrangement,
    "country": country.arrangement,
    "disco": disco.arrangement,
    "hiphop": hiphop.arrangement,
    "jazz": jazz.arrangement,
    "pop": pop.arrangement,
    "reggae": reggae.arrangement,
}

RECORDINGS = (
    Recording(
        genre="metal",
        title="Armygeddon",
        author="Muldjord (El Senator, www.muldjord.com)",
        licence="CC BY-SA 3.0",
        source="Debian package fretsonfire-songs-muldjord",
        note="A song of a Danish metal band, with a growling voice; an 18-second excerpt.",
        excerpt=Excerpt(
            package="fretsonfire-songs-muldjord",
            files=(
                f"{_SONGS}/muldjord/armygeddon/song.ogg",
                f"{_SONGS}/muldjord/armygeddon/guitar.ogg",
            ),
            start=40.0,
            seconds=18.0,
        ),
    ),
    Recording(
        genre="rock",
        title="Feelings",
        author="Sectoid (Carlos Viola Iborra)",
        licence="MIT",
        source="Debian package fretsonfire-songs-sectoid",
        note="Lead guitar over a slow, heavy beat; an 18-second excerpt.",
        excerpt=Excerpt(
            package="fretsonfire-songs-sectoid",
            files=(
                f"{_SONGS}/sectoid/Feelings/song.ogg",
                f"{_SONGS}/sectoid/Feelings/guitar.ogg",
            ),
            start=238.0,
            seconds=18.0,
        ),
    ),
)

GENRES = tuple(sorted([*SCORES, *(recording.genre for recording in RECORDINGS)]))
