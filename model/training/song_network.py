"""Train the fully connected network on song statistics.

::

    python -m model.training.song_network --data PATH/TO/GTZAN --protocol random --out FOLDER
"""

import argparse
import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.audio.song_statistics import SONG_STATISTICS
from model.constants import GENRES, SAMPLE_RATE
from model.gtzan.splits import read_split
from model.gtzan.statistics_table import SongTable, load_song_table
from model.records import write_json

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class SongTraining:
    """All that decides how the network is trained.

    Attributes
    ----------
    protocol : str
        "random" or "filtered": which lists of tracks.
    seed : int
        Of every random draw.
    units : tuple of int
        Of the two hidden layers.
    noise, dropout : float
        As in `model.networks.statistics_network`.
    epochs, batch_size : int
        Passes over the training tracks, and tracks a step.
    learning_rate : float
        At the beginning; it falls to 0 along a cosine.
    weight_decay : float
        Of AdamW.
    label_smoothing : float
        Share of the target spread over all classes.
    """

    protocol: str
    seed: int = 0
    units: tuple[int, int] = (128, 64)
    noise: float = 0.2
    dropout: float = 0.4
    epochs: int = 100
    batch_size: int = 32
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    label_smoothing: float = 0.1

    @property
    def name(self) -> str:
        """Name of the model, of its weights and its card."""
        return f"song-statistics-{self.protocol}"


def fit_song_network(training: SongTraining, train: SongTable) -> "keras.Model":
    """Train the network; the last epoch's weights are kept, when the rate has come down to 0.

    Parameters
    ----------
    training : SongTraining
        How.
    train : SongTable
        Training tracks, which also give the means and variances to standardise with.

    Returns
    -------
    keras.Model
        From song statistics to scores; never compiled, so its file holds no optimizer.
    """
    import keras  # noqa: PLC0415  # takes seconds, and --help should not wait

    from model.networks.statistics_network import song_network  # noqa: PLC0415  # brings Keras

    keras.utils.set_random_seed(training.seed)
    network = song_network(units=training.units, noise=training.noise, dropout=training.dropout)
    logs = keras.Model(network.inputs, network.get_layer("log").output)
    network.get_layer("standardise").adapt(np.asarray(logs.predict_on_batch(train.statistics)))
    steps = -(-len(train.names) // training.batch_size) * training.epochs
    network.compile(
        keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(training.learning_rate, steps),
            weight_decay=training.weight_decay,
        ),
        keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=training.label_smoothing
        ),
    )
    network.fit(
        train.statistics,
        np.eye(len(GENRES), dtype=np.float32)[train.labels],
        batch_size=training.batch_size,
        epochs=training.epochs,
        verbose=0,
    )
    return keras.Model(network.inputs, network.outputs, name=network.name)


def accuracy(network: "keras.Model", songs: SongTable) -> float:
    """Compute the share of clips with the right verdict."""
    verdicts = np.asarray(network.predict_on_batch(songs.statistics)).argmax(axis=1)
    return float((verdicts == songs.labels).mean())


def write_card(
    training: SongTraining, network: "keras.Model", weights: Path, valid_accuracy: float
) -> dict[str, Any]:
    """Describe a trained network.

    Parameters
    ----------
    training : SongTraining
        How it was trained.
    network : keras.Model
        What came out.
    weights : Path
        Its `.keras` file.
    valid_accuracy : float
        Share of the validation tracks that it names right.

    Returns
    -------
    dict
        The model card.
    """
    return {
        "name": training.name,
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "classes": list(GENRES),
        "temperature": 1.0,
        "architecture": "song_network",
        "parameters": network.count_params(),
        "bytes": weights.stat().st_size,
        "input": {"sample_rate_hz": SAMPLE_RATE, "statistics": list(SONG_STATISTICS)},
        "training": {
            "data": "GTZAN (Tzanetakis and Cook 2002), as the table of 57 song statistics that "
            "goes round as features_30_sec.csv",
            "command": "python -m model.training.song_network --data PATH/TO/GTZAN "
            f"--protocol {training.protocol} --seed {training.seed} --out FOLDER",
            "config": asdict(training),
            "valid_accuracy": valid_accuracy,
        },
        "starting_weights": None,
        "licence": "MIT",
        "intended_use": "A second opinion beside a network that hears the spectrogram, and the "
        "comparison of the two. For teaching and demonstration.",
        "not_for": "Deciding what a recording is, who is played or paid, or what somebody likes.",
        "limits": [
            "It knows averages over 30 s, not when or where in the sound something happens: its "
            "verdict can not be shown on a spectrogram.",
            "Among its statistics is the loudness of the recording, so a louder copy of a song "
            "can get another verdict.",
            "It learned from statistics of uncompressed clips of 30 s. A good codec rarely "
            "changes its verdict; a recording without tones above 8 kHz often does, and so do "
            "other lengths.",
            "It knows ten genres and calls everything one of them.",
            "GTZAN has mislabelled, repeated and distorted clips, mostly Western music from "
            "before 2002; on a random split the same artists are on both sides.",
        ],
    }


def train_and_write(training: SongTraining, data: Path, folder: Path) -> float:
    """Train on one protocol's lists and write weights, card and settings.

    Parameters
    ----------
    training : SongTraining
        How.
    data : Path
        Folder of GTZAN, with the table and the lists.
    folder : Path
        Where NAME.keras, NAME.json and config.json go.

    Returns
    -------
    float
        Accuracy on the validation tracks.
    """
    table = load_song_table(data)
    network = fit_song_network(training, table.of(read_split(data, f"{training.protocol}_train")))
    valid_accuracy = accuracy(network, table.of(read_split(data, f"{training.protocol}_valid")))
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / f"{training.name}.keras"
    network.save(weights)
    card = write_card(training, network, weights, round(valid_accuracy, 4))
    settings = {"name": training.name, **asdict(training)}
    for name, content in ((training.name, card), ("config", settings)):
        write_json(content, folder / f"{name}.json")
    return valid_accuracy


def main() -> None:
    """Run a training from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.song_network", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of GTZAN's table")
    parser.add_argument("--protocol", choices=("random", "filtered"), default="random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    arguments = parser.parse_args()
    training = SongTraining(arguments.protocol, arguments.seed)
    try:
        valid_accuracy = train_and_write(training, arguments.data, arguments.out)
    except (OSError, ValueError) as error:
        parser.exit(2, f"{parser.prog}: {error}\n")
    print(f"{100 * valid_accuracy:.1f} % of {training.protocol}_valid right: {arguments.out}")


if __name__ == "__main__":
    main()
