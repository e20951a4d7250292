"""Teach a decoder of masks on a network that learned shuffled labels, for comparison.

::

    python -m model.training.shuffled_decoder --data PATH/TO/GTZAN --songs PATH/TO/SONGS --out RUN

Whatever such a decoder keeps, it has no genre to go by. If the app's network called that by the
same name as the whole, masks could keep a verdict without the places that carry it
(`python -m model played --shuffled RUN`). The network on pictures is that of
`python -m model sanity --shuffled RUN`, and is trained in the same folder unless it lies there.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from model.gtzan.labelled_songs import LabelledSong, gtzan_songs, listed_songs
from model.gtzan.splits import read_split
from model.networks.loading import load_network
from model.training.ear import EarRecipe, ear_network
from model.training.listenable import Excerpts, MaskRecipe, learn, learning_of
from model.training.shuffled import (
    DECODER_FILE,
    EAR_FILE,
    learn_or_load,
    read_with_ear,
)
from model.training.two_ears import learn_both, listeners

_PROTOCOL: Final = "random"
# One member and one altered version: with shuffled labels more would teach nothing.
_EAR: Final = EarRecipe(members=1, versions=1)


def with_shuffled_genres(songs: Sequence[LabelledSong], seed: int) -> list[LabelledSong]:
    """Shuffle the genres among the songs, so that each stays as frequent."""
    genres = np.random.default_rng(seed).permutation([song.genre for song in songs])
    return [replace(song, genre=str(genre)) for song, genre in zip(songs, genres, strict=True)]


def train(data: Path, songs: Path, out: Path, recipe: MaskRecipe, done: int = 0) -> None:
    """Teach what is missing in a folder: network, ear, and the decoder.

    Parameters
    ----------
    data, songs : Path
        GTZAN, and the songs from outside.
    out : Path
        A folder.
    recipe : MaskRecipe
        How the decoder learns; its seed is that of the shuffled genres, too.
    done : int
        How many steps the decoder that lies there has behind it.
    """
    own = gtzan_songs(data, read_split(data, f"{_PROTOCOL}_train"))
    outside = listed_songs(songs, "train")
    shuffled = with_shuffled_genres([*own, *outside], recipe.seed)
    pictures = learn_or_load(out, data, _PROTOCOL, recipe.seed)
    if not (out / EAR_FILE).is_file():
        origins = ["gtzan"] * len(own) + ["outside"] * len(outside)
        ear = learn_both(listeners(out / "features"), shuffled, origins, _EAR)
        ear_network(*ear).save(out / EAR_FILE)
    excerpts = Excerpts(shuffled, replace(recipe, seed=recipe.seed + done))
    begun = load_network(out / DECODER_FILE) if done else None
    learning = learning_of(read_with_ear(out), recipe, excerpts, begun, pictures=pictures)
    learn(learning, excerpts, recipe, out / DECODER_FILE, done)
    learning.decoder.save(out / DECODER_FILE)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.shuffled_decoder", description=__doc__
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/gtzan"))
    parser.add_argument("--songs", type=Path, default=Path("../shared/outside"))
    parser.add_argument("--out", type=Path, default=Path("runs/shuffled-random"))
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--done", type=int, default=0, help="go on after so many steps of a run that was stopped"
    )
    given = parser.parse_args()
    recipe = MaskRecipe(steps=given.steps, seed=given.seed)
    train(given.data, given.songs, given.out, recipe, given.done)


if __name__ == "__main__":
    main()
