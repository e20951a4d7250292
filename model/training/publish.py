"""Put a trained network into model/weights, with its card.

::

    python -m model.training.publish runs/random
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, Final

from model.constants import DYNAMIC_RANGE_DB, GENRES, N_FFT, N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.networks.geometry import map_grid
from model.networks.shipped import WEIGHTS_FOLDER
from model.records import write_json
from model.training.config import TrainingConfig, read_config, what_ran
from model.training.pretrained.convert_musicnn import CREDITS

LARGEST_BYTES: Final = 20 * 10**6


def write_card(config: TrainingConfig, weights: Path, result: dict[str, Any]) -> dict[str, Any]:
    """Describe a trained network.

    Parameters
    ----------
    config : TrainingConfig
        How it was trained.
    weights : Path
        Its `.keras` file.
    result : dict
        What the training wrote into result.json.

    Returns
    -------
    dict
        The model card.
    """
    from model.networks.loading import described, load_network  # noqa: PLC0415  # bring Keras

    network = load_network(weights)
    grid = map_grid(described(network))
    return {
        "name": config.model_name,
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "classes": list(GENRES),
        "temperature": result["temperature"],
        "architecture": config.architecture,
        "parameters": network.count_params(),
        "bytes": weights.stat().st_size,
        "input": {
            "sample_rate_hz": SAMPLE_RATE,
            "n_fft": N_FFT,
            "hop_length": NETWORK_HOP,
            "mel_bands": N_MELS,
            "range_db": DYNAMIC_RANGE_DB,
        },
        "map_cell": {
            "mel_bands": grid.band_stride,
            "seconds": grid.frame_stride * NETWORK_HOP / SAMPLE_RATE,
        },
        "training": {
            "data": "GTZAN (Tzanetakis and Cook 2002), as log-mel pictures",
            "command": result["command"],
            "config": what_ran(config),
            "tracks": result["tracks"],
            "valid_accuracy": result["valid_accuracy"],
        },
        "starting_weights": CREDITS if config.start == "musicnn" else None,
        "licence": "MIT",
        "intended_use": "To show and to play what a small network listens to when it names a "
        "genre. For teaching, demonstration and research on explanations.",
        "not_for": "Deciding what a recording is, who is played or paid, or what somebody "
        "likes. Ten genres of one old collection are no map of music.",
        "limits": [
            "It knows ten genres and calls everything one of them.",
            "GTZAN has mislabelled, repeated and distorted clips, mostly Western music from "
            "before 2002, and the same artists on both sides of a random split: a figure "
            "measured on it flatters.",
            "It hears level in 128 mel bands, 12.9 times a second: timbre and texture, hardly "
            "melody, and no words.",
            "Speech, noise and music unlike its training tracks get a verdict all the same, "
            "often a confident one.",
        ],
    }


def publish(folder: Path, target: Path = WEIGHTS_FOLDER) -> Path:
    """Copy the trained network of a run to the weights and write its card.

    Parameters
    ----------
    folder : Path
        What ``python -m model.training --out`` wrote.
    target : Path
        Where to.

    Returns
    -------
    Path
        The card.

    Raises
    ------
    ValueError
        If the weights are too large for the repository.
    """
    config = read_config(folder / "config.json")
    source = folder / f"{config.model_name}.keras"
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return ship(source, write_card(config, source, result), target)


def ship(source: Path, card: dict[str, Any], target: Path) -> Path:
    """Put weights among those that ship, with their card beside them.

    Parameters
    ----------
    source : Path
        The weights.
    card : dict
        From `write_card`.
    target : Path
        Folder of the weights that ship.

    Returns
    -------
    Path
        Of the card.

    Raises
    ------
    ValueError
        If the weights are too large for the repository.
    """
    if source.stat().st_size > LARGEST_BYTES:
        raise ValueError(f"{source} has more than {LARGEST_BYTES // 10**6} MB")
    shutil.copyfile(source, target / source.name)
    path = target / f"{source.stem}.json"
    write_json(card, path)
    return path


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder that a training wrote")
    print(f"Wrote {publish(parser.parse_args().run)}")


if __name__ == "__main__":
    main()
