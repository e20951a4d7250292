"""Let the head of a network on pictures learn on, from songs of today as well.

::

    python -m model.training.tuned_pictures --data PATH/TO/GTZAN --songs PATH/TO/SONGS

The network was trained on GTZAN before. Its head learns on from GTZAN and from songs of today,
as pictures and as altered sound.
"""

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.audio.silence import read_of
from model.audio.spectrogram import log_mel
from model.constants import NETWORK_HOP
from model.gtzan.artists import read_artists
from model.gtzan.fingerprint import record
from model.gtzan.labelled_songs import LabelledSong, gtzan_songs, listed_songs, read_sound
from model.gtzan.listed_pictures import listed_pictures
from model.gtzan.pictures import genre_of, load_pictures
from model.gtzan.splits import read_split
from model.networks.shipped import WEIGHTS_FOLDER, read_card
from model.records import write_json
from model.training.ear import balanced_weights
from model.training.heard_excerpts import HeardExcerpts, hear_sounds, see_pictures
from model.training.sound_variation import SoundVariation
from model.training.stored_features import below
from model.training.temperature import fit_temperature
from model.training.tuning import TuningRecipe, tune
from model.types import Float32

if TYPE_CHECKING:
    import keras

DATA: Final = (
    "GTZAN (Tzanetakis and Cook 2002), as log-mel pictures and, for the tracks of which there is "
    "some, as sound; and songs of today from elsewhere, by the genres that their folders and "
    "files name"
)
# Altered versions of every song with sound.
_VERSIONS: Final = 2


def picture_scores(network: "keras.Model", levels: Iterable[Float32]) -> Float32:
    """Score pictures by a network.

    Parameters
    ----------
    network : keras.Model
        From levels to scores.
    levels : iterable of ndarray of float32, shape (N_MELS, frames)
        One picture each.

    Returns
    -------
    ndarray of float32, shape (pictures, classes)
        Before the softmax, silence left out.
    """
    batches = (read_of(one)[np.newaxis, ..., np.newaxis] for one in levels)
    return np.concatenate([network.predict_on_batch(batch) for batch in batches]).astype(np.float32)


def known_songs(folder: Path, names: Sequence[str]) -> list[LabelledSong]:
    """List GTZAN's tracks, those with sound with their files and the others with none."""
    with_sound = {song.name: song for song in gtzan_songs(folder, names)}
    artists = read_artists(folder)
    return [
        with_sound.get(name) or LabelledSong(name, genre_of(name), artists.get(name, name), ())
        for name in names
    ]


def heard_for_training(
    network: "keras.Model", data: Path, songs: Path, names: Sequence[str], out: Path
) -> tuple[list[LabelledSong], list[str], list[HeardExcerpts]]:
    """Hear everything that the head learns from, once.

    Parameters
    ----------
    network : keras.Model
        A flagship.
    data, songs : Path
        GTZAN, and the songs from outside.
    names : sequence of str
        GTZAN's training tracks.
    out : Path
        Where the answers are kept.

    Returns
    -------
    songs : list of LabelledSong
        All of them, those without sound included.
    origins : list of str
        The data set of each.
    versions : list of HeardExcerpts
        What was heard.
    """
    lower = below(network)

    def answer(levels: Float32) -> list[Float32]:
        found = lower.predict_on_batch(levels[np.newaxis, ..., np.newaxis])
        return [np.asarray(each)[0] for each in found]

    own = known_songs(data, names)
    outside = listed_songs(songs, "train")
    pictures = load_pictures(data).of(list(names))
    drawn = listed_pictures(songs, "train")
    sounding = [song for song in own if song.files] + outside
    versions = [
        see_pictures(list(names), pictures.levels, 0, answer, out / "pictures0"),
        see_pictures(
            [picture.name for picture in drawn],
            lambda index: drawn[index].levels,
            0,
            answer,
            out / "outside_pictures",
        ),
        *(
            hear_sounds(sounding, version, answer, out / f"sound{version}")
            for version in range(1, 1 + _VERSIONS)
        ),
    ]
    silent = {picture.song.name: picture.song for picture in drawn}
    everything = [*own, *outside, *silent.values()]
    return everything, ["gtzan"] * len(own) + ["outside"] * (len(everything) - len(own)), versions


def pictures_card(
    name: str, weights: Path, recipe: TuningRecipe, training: dict[str, Any], temperature: float
) -> dict[str, Any]:
    """Describe the network on pictures after its head has learned on.

    Parameters
    ----------
    name : str
        Of the network.
    weights : Path
        Its `.keras` file.
    recipe : TuningRecipe
        How it learned.
    training : dict
        Data, command, tracks and what came out on valid.
    temperature : float
        Of its own scores.

    Returns
    -------
    dict
        That of the network it began as, with what has changed.
    """
    card = read_card(f"earmark-{name.rpartition('-')[2]}")
    return {
        **card,
        "name": name,
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "temperature": round(temperature, 4),
        "bytes": weights.stat().st_size,
        "training": {
            **training,
            "began_as": {"name": card["name"], "sha256": card["sha256"]},
            "tuning": asdict(recipe),
            "variation": asdict(SoundVariation()),
        },
    }


def valid_scores(
    network: "keras.Model",
    data: Path,
    gtzan: Sequence[LabelledSong],
    outside: Sequence[LabelledSong],
) -> dict[str, Float32]:
    """Score the validation songs, GTZAN's by their pictures: (songs, classes) by data set."""
    pictures = load_pictures(data).of([song.name for song in gtzan])
    return {
        "gtzan": picture_scores(network, map(pictures.levels, range(len(pictures)))),
        "outside": picture_scores(
            network, (log_mel(read_sound(song.files[0]), NETWORK_HOP) for song in outside)
        ),
    }


def train(protocol: str, data: Path, songs: Path, out: Path, recipe: TuningRecipe) -> None:
    """Tune the network of one protocol, and write it with its card.

    Parameters
    ----------
    protocol : str
        "random" or "filtered".
    data, songs : Path
        GTZAN, and the songs from outside.
    out : Path
        Where to; what was heard is kept in a folder of it.
    recipe : TuningRecipe
        How the head learns.
    """
    from model.networks.loading import load_network  # noqa: PLC0415  # brings Keras

    network = load_network(WEIGHTS_FOLDER / f"earmark-{protocol}.keras")
    names = {part: read_split(data, f"{protocol}_{part}") for part in ("train", "valid")}
    everything, origins, versions = heard_for_training(
        network, data, songs, names["train"], out / f"features-{protocol}"
    )
    tune(network, everything, balanced_weights(everything, origins), versions, recipe)
    out.mkdir(parents=True, exist_ok=True)
    weights = out / f"pictures-{protocol}.keras"
    network.save(weights)

    gtzan, outside = gtzan_songs(data, names["valid"]), listed_songs(songs, "valid")
    scores = valid_scores(network, data, gtzan, outside)
    labels = np.array([song.label for song in [*gtzan, *outside]], np.int64)
    temperature = fit_temperature(np.concatenate([scores["gtzan"], scores["outside"]]), labels)
    training = {
        "data": DATA,
        "command": "python -m model.training.tuned_pictures "
        f"--protocol {protocol} --data PATH/TO/GTZAN --songs PATH/TO/SONGS --seed {recipe.seed}",
        "songs": {place: origins.count(place) for place in ("gtzan", "outside")},
        "with_sound": sum(bool(song.files) for song in everything),
        "tracks": record(
            {
                "train": [song.name for song in everything],
                "valid": names["valid"] + [song.name for song in outside],
            }
        ),
    }
    card = pictures_card(f"pictures-{protocol}", weights, recipe, training, temperature)
    write_json(card, weights.with_suffix(".json"))


def read_arguments(prog: str, description: str | None, out: Path) -> argparse.Namespace:
    """Read the command line of what learns from GTZAN and from songs of today.

    Parameters
    ----------
    prog : str
        Of the command.
    description : str, optional
        What it does.
    out : Path
        Where to, unless told otherwise.

    Returns
    -------
    argparse.Namespace
        With `protocol`, `data`, `songs`, `out` and `seed`.
    """
    parser = argparse.ArgumentParser(prog=prog, description=description)
    parser.add_argument("--protocol", choices=("random", "filtered"), default="random")
    parser.add_argument("--data", type=Path, default=Path("../shared/gtzan"))
    parser.add_argument("--songs", type=Path, default=Path("../shared/outside"))
    parser.add_argument("--out", type=Path, default=out)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    """Run from the command line."""
    given = read_arguments(
        "python -m model.training.tuned_pictures", __doc__, Path("runs/tuned-pictures")
    )
    train(given.protocol, given.data, given.songs, given.out, TuningRecipe(seed=given.seed))


if __name__ == "__main__":
    main()
