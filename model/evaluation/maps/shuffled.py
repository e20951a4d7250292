"""A network that learned nothing about genres: the flagship's recipe on shuffled labels.

J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, section 3.2.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from model.gtzan.pictures import Pictures, load_pictures
from model.gtzan.splits import read_split
from model.training.config import read_config

if TYPE_CHECKING:
    import keras

_CONFIG: Final = Path(__file__).parents[2] / "training" / "configs" / "flagship.toml"
_FILE: Final = "shuffled.keras"
# Every fourth training track: with shuffled labels more would teach nothing.
_EVERY: Final = 4


def with_shuffled_labels(pictures: Pictures, seed: int) -> Pictures:
    """Shuffle the labels among the tracks, so that each class stays as large."""
    labels = np.random.default_rng(seed).permutation(pictures.labels)
    return replace(pictures, labels=labels)


def learn_or_load(folder: Path, data: Path, protocol: str, seed: int) -> "keras.Model":
    """Train the flagship on shuffled labels, or load it if that was done before.

    Parameters
    ----------
    folder : Path
        Folder of the training, new or finished.
    data : Path
        GTZAN.
    protocol : str
        "random" or "filtered".
    seed : int
        Of the labels and of the training.

    Returns
    -------
    keras.Model
        Trained as the flagship is, on the stored pictures of every fourth track.

    Raises
    ------
    OSError
        If the data are not there.
    """
    from model.networks.loading import load_network  # noqa: PLC0415  # Keras takes seconds to import

    path = folder / _FILE
    if path.is_file():
        return load_network(path)
    pictures = load_pictures(data)
    train, valid = (
        pictures.of(read_split(data, f"{protocol}_{part}")[::_EVERY]) for part in ("train", "valid")
    )
    no_copies = Pictures((), pictures.codes[:0], pictures.labels[:0])

    from model.training.fit import Material, fit  # noqa: PLC0415  # as above

    config = replace(read_config(_CONFIG), protocol=protocol, seed=seed)
    material = Material(with_shuffled_labels(train, seed), valid, no_copies)
    network = fit(config, material, folder)
    network.save(path)
    return network
