"""Convert musicnn's published VGG checkpoint to a Keras file with a card, once.

::

    pip download --no-deps musicnn==0.1.0
    python -m model.training.convert_musicnn musicnn-0.1.0-py3-none-any.whl
"""

import argparse
import hashlib
import json
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from model.classifier import WEIGHTS_FOLDER

STARTING_WEIGHTS: Final = WEIGHTS_FOLDER / "musicnn-msd-vgg.keras"
CREDITS: Final = {
    "name": "MSD_vgg of musicnn 0.1.0",
    "what": "the five convolutions, without the tagger's dense layer",
    "authors": "Jordi Pons and Xavier Serra, Music Technology Group, Universitat Pompeu Fabra",
    "copyright": "Copyright (c) Music Technology Group, Universitat Pompeu Fabra 2019",
    "trained_on": "tags of the Million Song Dataset, by its authors",
    "licence": "ISC",
    "source": "https://github.com/jordipons/musicnn",
    "paper": "https://arxiv.org/abs/1909.06654",
    "conversion": "python -m model.training.convert_musicnn musicnn-0.1.0-py3-none-any.whl",
}
_CHECKPOINT: Final = "musicnn/MSD_vgg"


def read_checkpoint(wheel: Path) -> dict[str, npt.NDArray[np.float32]]:
    """Read the variables of MSD_vgg out of musicnn's wheel.

    Parameters
    ----------
    wheel : Path
        The wheel of musicnn 0.1.0.

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
            with archive.open(f"{_CHECKPOINT}/{suffix}") as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
        reader = tf.train.load_checkpoint(str(Path(folder, "checkpoint")))
        return {
            name: reader.get_tensor(name)
            for name in reader.get_variable_to_shape_map()
            if "CNN" in name or "batch_normalization" in name
        }


def convert(wheel: Path, target: Path) -> None:
    """Write the convolutions of MSD_vgg as a Keras file, with a card of the same name.

    Parameters
    ----------
    wheel : Path
        The wheel of musicnn 0.1.0.
    target : Path
        The `.keras` file to write.
    """
    from model.networks.musicnn_vgg import musicnn_vgg  # noqa: PLC0415

    variables = read_checkpoint(wheel)
    network = musicnn_vgg()
    for index in range(6):
        suffix = f"_{index}" if index else ""
        network.get_layer(f"norm{index}").set_weights(
            [
                variables[f"batch_normalization{suffix}/{part}"]
                for part in ("gamma", "beta", "moving_mean", "moving_variance")
            ]
        )
        if index:
            network.get_layer(f"conv{index}").set_weights(
                [variables[f"{index}CNN/{part}"] for part in ("kernel", "bias")]
            )
    network.save(target)
    card = {**CREDITS, "sha256": hashlib.sha256(target.read_bytes()).hexdigest()}
    text = json.dumps(card, indent=2) + "\n"
    target.with_suffix(".json").write_text(text, encoding="utf-8")


def main() -> None:
    """Run the conversion from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="musicnn-0.1.0-py3-none-any.whl")
    parser.add_argument("--out", type=Path, default=STARTING_WEIGHTS)
    arguments = parser.parse_args()
    convert(arguments.wheel, arguments.out)


if __name__ == "__main__":
    main()
