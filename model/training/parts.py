"""Learn the parts of every genre: what always goes together in what speaks for it.

::

    python -m model.training.parts --data PATH/TO/GTZAN --outside PATH/TO/SONGS

From songs that the network learned from and no others; a capped number of each genre and some
seconds of each, as the card says. The network itself does not learn. A dictionary belongs to
the weights it was made for: after new weights, run this again.
"""

import argparse
import hashlib
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning

from model.constants import GENRES
from model.explain.parts import contributions
from model.gtzan.fingerprint import record, recorded
from model.gtzan.labelled_songs import LabelledSong, gtzan_songs, listed_songs
from model.gtzan.splits import read_split
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from model.networks.shipped import DEFAULT_MODEL, WEIGHTS_FOLDER
from model.records import write_json
from model.training.part_names import describe_parts
from model.training.part_songs import HeardSong, choose_songs, hear_song
from model.types import Float32
from model.verdict_parts import EAR, PICTURES, dictionary_name, own_hashes

_ITERATIONS: Final = 60


@dataclass(frozen=True)
class PartsRecipe:
    """How the parts are learned.

    Attributes
    ----------
    pictures, ear : int
        Parts of each head, for every genre.
    songs : int
        Of each genre, at most.
    seconds : float
        Of each song, from its middle.
    cells, moments : int
        Drawn from the maps of a genre, in proportion to how much each speaks for it: cells of
        the network on pictures, and moments of the ear.
    seed : int
        Of the songs and cells that are drawn, and of the beginning.
    """

    pictures: int = 4
    ear: int = 2
    songs: int = 32
    seconds: float = 10.0
    cells: int = 2000
    moments: int = 800
    seed: int = 0

    def learn(self, head: str, speaking: Sequence[Float32], seed: int) -> Float32:
        """Learn the parts of one genre in one head, as `learn_parts` does."""
        if head == PICTURES:
            return learn_parts(speaking, self.pictures, self.cells, seed)
        return learn_parts(speaking, self.ear, self.moments, seed)


Heads = dict[str, Float32]


def kernels_of(classifier: Classifier) -> Heads:
    """Return the dense layer of each head, (channels, classes).

    Raises
    ------
    ValueError
        If the network has no ear.
    """
    if classifier.ear is None or classifier.eyes is None:
        raise ValueError(f"{classifier.name} has no ear. Give a network with two heads: --model")
    return {PICTURES: classifier.eyes.kernel, EAR: classifier.ear.kernel}


def learn_parts(speaking: Sequence[Float32], n_parts: int, n_cells: int, seed: int) -> Float32:
    """Factorise what speaks for a genre.

    Parameters
    ----------
    speaking : sequence of ndarray of float32, shape (cells, channels)
        Contributions to the genre's score, of every song; every song counts alike.
    n_parts : int
        How many parts.
    n_cells : int
        How many cells are drawn, in proportion to their sum; each then counts alike.
    seed : int
        Of what is drawn.

    Returns
    -------
    ndarray of float32, shape (parts, channels)
        What each part is made of, with sum 1; the part that explains most comes first.

    Raises
    ------
    ValueError
        If nothing speaks for the genre.
    """
    sums = [song.sum(axis=1, dtype=np.float64) for song in speaking]
    weights = np.concatenate([each / each.sum() if each.sum() > 0 else each for each in sums])
    if not weights.any():
        raise ValueError("nothing speaks for this genre in any of its songs")
    rng = np.random.default_rng(seed)
    drawn = rng.choice(len(weights), n_cells, p=weights / weights.sum())
    cells = np.concatenate(speaking)[np.sort(drawn)].astype(np.float32)
    cells /= cells.sum(axis=1, keepdims=True)
    factors = NMF(
        n_parts,
        init="nndsvda",
        solver="mu",
        beta_loss="kullback-leibler",
        max_iter=_ITERATIONS,
        random_state=seed,
    )
    with warnings.catch_warnings():
        # So many updates are enough: the parts are the same to a cosine of 0.99 and more.
        warnings.simplefilter("ignore", ConvergenceWarning)
        active = factors.fit_transform(cells)
    mass = factors.components_.sum(axis=1)
    order = np.argsort(-active.sum(axis=0) * mass, kind="stable")
    parts: Float32 = (factors.components_ / np.maximum(mass, 1e-12)[:, np.newaxis])[order]
    return parts.astype(np.float32)


def speaking_for(
    songs: Sequence[HeardSong], head: str, kernel: Float32, genre: str
) -> list[Float32]:
    """Compute what speaks for a genre in songs, in one head."""
    weights = kernel[:, GENRES.index(genre)]
    return [contributions(song.of(head), weights) for song in songs]


def learn_dictionary(
    songs: Mapping[str, Sequence[HeardSong]], kernels: Heads, recipe: PartsRecipe
) -> dict[tuple[str, str], Float32]:
    """Learn the parts of every genre from its own songs, by genre and head."""
    return {
        (genre, head): recipe.learn(head, speaking_for(own, head, kernel, genre), recipe.seed)
        for genre, own in songs.items()
        for head, kernel in kernels.items()
    }


def train_songs(classifier: Classifier, data: Path, outside: Path) -> dict[str, list[LabelledSong]]:
    """List the songs with sound that a network learned from, by data set."""
    protocol = classifier.name.rpartition("-")[2]
    names = recorded(classifier.card, "train", read_split(data, f"{protocol}_train"))
    return {"gtzan": gtzan_songs(data, names), "outside": listed_songs(outside, "train")}


def hear_genres(
    classifier: Classifier, songs: Mapping[str, Sequence[LabelledSong]], recipe: PartsRecipe
) -> dict[str, list[HeardSong]]:
    """Hear a capped number of songs of every genre."""
    heard: dict[str, list[HeardSong]] = {}
    for genre in GENRES:
        chosen = choose_songs(list(songs.values()), genre, recipe.songs, recipe.seed)
        heard[genre] = [hear_song(classifier, song, recipe.seconds) for song in chosen]
        print(f"{genre}: {len(chosen)} songs", file=sys.stderr, flush=True)
    return heard


def write_dictionary(
    folder: Path, classifier: Classifier, made_of: dict[tuple[str, str], Float32], card: Any
) -> None:
    """Write a dictionary and its card, tied to the weights of its network."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{dictionary_name(classifier.name)}.npz"
    arrays: dict[str, Any] = {f"{genre} {head}": parts for (genre, head), parts in made_of.items()}
    np.savez_compressed(path, **arrays)
    weights, pictures = own_hashes(classifier)
    facts = {
        "name": path.stem,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "bytes": path.stat().st_size,
        "network": {"name": classifier.name, "sha256": weights, "pictures_sha256": pictures},
    }
    write_json(facts | card, path.with_suffix(".json"))


def train(
    classifier: Classifier, data: Path, outside: Path, out: Path, recipe: PartsRecipe
) -> None:
    """Learn the parts of a network's genres, name them, and write them.

    Parameters
    ----------
    classifier : Classifier
        With two heads.
    data, outside : Path
        GTZAN, and the songs from elsewhere.
    out : Path
        Folder for the two files.
    recipe : PartsRecipe
        How.
    """
    kernels = kernels_of(classifier)
    listed = train_songs(classifier, data, outside)
    heard = hear_genres(classifier, listed, recipe)
    made_of = learn_dictionary(heard, kernels, recipe)
    facts = describe_parts(heard, made_of, kernels, classifier.grid)
    own = {place: {song.name for song in songs} for place, songs in listed.items()}
    command = "python -m model.training.parts --data PATH/TO/GTZAN --outside PATH/TO/SONGS"
    if classifier.name != DEFAULT_MODEL:
        command += f" --model {classifier.name}"
    write_dictionary(
        out,
        classifier,
        made_of,
        {
            "command": command,
            "recipe": asdict(recipe),
            "learned_from": {
                genre: {
                    place: sum(song.name in names for song in songs) for place, names in own.items()
                }
                for genre, songs in heard.items()
            },
            "limits": f"At most {recipe.songs} songs of a genre and {recipe.seconds:g} s of each, "
            "of those that the network learned from; many of GTZAN's are 2 to 3 s long here.",
            "tracks": record({"train": [song.name for songs in heard.values() for song in songs]}),
            "genres": facts,
        },
    )
    for genre, parts in facts.items():
        print(genre, "; ".join(f"{one['name']} {100 * one['share']:.0f} %" for one in parts))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.parts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of GTZAN")
    parser.add_argument("--outside", type=Path, required=True, help="folder of other songs")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="name in model/weights")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FOLDER)
    given = parser.parse_args()
    train(load_classifier(given.model), given.data, given.outside, given.out, PartsRecipe())


if __name__ == "__main__":
    main()
