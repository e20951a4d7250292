"""Convert musicnn's published checkpoints to Keras files with cards, once.

::

    pip download --no-deps musicnn==0.1.0
    python -m model.training.pretrained.convert_musicnn musicnn-0.1.0-py3-none-any.whl
"""

import argparse
import hashlib
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from model.networks.shipped import WEIGHTS_FOLDER
from model.records import write_json

if TYPE_CHECKING:
    import keras

Variables = dict[str, npt.NDArray[np.float32]]

VGG_WEIGHTS: Final = WEIGHTS_FOLDER / "musicnn-msd-vgg.keras"
MUSICNN_WEIGHTS: Final = WEIGHTS_FOLDER / "musicnn-msd.keras"
CREDITS: Final = {
    "name": "MSD_vgg and MSD_musicnn of musicnn 0.1.0",
    "what": "the five convolutions of the one and the middle layers of the other, without the "
    "taggers' dense layers,",
    "authors": "Jordi Pons and Xavier Serra, Music Technology Group, Universitat Pompeu Fabra",
    "copyright": "Copyright (c) Music Technology Group, Universitat Pompeu Fabra 2019",
    "trained_on": "tags of the Million Song Dataset, by its authors",
    "licence": "ISC",
    "source": "https://github.com/jordipons/musicnn",
    "paper": "https://arxiv.org/abs/1909.06654",
    "conversion": (
        "python -m model.training.pretrained.convert_musicnn musicnn-0.1.0-py3-none-any.whl"
    ),
}
_NORM_PARTS: Final = ("gamma", "beta", "moving_mean", "moving_variance")
_EPSILON: Final = 1e-3  # of every normalisation of musicnn
# The largest weight of a filter that died; those alive have one above 9e-4.
_DEAD: Final = 1e-5


def read_checkpoint(wheel: Path, name: str) -> Variables:
    """Read the variables of one network out of musicnn's wheel.

    Parameters
    ----------
    wheel : Path
        The wheel of musicnn 0.1.0.
    name : str
        "MSD_vgg" or "MSD_musicnn".

    Returns
    -------
    dict of str to ndarray
        Variables of the TensorFlow 1 checkpoint by their names.
    """
    import tensorflow as tf  # noqa: PLC0415  # only this script reads TensorFlow 1 checkpoints

    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        # The wheel names them ".index" and ".data-...", which no reader accepts.
        for suffix in (".index", ".data-00000-of-00001"):
            target = Path(folder, f"checkpoint{suffix}")
            with archive.open(f"musicnn/{name}/{suffix}") as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
        reader = tf.train.load_checkpoint(str(Path(folder, "checkpoint")))
        return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}


def _norm(variables: Variables, index: int) -> list[npt.NDArray[np.float32]]:
    suffix = f"_{index}" if index else ""
    return [variables[f"batch_normalization{suffix}/{part}"] for part in _NORM_PARTS]


def _layer(variables: Variables, index: int) -> list[npt.NDArray[np.float32]]:
    suffix = f"_{index}" if index else ""
    return [variables[f"conv2d{suffix}/{part}"] for part in ("kernel", "bias")]


def convert_vgg(variables: Variables) -> "keras.Model":
    """Build the convolutions of MSD_vgg.

    Parameters
    ----------
    variables : dict of str to ndarray
        From `read_checkpoint`.

    Returns
    -------
    keras.Model
        As `model.networks.loading.musicnn_vgg` describes it.
    """
    from model.networks.musicnn_vgg import musicnn_vgg  # noqa: PLC0415  # brings Keras

    network = musicnn_vgg()
    for index in range(6):
        network.get_layer(f"norm{index}").set_weights(_norm(variables, index))
        if index:
            network.get_layer(f"conv{index}").set_weights(
                [variables[f"{index}CNN/{part}"] for part in ("kernel", "bias")]
            )
    return network


def convert_musicnn(variables: Variables) -> "keras.Model":
    """Build MSD_musicnn up to its middle, without the filters that died.

    A dead filter answers ``norm(relu(bias))`` whatever it hears. The sum of what all of
    them tell the first middle layer becomes the kernel of one channel that is always 1,
    so the result is the same, at the zero-padded ends too.

    Parameters
    ----------
    variables : dict of str to ndarray
        From `read_checkpoint`.

    Returns
    -------
    keras.Model
        As `model.networks.loading.musicnn` describes it.

    Raises
    ------
    ValueError
        If another number of filters is alive than the architecture has.
    """
    from model.networks.musicnn import FRONT, MIDDLES, ONE, musicnn  # noqa: PLC0415

    network = musicnn()
    network.get_layer("norm_power").set_weights(_norm(variables, 0))
    first_kernel, first_bias = _layer(variables, 5)  # (frames, channels, 1, out)
    by_channel = first_kernel[:, :, 0, :]
    kept, constant, offset = [], np.zeros_like(by_channel[:, 0]), 0
    for index, group in enumerate(FRONT):
        kernel, bias = _layer(variables, index)
        norm = _norm(variables, index + 1)
        alive = np.abs(kernel).max(axis=(0, 1, 2)) > _DEAD
        if alive.sum() != group.alive:
            raise ValueError(f"{alive.sum()} filters of {group.name} are alive, not {group.alive}")
        weights = by_channel[:, offset : offset + len(alive)]
        offset += len(alive)
        gamma, beta, mean, variance = norm
        answer = (np.maximum(bias, 0) - mean) / np.sqrt(variance + _EPSILON) * gamma + beta
        constant = constant + np.einsum("tco,c->to", weights[:, ~alive], answer[~alive])
        kept.append(weights[:, alive])
        # musicnn's axes are (time, frequency), ours (frequency, time).
        kernel, bias = kernel.swapaxes(0, 1)[..., alive], bias[alive]
        norm = [part[alive] for part in norm]
        if group.name == ONE:
            kernel = np.pad(kernel, [(0, 0)] * 3 + [(0, 1)])
            bias = np.append(bias, 1)
            one = (1, 0, 0, 1 - _EPSILON)
            norm = [np.append(part, value) for part, value in zip(norm, one, strict=True)]
            place = sum(part.shape[1] for part in kept)
        network.get_layer(group.name).set_weights([kernel, bias])
        network.get_layer(f"norm_{group.name}").set_weights(norm)
    weights = np.concatenate(kept, axis=1)
    weights = np.insert(weights, place, constant, axis=1)
    network.get_layer(MIDDLES[0]).set_weights([weights[np.newaxis], first_bias])
    network.get_layer(f"norm_{MIDDLES[0]}").set_weights(_norm(variables, 6))
    for index, name in enumerate(MIDDLES[1:], start=6):
        kernel, bias = _layer(variables, index)
        network.get_layer(name).set_weights([kernel[:, :, 0, :][np.newaxis], bias])
        network.get_layer(f"norm_{name}").set_weights(_norm(variables, index + 1))
    return network


def write(network: "keras.Model", target: Path) -> None:
    """Write starting weights as a Keras file, with a card of the same name.

    Parameters
    ----------
    network : keras.Model
        Converted.
    target : Path
        The `.keras` file to write.
    """
    network.save(target)
    card: dict[str, Any] = {**CREDITS, "sha256": hashlib.sha256(target.read_bytes()).hexdigest()}
    write_json(card, target.with_suffix(".json"))


def main() -> None:
    """Run the conversion from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="musicnn-0.1.0-py3-none-any.whl")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FOLDER)
    arguments = parser.parse_args()
    for convert, checkpoint, path in (
        (convert_vgg, "MSD_vgg", VGG_WEIGHTS),
        (convert_musicnn, "MSD_musicnn", MUSICNN_WEIGHTS),
    ):
        write(convert(read_checkpoint(arguments.wheel, checkpoint)), arguments.out / path.name)


if __name__ == "__main__":
    main()
