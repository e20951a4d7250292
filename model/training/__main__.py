"""Train a network: ``python -m model.training --config NAME --data FOLDER --out FOLDER``."""

import argparse
from dataclasses import replace
from pathlib import Path

from model.training.config import read_config
from model.training.data import load_pictures, read_split

_CONFIGS = Path(__file__).parent / "configs"


def main() -> None:
    """Run a training from the command line."""
    parser = argparse.ArgumentParser(prog="python -m model.training", description=__doc__)
    parser.add_argument(
        "--config", default="random", help="name of a file in model/training/configs, or a path"
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/gtzan"))
    parser.add_argument("--out", type=Path, default=Path("runs/random"))
    parser.add_argument("--seed", type=int, help="instead of the configuration's own")
    arguments = parser.parse_args()

    named = _CONFIGS / f"{arguments.config}.toml"
    source = named if named.is_file() else Path(arguments.config)
    config = read_config(source)
    if arguments.seed is not None:
        config = replace(config, seed=arguments.seed)
    pictures = load_pictures(arguments.data)
    train = pictures.of(read_split(arguments.data, config.train))
    valid = pictures.of(read_split(arguments.data, config.valid))

    from model.training.fit import fit  # noqa: PLC0415  # Keras takes seconds to import

    network = fit(config, train, valid, arguments.out)
    network.save(arguments.out / f"{config.name}.keras")


if __name__ == "__main__":
    main()
