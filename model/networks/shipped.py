"""What ships in model/weights: cards and the weights that belong to them, checked on load."""

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from model.inference.stored import StoredNetwork, read_network

if TYPE_CHECKING:
    import keras

WEIGHTS_FOLDER: Final = Path(__file__).parents[1] / "weights"
DEFAULT_MODEL: Final = "two-ears-random"


class WeightsError(RuntimeError):
    """The shipped weights are missing or are not the ones their card describes."""


def decoder_name(network: str) -> str:
    """Name the files, without their endings, of the decoder of a network's masks."""
    return f"listenable-{network}"


def read_card(name: str = DEFAULT_MODEL) -> dict[str, Any]:
    """Read a model's card without loading the model.

    Parameters
    ----------
    name : str
        Name of the card in model/weights, without its ending.

    Returns
    -------
    dict
        The card.

    Raises
    ------
    WeightsError
        If there is no such card.
    """
    path = WEIGHTS_FOLDER / f"{name}.json"
    if not path.is_file():
        raise WeightsError(f"There is no model card {path.name} in model/weights.")
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return card


def weights_path(name: str) -> Path:
    """Tell where the weights of a name lie, if they are there."""
    return WEIGHTS_FOLDER / f"{name}.keras"


def checked_weights(name: str, card: dict[str, Any]) -> Path:
    """Find weights that are those of their card.

    Parameters
    ----------
    name : str
        Name of the weights in model/weights, without their ending.
    card : dict
        Their card.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    WeightsError
        If they are missing, or their SHA-256 is another.
    """
    path = weights_path(name)
    if not path.is_file():
        raise WeightsError(f"The weights {path.name} are missing from model/weights.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != card["sha256"]:
        raise WeightsError(
            f"The weights {path.name} are not those of their model card: their SHA-256 is "
            f"{digest}, the card says {card['sha256']}. Fetch the repository again."
        )
    return path


def load_checked(name: str) -> tuple[dict[str, Any], "keras.Model"]:
    """Load a shipped network in Keras' safe mode, after checking its SHA-256.

    The first call imports TensorFlow, which takes some seconds. For a verdict it is not needed:
    see `load_stored`.

    Parameters
    ----------
    name : str
        Name of the weights in model/weights, without their ending.

    Returns
    -------
    card : dict
        The model card.
    network : keras.Model
        The network that it describes.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    """
    card = read_card(name)
    path = checked_weights(name, card)

    # The app brings TensorFlow, whatever the user's own Keras is set to elsewhere.
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    # Keras is imported here, not above, so that a page can be drawn before it is ready.
    from model.networks.loading import load_network  # noqa: PLC0415

    return card, load_network(path)


def load_stored(name: str) -> tuple[dict[str, Any], StoredNetwork]:
    """Read a shipped network without Keras, after checking its SHA-256.

    Parameters
    ----------
    name : str
        Name of the weights in model/weights, without their ending.

    Returns
    -------
    card : dict
        The model card.
    network : StoredNetwork
        Its layers and weights. Nothing in it is run.

    Raises
    ------
    WeightsError
        If weights or card are missing or do not belong together.
    UnknownNetworkError
        If it can be read by Keras only.
    """
    card = read_card(name)
    return card, read_network(checked_weights(name, card))
