"""Put a network with trained filters into model/weights, with its card.

::

    python -m model.training.publish_filters runs/filters-rows-random-seed0
"""

import argparse
import json
from pathlib import Path

from model.networks.shipped import WEIGHTS_FOLDER
from model.training.config import TrainingConfig
from model.training.publish import ship, write_card


def publish(folder: Path, target: Path = WEIGHTS_FOLDER) -> Path:
    """Copy the network of a run to the weights and write its card.

    Parameters
    ----------
    folder : Path
        What ``python -m model.training.filters`` wrote.
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
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    config = TrainingConfig(
        name=f"filters-{settings['recipe']['form']}",
        protocol=settings["protocol"],
        architecture="filters",
        stages=(),
    )
    source = folder / f"{config.model_name}.keras"
    card = write_card(config, source, result)
    # The layers below the filters are those of this network; they did not learn along.
    card["training"]["config"] = settings
    return ship(source, card, target)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder that a training of filters wrote")
    print(f"Wrote {publish(parser.parse_args().run)}")


if __name__ == "__main__":
    main()
