"""What the columns of the table of songs hold, in words for whoever opens the file."""

from typing import Final

from model.constants import GENRES

# By the names of model.songs.table.COLUMNS.
MEANINGS: Final[dict[str, str]] = {
    "file": "path of the song in the folder; bytes of a name that are not UTF-8 stand as \\xe9",
    "bytes": "size of the file",
    "modified_ns": "when the file was last changed, in nanoseconds since the beginning of 1970",
    "seconds": "length of the sound that was read, at most the first ten minutes",
    "windows": "number of half minutes that were heard; silent ones are left out",
    "genre": "most probable genre of the whole song",
    "probability": "how probable the network finds that genre, 0 to 1",
    "second_genre": "second most probable genre",
    "second_probability": "how probable the network finds the second genre, 0 to 1",
    **{
        name: f"how probable the network finds {name}, 0 to 1; all ten add up to 1"
        for name in GENRES
    },
    "note": "what was remarkable when the file was read",
    "error": "why there is no verdict; empty where there is one",
    "error_code": "the same as one word, for programs",
    "model": "name of the network",
    "model_sha256": "SHA-256 of the network's weights",
}
