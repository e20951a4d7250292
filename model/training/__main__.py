"""Train a network: ``python -m model.training --config NAME --data FOLDER --out FOLDER``."""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.gtzan.fingerprint import record
from model.gtzan.pictures import load_pictures, real_audio
from model.gtzan.splits import read_split
from model.records import as_json, write_json
from model.training.config import read_config
from model.training.temperature import fit_temperature

_CONFIGS = Path(__file__).parent / "configs"


def main() -> None:
    """Run one training, or one for each seed, from the command line."""
    parser = argparse.ArgumentParser(prog="python -m model.training", description=__doc__)
    parser.add_argument(
        "--config", default="flagship", help="name of a file in model/training/configs, or a path"
    )
    parser.add_argument("--protocol", choices=("random", "filtered"), default="random")
    parser.add_argument("--data", type=Path, default=Path("../shared/gtzan"))
    parser.add_argument("--out", type=Path, help="folder to write to, for a single seed")
    parser.add_argument("--seed", type=int, nargs="+", default=[0], help="one or several")
    arguments = parser.parse_args()
    if arguments.out and len(arguments.seed) > 1:
        parser.error("--out names one folder, and there are several seeds")

    named = _CONFIGS / f"{arguments.config}.toml"
    source = named if named.is_file() else Path(arguments.config)
    config = replace(read_config(source), protocol=arguments.protocol)
    try:
        pictures = load_pictures(arguments.data)
        train, valid = (
            pictures.of(read_split(arguments.data, f"{config.protocol}_{part}"))
            for part in ("train", "valid")
        )
        copies = real_audio(arguments.data, train.names)
    except (OSError, ValueError) as error:
        parser.exit(2, f"{parser.prog}: {error}\n")

    from model.training.fit import (  # noqa: PLC0415  # Keras imports slowly
        Material,
        Stored,
        fit,
        predict_logits,
    )

    material = Material(train, valid, copies)
    stored = Stored(material, config.variations)
    tracks = record({"train": train.names, "valid": valid.names})
    for seed in arguments.seed:
        run = f"{source.stem}-{config.protocol}-seed{seed}"
        folder = arguments.out or Path("runs") / run
        network = fit(replace(config, seed=seed), material, folder, stored)
        network.save(folder / f"{config.model_name}.keras")
        command = (
            f"python -m model.training --config {source.stem} --protocol {config.protocol} "
            f"--data PATH/TO/GTZAN --seed {seed}"
        )
        write_result(folder, command, tracks, predict_logits(network, valid), valid.labels)


def write_result(
    folder: Path,
    command: str,
    tracks: dict[str, str],
    logits: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
) -> None:
    """Write what the model card needs to know: accuracy and temperature on valid, and the rest.

    Parameters
    ----------
    folder : Path
        Where result.json goes.
    command : str
        What repeats the training.
    tracks : dict of str to str
        From `record`: what was learned from, and what was chosen on.
    logits : ndarray of float32, shape (tracks, classes)
        Scores of the validation tracks.
    labels : ndarray of int64, shape (tracks,)
        Their classes.
    """
    result = {
        "command": command,
        "tracks": tracks,
        "valid_accuracy": round(float((logits.argmax(axis=1) == labels).mean()), 4),
        "temperature": round(fit_temperature(logits, labels), 4),
    }
    write_json(result, folder / "result.json")
    print(as_json(result), flush=True)


if __name__ == "__main__":
    main()
